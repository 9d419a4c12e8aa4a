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
    let size = ring.geometry.subbufferSize
    let headerSize = decoder.page.dataOffset
    let page = UnsafeRawBufferPointer(start: start, count: size).bytes
    do {
      header = try PageHeader(in: page, format: decoder.page)
    } catch {
      throw SourceError(error)
    }
    loss = header.loss(in: page)
    sequences = try decoder.sequences(
      in: start, count: headerSize + min(Int(ring.readerRead), size - headerSize), unreadOffset: headerSize + Int(from))
  }
}
