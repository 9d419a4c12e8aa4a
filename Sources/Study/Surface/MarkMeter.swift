import CPerfEvents

/// Marks in the sequence of system calls, for the process that traces this one.
enum SurfaceMark {
  /// A load is read in the next way; the marks of its operations follow.
  static let way: UInt64 = 1
  /// An operation begins.
  static let begin: UInt64 = 2
  /// Everything was read.
  static let end: UInt64 = 3
  /// An operation has ended: this, and its number among all.
  static let operation: UInt64 = 100
}

/// Marks where operations begin and end, for the process that traces this one.
struct MarkMeter: SurfaceMeter {
  func begin() { cperf_mark(SurfaceMark.begin) }

  func end(_ operation: SurfaceOperation) {
    let number = SurfaceOperation.allCases.firstIndex(of: operation) ?? 0
    cperf_mark(SurfaceMark.operation + UInt64(number))
  }
}
