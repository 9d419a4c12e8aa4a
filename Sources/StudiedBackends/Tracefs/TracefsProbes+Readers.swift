import Glibc
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

extension TracefsStudy {
  /// Readers of files besides a mapping.
  var liveReadersProbes: [Probe] {
    [
      probe(KernelAnswers.readBesideMapping) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(ring.eventsPerRing() / 2)
        evidence.add("events written", truth.produced)
        let mapping = try ring.map()
        let start = KernelRead(id: mapping.metaPage.readerID, read: mapping.metaPage.readerRead)
        guard let first = try mapping.readNext(after: start) else { return }
        evidence.add("events of the first acquire", first.sequences.asRange)
        let page = try ring.readOnce("trace_pipe_raw", count: ring.configuration.subbufferSize)
        let byRead = try ring.sequences(in: page)
        evidence.add("events by read(2) of trace_pipe_raw", byRead.count)
        evidence.add("first and last of them", byRead.asRange)
        evidence.add("after read(2) of trace_pipe_raw: reader.id, reader.read", mapping.metaPage.readerText)
        let read = try ring.stats().readEvents
        let lines = TracefsRing.sequences(inLines: try ring.readOnce("trace_pipe", count: 4096))
        evidence.add("lines by read(2) of trace_pipe", lines.count)
        evidence.add("first and last of their events", lines.asRange)
        evidence.add("events that it took, by stats", try ring.stats().readEvents &- read)
        evidence.add("after read(2) of trace_pipe: reader.id, reader.read", mapping.metaPage.readerText)
        let rest = try mapping.readAll().flatMap(\.sequences)
        evidence.add("events of the acquires afterwards", rest.asRange)
        evidence.add(
          "events by a read(2) and from the mapping", Set(byRead + lines).intersection(first.sequences + rest).count)
      }
    ]
  }
}

extension TracefsRing {
  /// One `read(2)`, which does not wait, of a file of the producer's CPU; empty where there is nothing.
  fileprivate func readOnce(_ file: String, count: Int) throws(SourceError) -> [UInt8] {
    let path = "\(instance.path)/per_cpu/cpu\(cpu)/\(file)"
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let length = read(descriptor, &bytes, count)
    if length < 0, errno != EAGAIN { throw SourceError(call: "read \(path)", errno: Errno(rawValue: errno)) }
    return Array(bytes.prefix(max(0, length)))
  }

  /// The sequence numbers of the events in the text of `trace_pipe`: of `# ID buf: BYTES` the first 8 bytes, in hexadecimal
  /// and little endian (`trace_raw_data` in `kernel/trace/trace_output.c`). A line that is cut off does not count.
  fileprivate static func sequences(inLines text: [UInt8]) -> [UInt64] {
    String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
      guard let buffer = line.firstRange(of: " buf: ") else { return nil }
      let bytes = line[buffer.upperBound...].split(separator: " ").prefix(8).compactMap { UInt64($0, radix: 16) }
      guard bytes.count == 8 else { return nil }
      return bytes.reversed().reduce(0) { $0 << 8 | $1 }
    }
  }

  /// The sequence numbers of the events in a sub-buffer that was read.
  fileprivate func sequences(in page: [UInt8]) throws(SourceError) -> [UInt64] {
    guard !page.isEmpty else { return [] }
    let header = try decoder.header(of: page.span.bytes)
    let offset = decoder.page.dataOffset
    let count = min(page.count, offset + header.dataLength)
    let found = page.withUnsafeBytes { bytes in
      Result { () throws(SourceError) in
        guard let start = bytes.baseAddress else { return [UInt64]() }
        return try decoder.events(in: start, count: count, unreadOffset: offset).sequences
      }
    }
    return try found.get()
  }
}

extension MetaPage {
  fileprivate var readerText: String { "\(readerID), \(readerRead)" }
}
