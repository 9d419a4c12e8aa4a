import SubbufferSource
import Workload

/// What was seen in one loss scenario, before anybody judges it.
public struct LossHistory: Sendable {
  /// What the producer says that it wrote.
  public var truth: Truth
  /// The books over the sequence numbers that the reader found.
  public var ledger: SequenceLedger
  /// Hand-overs, those of a partial sub-buffer each counted.
  public var handovers: UInt64
  /// What each channel told in total.
  public var channels: [LossReading]
  /// The sub-buffer that could not be decoded, if any.
  public var malformed: MalformedSubbuffer?
}
