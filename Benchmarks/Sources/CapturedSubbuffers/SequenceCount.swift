import SubbufferSource

/// What counting the sequence numbers of the workload's events came to.
public struct SequenceCount: Equatable, Sendable {
  /// How many there were.
  public var events: UInt64
  /// Their sum, modulo 2^64.
  public var sum: UInt64

  /// A count; nothing yet, where nothing is given.
  @inlinable
  public init(events: UInt64 = 0, sum: UInt64 = 0) {
    self.events = events
    self.sum = sum
  }
}

extension SubbufferSource where Self: ~Copyable {
  /// Counts the sequence numbers in all that is left.
  @inlinable
  public mutating func countSequences() throws(SourceError) -> SequenceCount {
    let decoder = decoder
    var total = SequenceCount()
    while true {
      switch try acquire() {
      case .subbuffer(let subbuffer):
        do throws(MalformedSubbuffer) {
          try decoder.forEachSequenceNumber(in: subbuffer) { sequence in
            total.events &+= 1
            total.sum &+= sequence
          }
        } catch {
          throw SourceError(error)
        }
        try subbuffer.release()
      case .nothingYet: return total
      case .finished: return total
      }
    }
  }
}
