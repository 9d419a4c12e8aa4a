import CPerfEvents

/// Names of system calls.
enum SystemCallName {
  /// The name by a number; the number itself where the name is not known.
  static func of(_ number: Int64) -> String {
    cperf_call_name(number).map { String(cString: $0) } ?? "system call \(number)"
  }
}
