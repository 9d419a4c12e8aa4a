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

/// The workload's events of a sub-buffer, in order.
package struct DecodedEvents {
  /// Their sequence numbers.
  package var sequences: [UInt64] = []
  /// Their times, in nanoseconds of the ring buffer's clock.
  package var times: [UInt64] = []
  /// The lengths of their payloads, in bytes.
  package var payloadCounts: [Int] = []
  /// The number of events that are not the workload's.
  package var otherCount = 0
}

extension SubbufferDecoder {
  /// The workload's events in memory that the caller holds, in order.
  /// - Throws: ``SourceError`` of kind `malformed`.
  package func events(
    in start: UnsafeRawPointer, count: Int, unreadOffset: Int
  ) throws(SourceError) -> DecodedEvents {
    var source = OneSubbuffer(
      decoder: self,
      handover: UnsafeHandover(
        start: start, count: count, unreadOffset: unreadOffset, loss: .notTold, lossChannel: .nowhere, number: 0))
    let visited = try source.withNext { (subbuffer) throws(SourceError) in try events(in: subbuffer) }
    return if case .subbuffer(let events) = visited { events } else { DecodedEvents() }
  }

  /// The workload's events in the first `count` bytes, of which there may be fewer, in order.
  /// - Throws: ``SourceError`` of kind `malformed`.
  package func events(in bytes: [UInt8], count: Int, unreadOffset: Int) throws(SourceError) -> DecodedEvents {
    let result = bytes.withUnsafeBytes { buffer -> Result<DecodedEvents, SourceError> in
      guard let start = buffer.baseAddress else { return .success(DecodedEvents()) }
      return Result { () throws(SourceError) in
        try events(in: start, count: min(count, buffer.count), unreadOffset: unreadOffset)
      }
    }
    return try result.get()
  }

  /// The workload's events in a sub-buffer, in order.
  /// - Throws: ``SourceError`` of kind `malformed`.
  private func events(in subbuffer: borrowing Subbuffer) throws(SourceError) -> DecodedEvents {
    var found = DecodedEvents()
    do {
      try forEachEvent(in: subbuffer) { event, bytes in
        guard event.typeID == sequenceTypeID, let sequence = sequenceNumber(of: event, in: bytes) else {
          found.otherCount += 1
          return
        }
        found.sequences.append(sequence)
        found.times.append(event.timestamp)
        found.payloadCounts.append(event.payloadCount)
      }
    } catch {
      throw SourceError(error)
    }
    return found
  }
}

extension [UInt64] {
  /// The numbers as `first … last (count)`, or `first (1)`, for an observation.
  public var asRange: String {
    guard let first, let last else { return "none" }
    // A number alone would look like their count.
    return count == 1 ? "\(first) (1)" : "\(first) … \(last) (\(count))"
  }
}
