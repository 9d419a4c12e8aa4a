import SubbufferSource

/// A single hand-over of memory that the one-to-one layer holds, so that a decoder can be used below the source.
private struct OneSubbuffer<Decoder: SubbufferDecoder>: SubbufferSource, ~Copyable {
  let decoder: Decoder
  let handover: UnsafeHandover

  var geometry: Geometry { Geometry(subbufferSize: handover.count, subbufferCount: 1, readerSubbuffers: 1) }
  var capabilities: Capabilities { [] }

  mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome { .subbuffer(handover) }
  mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness { .ready }
  mutating func flush() throws(SourceError) -> Flush { .notNeeded }
  mutating func lossChannels() throws(SourceError) -> [LossReading] { [] }
}

extension SubbufferDecoder {
  /// The sequence numbers of the workload's events in memory that the caller holds, in order.
  /// - Throws: ``SourceError`` of kind `malformed`.
  func sequences(
    in start: UnsafeRawPointer, count: Int, unreadOffset: Int
  ) throws(SourceError) -> [UInt64] {
    var source = OneSubbuffer(
      decoder: self,
      handover: UnsafeHandover(
        start: start, count: count, unreadOffset: unreadOffset, loss: .notTold, lossChannel: .nowhere, number: 0))
    let visited = try source.withNext { (subbuffer) throws(SourceError) in try sequences(in: subbuffer) }
    return if case .subbuffer(let sequences) = visited { sequences } else { [] }
  }

  /// The sequence numbers of the workload's events in a sub-buffer, in order.
  /// - Throws: ``SourceError`` of kind `malformed`.
  private func sequences(in subbuffer: borrowing Subbuffer) throws(SourceError) -> [UInt64] {
    var found: [UInt64] = []
    do {
      try forEachSequenceNumber(in: subbuffer) { found.append($0) }
    } catch {
      throw SourceError(error)
    }
    return found
  }
}

extension [UInt64] {
  /// The numbers as `first … last (count)`, for an observation.
  var asRange: String {
    guard let first, let last else { return "none" }
    return count == 1 ? "\(first)" : "\(first) … \(last) (\(count))"
  }
}
