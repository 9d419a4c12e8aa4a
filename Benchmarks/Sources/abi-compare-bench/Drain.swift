import CLoops
import SubbufferSource

extension SubbufferSource where Self: ~Copyable {
  /// The read loop: until nothing is left, acquires a sub-buffer, reads what was lost, looks at the header, and releases
  /// it.
  /// - Parameter stampOffset: where in the header the word lies that is looked at.
  mutating func drain(into sum: inout cloops_sum, stampOffset: Int) throws(SourceError) {
    while true {
      switch try acquire() {
      case .subbuffer(let subbuffer):
        sum.subbufs &+= 1
        sum.bytes &+= UInt64(subbuffer.unreadCount)
        if case .events(let count) = subbuffer.loss { sum.lost &+= count }
        sum.stamps &+= subbuffer.withBytes { $0.unsafeLoadUnaligned(fromByteOffset: stampOffset, as: UInt64.self) }
        try subbuffer.release()
      case .nothingYet: return
      case .finished: return
      }
    }
  }
}

/// A producer's load that fills three quarters of a ring buffer's sub-buffers, so that nothing is lost, and what reading
/// it must come to.
struct Fill {
  /// The ring buffer's sub-buffers, the reader's own not counted.
  static let subbufferCount = 128
  static let subbufferSize = 4096
  /// Four events fill a sub-buffer: what is timed does not look at them.
  static let payload: UInt32 = 940
  static let eventCount: UInt64 = 4 * 96

  /// Nanoseconds for each sub-buffer.
  /// - Throws: ``SourceError`` where the loop did not read the load.
  static func perSubbuffer(_ nanoseconds: UInt64, _ sum: cloops_sum, _ loop: String) throws(SourceError) -> Double {
    guard sum.subbufs >= 96, sum.bytes >= eventCount * UInt64(payload), sum.lost == 0 else {
      throw SourceError(
        .malformed, call: "read with the loop in \(loop)",
        detail: "\(sum.subbufs) sub-buffers, \(sum.bytes) bytes, \(sum.lost) lost",
        remedy: "the loop does not read what was written: a benchmark of it means nothing")
    }
    return Double(nanoseconds) / Double(sum.subbufs)
  }
}
