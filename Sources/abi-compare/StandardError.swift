import Glibc

/// What a person reads beside the output.
enum StandardError {
  /// Whether a person reads it as it comes.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Writes a text as it is.
  static func write(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}

/// Says something in a line of its own.
func complain(_ message: String) {
  StandardError.write("abi-compare: \(message)\n")
}
