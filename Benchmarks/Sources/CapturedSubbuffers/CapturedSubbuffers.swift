import SubbufferSource

/// Sub-buffers in memory, one after the other, as a source: what a decoder is timed on.
public struct CapturedSubbuffers<Decoder: SubbufferDecoder>: SubbufferSource, ~Copyable {
  /// Reads the events out of them.
  public let decoder: Decoder
  @usableFromInline let subbuffers: UnsafeBufferPointer<UnsafeRawBufferPointer>
  @usableFromInline var next = 0

  /// A source of sub-buffers that outlive it, each from its header to the end of its last event.
  public init(_ subbuffers: UnsafeBufferPointer<UnsafeRawBufferPointer>, decoder: Decoder) {
    self.subbuffers = subbuffers
    self.decoder = decoder
  }

  /// Begins with the first one again.
  @inlinable
  public mutating func rewind() { next = 0 }

  /// Their number; they may differ in size.
  public var geometry: Geometry {
    Geometry(subbufferSize: subbuffers.first?.count ?? 0, subbufferCount: subbuffers.count, readerSubbuffers: 0)
  }
  /// None.
  public var capabilities: Capabilities { [] }

  /// Hands over the next one.
  @inlinable
  @inline(__always)
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    guard next < subbuffers.count, let start = subbuffers[next].baseAddress else { return .finished }
    let count = subbuffers[next].count
    next += 1
    return .subbuffer(
      UnsafeHandover(
        start: start, count: count, unreadOffset: 0, loss: .notTold, lossChannel: .nowhere, number: UInt64(next)))
  }

  /// Does not wait.
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness { .ready }
  /// Does nothing.
  public mutating func flush() throws(SourceError) -> Flush { .notNeeded }
  /// None.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] { [] }
}
