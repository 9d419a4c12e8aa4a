import CPlatform
import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import TracefsABI
import Workload

/// A tracefs instance set up for a study, with a marker writer that is ready.
package struct TracefsRing {
  package let tracefs: Tracefs
  package let instance: TracefsInstance
  package let producer: ProducerProcess
  package let configuration: RingConfiguration
  package let decoder: FtracePageDecoder
  package var cpu: Int { configuration.producerCPU }

  /// The bytes of a sub-buffer that are its header: u64 time stamp and the `commit` word (`events/header_page`).
  package static let headerSize = 16

  /// Makes one, lets `body` use it, and takes it down again: first the producer, which has a file of the instance open,
  /// then the instance. What `body` mapped must be gone when it returns.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails, that of the removal included.
  package static func with<Result: ~Copyable>(
    _ configuration: RingConfiguration, _ body: (TracefsRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try MarkerEvent.measureSurplus()
    let tracefs = try Tracefs.mountedOrMounting()
    let instance = try TracefsInstance(in: tracefs)
    let ring = try TracefsRing(tracefs, instance, configuration)
    let result: Result
    do {
      result = try body(ring)
    } catch {
      ring.producer.end()
      throw error
    }
    ring.producer.end()
    try instance.remove()
    return result
  }

  private init(
    _ tracefs: Tracefs, _ instance: TracefsInstance, _ configuration: RingConfiguration
  ) throws(SourceError) {
    self.tracefs = tracefs
    self.instance = instance
    self.configuration = configuration
    decoder = try FtracePageDecoder(tracefs)
    try instance.setRingBuffer(configuration)
    producer = try ProducerProcess(
      executable: ProducerExecutable.markerWriter.path(),
      arguments: [String(configuration.producerCPU), "\(instance.path)/trace_marker_raw"])
    try producer.waitUntilReady(5_000)
  }

  /// The options of the instance, as it tells them.
  package func settings() throws(SourceError) -> [Observation] {
    var settings: [Observation] = []
    for file in ["options/overwrite", "buffer_subbuf_size_kb", "buffer_percent", "trace_clock"] {
      let value = try instance.text(file).oneLine
      // The clock in use is the one in brackets.
      let used = value.split(separator: " ").first { $0.hasPrefix("[") }.map { String($0.dropFirst().dropLast()) }
      settings.append(Observation(file, used ?? value))
    }
    return settings
  }

  /// The ABI one to one.
  package func mapped(nonBlocking: Bool = true) throws(SourceError) -> MappedRingBuffer {
    try MappedRingBuffer(path: instance.ringBufferPath(cpu: cpu), nonBlocking: nonBlocking)
  }

  /// The ABI as a source.
  package func source() throws(SourceError) -> TracefsSource {
    try TracefsSource(tracefs, instance, cpu: cpu)
  }
}

extension TracefsRing: KernelRing {
  package func eventSize(payload: UInt32) -> Int { TracefsStudy.eventSize(payload: payload) }

  package func write(_ load: Load) throws(SourceError) -> Truth { try producer.write(load) }

  package func map(nonBlocking: Bool) throws(SourceError) -> TracefsMapping {
    try TracefsMapping(mapped(nonBlocking: nonBlocking), decoder)
  }

  package func stats() throws(SourceError) -> CPUStats { try instance.stats(cpu: cpu) }

  package var kernelTaint: String? { KernelTaint.current?.text ?? "unreadable" }

  package func set(bufferPercent: Int) throws(SourceError) {
    try instance.set("buffer_percent", String(bufferPercent))
  }

  package func endWriter() { producer.end() }
}

/// A live mapping of `trace_pipe_raw`.
package final class TracefsMapping: KernelMapping {
  /// The ABI one to one.
  package let ring: MappedRingBuffer
  private let decoder: FtracePageDecoder

  package init(_ ring: consuming MappedRingBuffer, _ decoder: FtracePageDecoder) {
    self.ring = ring
    self.decoder = decoder
  }

  package func unsafeGetReader() -> Int32 { ring.unsafeGetReader() }
  package var metaPage: MetaPage { ring.metaPage }
  package var geometry: Geometry { ring.geometry }
  package func poll(_ timeout: Milliseconds) throws(SourceError) -> Int16 { try ring.poll(timeout) }

  package func look(at id: UInt32, from: UInt32, end: UInt32?) throws(SourceError) -> KernelLook {
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
  package func markers() throws(SourceError) -> DecodedEvents {
    let meta = metaPage
    let headerSize = decoder.page.dataOffset
    return try decoder.events(
      in: try address(of: meta.readerID), count: headerSize + Int(meta.readerRead), unreadOffset: headerSize)
  }

  package func bytes(of id: UInt32) throws(SourceError) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: try address(of: id), count: geometry.subbufferSize))
  }

  private func address(of id: UInt32) throws(SourceError) -> UnsafeRawPointer {
    guard let start = ring.unsafeSubbuffer(id) else {
      throw SourceError(.malformed, call: "look at a sub-buffer", detail: "id \(id)")
    }
    return start
  }
}

extension TracefsRing {
  /// Splices sub-buffers from `trace_pipe_raw` to a pipe, and reads their events.
  /// - Returns: the bytes that splice told of, or a negative errno, and the sequence numbers, in order.
  /// - Throws: ``SourceError`` where another call fails or the bytes are not those of sub-buffers.
  package func splice(subbuffers count: Int) throws(SourceError) -> (result: Int, sequences: [UInt64]) {
    let file = try RingBufferFile(self, O_RDONLY | O_NONBLOCK)
    let pipe = try Pipe()
    let size = configuration.subbufferSize
    let spliced = cprocess_splice(file.descriptor, pipe.writeEnd, count * size)
    guard spliced >= 0 else { return (-Int(errno), []) }
    var bytes = [UInt8](repeating: 0, count: spliced)
    var filled = 0
    while filled < spliced {
      let read = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(pipe.readEnd, buffer.baseAddress?.advanced(by: filled), spliced - filled)
      }
      guard read > 0 else { throw SourceError(call: "read the pipe", errno: Errno(rawValue: errno)) }
      filled += read
    }
    var found: [UInt64] = []
    for start in stride(from: 0, through: spliced - size, by: size) {
      found += try sequences(inSubbuffer: Array(bytes[start..<start + size]))
    }
    return (spliced, found)
  }

  /// Reads from `trace_pipe`, the events as text, and drops what it read.
  /// - Returns: the number of bytes, or a negative errno, for an observation.
  package func readTracePipe(_ count: Int) throws(SourceError) -> String {
    let path = "\(instance.path)/per_cpu/cpu\(cpu)/trace_pipe"
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let taken = read(descriptor, &bytes, count)
    return taken < 0 ? ErrnoName.result(-errno) : String(taken)
  }

  private func sequences(inSubbuffer bytes: [UInt8]) throws(SourceError) -> [UInt64] {
    let header = try decoder.header(of: bytes.span.bytes)
    return try decoder.events(in: bytes, count: header.endOfData, unreadOffset: decoder.page.dataOffset).sequences
  }
}
