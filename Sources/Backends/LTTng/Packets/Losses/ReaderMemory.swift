/// The state of a reader of a stream at its end: with it the next reader can report the losses between the two.
public struct ReaderMemory: Sendable, Hashable {
  /// The `packet_seq_num` that comes next.
  var nextNumber: UInt64 = 0
  /// The highest count of discarded events so far.
  var discarded: UInt64 = 0
  /// Packets that were missing so far, and in how many gaps.
  var missingPackets: UInt64 = 0
  var gaps: UInt64 = 0
  /// Sub-buffers that readers took so far.
  var taken: UInt = 0
}
