import Study
import SubbufferSource
import TracefsBackend

/// What a reader of the one-to-one layer sees of the reader sub-buffer: its header and its events.
struct TracefsLook {
  /// The words of the sub-buffer's header.
  var header: PageHeader
  /// What the header says of the events lost before.
  var loss: Loss
  /// Sequence numbers of all events in it.
  var sequences: [UInt64]

  /// Looks at the reader sub-buffer of a mapping.
  /// - Parameter from: how many bytes of its data to leave out: events that were handed out before.
  init(_ ring: borrowing MappedRingBuffer, _ decoder: FtracePageDecoder, from: UInt32 = 0) throws(SourceError) {
    guard let start = ring.unsafeSubbuffer(ring.readerID) else {
      throw SourceError(.malformed, call: "look at the reader sub-buffer", detail: "reader.id \(ring.readerID)")
    }
    let subbufferSize = ring.geometry.subbufferSize
    let headerSize = decoder.page.dataOffset
    let page = UnsafeRawBufferPointer(start: start, count: subbufferSize).bytes
    do {
      header = try PageHeader(in: page, format: decoder.page)
    } catch {
      throw SourceError(error)
    }
    loss = header.loss(in: page)
    var source = OneSubbuffer(
      decoder: decoder, start: start, count: headerSize + min(Int(ring.readerRead), subbufferSize - headerSize),
      unread: headerSize + Int(from), size: subbufferSize)
    sequences = try source.sequences()
  }
}

/// A single hand-over of memory that somebody else holds, so that the decoder can be used below the source.
private struct OneSubbuffer: SubbufferSource, ~Copyable {
  let decoder: FtracePageDecoder
  let start: UnsafeRawPointer
  let count: Int
  let unread: Int
  let size: Int

  var geometry: Geometry { Geometry(subbufferSize: size, subbufferCount: 1, readerSubbuffers: 1) }
  var capabilities: Capabilities { [] }

  mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    .subbuffer(
      UnsafeHandover(
        start: start, count: count, unreadOffset: unread, loss: .notTold, lossChannel: .nowhere, number: 0))
  }

  mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness { .ready }
  mutating func flush() throws(SourceError) -> Flush { .notNeeded }
  mutating func lossChannels() throws(SourceError) -> [LossReading] { [] }

  mutating func sequences() throws(SourceError) -> [UInt64] {
    let decoder = decoder
    let visited = try withNext { (subbuffer) throws(SourceError) in
      try decoder.sequences(in: subbuffer)
    }
    return if case .subbuffer(let sequences) = visited { sequences } else { [] }
  }
}
