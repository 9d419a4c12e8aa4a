/// The output of a guest's console, for a message.
struct ConsoleText {
  private let lines: [String]

  /// The console's lines.
  init(_ lines: [String]) {
    self.lines = lines
  }

  /// The first error that the kernel printed, if any, and the last lines.
  var text: String {
    guard !lines.isEmpty else { return "the console is empty" }
    let last = "the console's last lines: \(lines.suffix(8).joined(separator: "; "))"
    // A kernel that panics fills the end with the registers.
    guard let first = lines.dropLast(8).first(where: ConsoleText.isTrouble) else { return last }
    return "the console's first error: \(first); \(last)"
  }

  /// The first error that the kernel printed; `nil` if it printed none.
  var firstError: String? { lines.first(where: ConsoleText.isTrouble) }

  private static func isTrouble(_ line: String) -> Bool {
    ["Kernel panic", "BUG:", "Oops:", "general protection fault", "Out of memory:"].contains { line.contains($0) }
  }
}
