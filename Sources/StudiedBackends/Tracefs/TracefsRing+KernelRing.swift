import Platform
import Study
import SubbufferSource
import TracefsBackend
import Workload

extension TracefsRing: KernelRing {
  func eventSize(payload: UInt32) -> Int { TracefsStudy.eventSize(payload: payload) }

  func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  func map(nonBlocking: Bool) throws(SourceError) -> TracefsMapping {
    try TracefsMapping(mapped(nonBlocking: nonBlocking), decoder)
  }

  func stats() throws(SourceError) -> CPUStats { try instance.stats(cpu: cpu) }

  var kernelTaint: String? { KernelTaint.current?.text ?? "unreadable" }

  func set(bufferPercent: Int) throws(SourceError) {
    try instance.set("buffer_percent", String(bufferPercent))
  }

  func endWriter() { producer.end() }
}

/// A live mapping of `trace_pipe_raw`.
final class TracefsMapping: KernelMapping {
  /// The ABI one to one.
  let ring: MappedRingBuffer
  private let decoder: FtracePageDecoder

  init(_ ring: consuming MappedRingBuffer, _ decoder: FtracePageDecoder) {
    self.ring = ring
    self.decoder = decoder
  }

  func unsafeGetReader() -> Int32 { ring.unsafeGetReader() }
  var metaPage: MetaPage { ring.metaPage }
  var geometry: Geometry { ring.geometry }
  func poll(_ timeout: Milliseconds) throws(SourceError) -> Int16 { try ring.poll(timeout) }

  func look(at id: UInt32, from: UInt32, end: UInt32?) throws(SourceError) -> KernelLook {
    let start = try address(of: id)
    let size = geometry.subbufferSize
    let headerSize = decoder.page.dataOffset
    let page = UnsafeRawBufferPointer(start: start, count: size).bytes
    let header = try decoder.header(of: page)
    let dataCount = end.map { Int($0) } ?? header.dataLength
    let events = try decoder.events(
      in: start, count: headerSize + min(dataCount, size - headerSize), unreadOffset: headerSize + Int(from))
    return KernelLook(
      timestamp: header.timestamp, commit: header.commit, loss: header.loss(in: page), dataCount: header.dataLength,
      room: size - header.endOfData, sequences: events.sequences, times: events.times,
      otherCount: events.otherCount)
  }

  /// The raw markers in the reader sub-buffer, up to `reader.read`.
  func markers() throws(SourceError) -> DecodedEvents {
    let meta = metaPage
    let headerSize = decoder.page.dataOffset
    return try decoder.events(
      in: try address(of: meta.readerID), count: headerSize + Int(meta.readerRead), unreadOffset: headerSize)
  }

  func bytes(of id: UInt32) throws(SourceError) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: try address(of: id), count: geometry.subbufferSize))
  }

  private func address(of id: UInt32) throws(SourceError) -> UnsafeRawPointer {
    guard let start = ring.unsafeSubbuffer(id) else {
      throw SourceError(.malformed, call: "look at a sub-buffer", detail: "id \(id)")
    }
    return start
  }
}
