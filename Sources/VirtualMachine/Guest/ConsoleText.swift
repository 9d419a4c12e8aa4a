/// What a guest's console says, for a message.
struct ConsoleText {
  private let lines: [String]

  /// The console's lines.
  init(_ lines: [String]) {
    self.lines = lines
  }

  /// Where the trouble began, as far as the kernel says so, and the last lines.
  var text: String {
    guard !lines.isEmpty else { return "the console is empty" }
    let last = "the console's last lines: \(lines.suffix(8).joined(separator: "; "))"
    // A kernel that panics fills the end with the registers.
    guard let first = lines.dropLast(8).first(where: ConsoleText.isTrouble) else { return last }
    return "the console says: \(first); \(last)"
  }

  private static func isTrouble(_ line: String) -> Bool {
    ["Kernel panic", "BUG:", "Oops:", "general protection fault", "Out of memory:"].contains { line.contains($0) }
  }
}
