import SubbufferSource

/// One hand-over, after its release.
public struct ReadHandover: Sendable, Equatable {
  /// The number of the sub-buffer.
  public var number: UInt64
  /// The sequence numbers of the events that it delivered.
  public var sequences: [UInt64] = []
  /// The loss reported before it.
  public var loss: Loss
  /// The channel of the report.
  public var channel: LossChannel

  /// The number of lost events reported before it; 0 if no number was reported.
  public var lostCount: UInt64 { if case .events(let count) = loss { count } else { 0 } }
}

/// A reader for probes, which keeps the sequence numbers and the reported loss of each hand-over of a source.
public struct SourceReader<Source: SubbufferSource & ~Copyable>: ~Copyable {
  /// The source.
  public var source: Source

  /// A reader of a source.
  public init(_ source: consuming Source) {
    self.source = source
  }

  /// Acquires once, reads and releases; `nil` if there is nothing.
  /// - Parameter body: called with the held sub-buffer, after it was read.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails or the sub-buffer cannot be decoded.
  public mutating func next(
    _ body: (borrowing Subbuffer) throws(SourceError) -> Void = { _ in }
  ) throws(SourceError) -> ReadHandover? {
    let decoder = source.decoder
    let visited = try source.withNext { (subbuffer) throws(SourceError) in
      var handover = ReadHandover(number: subbuffer.number, loss: subbuffer.loss, channel: subbuffer.lossChannel)
      do throws(MalformedSubbuffer) {
        try decoder.forEachSequenceNumber(in: subbuffer) { handover.sequences.append($0) }
      } catch {
        throw SourceError(error)
      }
      try body(subbuffer)
      return handover
    }
    guard case .subbuffer(let handover) = visited else { return nil }
    return handover
  }

  /// Acquires until there is nothing.
  /// - Throws: ``SourceError`` as ``next(_:)``.
  public mutating func rest() throws(SourceError) -> [ReadHandover] {
    var all: [ReadHandover] = []
    while let handover = try next() { all.append(handover) }
    return all
  }
}
