import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

extension KernelAnswers {
  static let severalReaders = Claim.severalReaders.answered([
    .kernel: .documented("both acquires work, and they compete: each moves the reader sub-buffer of both") { seen in
      let first = try seen.number("reader.id after A's acquire")
      let second = try seen.number("reader.id after B's acquire")
      let codes = try seen.codes(["A's acquire", "B's acquire"])
      if codes != "0" { return Answer("refused: \(codes)", isExpected: false) }
      if first == second { return Answer("accepted, B's acquire does nothing", isExpected: false) }
      let isShared = try seen.number("reader.id that A sees then") == second
      return Answer(
        isShared ? "accepted, both compete" : "accepted, both are independent", expected: "accepted, both compete")
    }
  ])

  static let readersTakeTurns = Claim(
    "readers-take-turns", .readers, title: "Do readers that take turns see each event once?",
    question:
      "If two readers take turns, each acquiring and looking before the other does: does exactly one of them see each "
      + "event?",
    source:
      "Documentation/trace/ring-buffer-map.rst, Limitations: \"They will compete for the ring-buffer and the output is "
      + "unpredictable, just like concurrent readers on trace_pipe would be.\"",
    procedure:
      "Fill half the ring buffer; map twice; A acquires and looks, B acquires and looks, until nothing new comes. "
      + "New is whatever lies beyond reader.id and reader.read as they were before the acquire.",
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("exactly one reader sees each event") { seen in
        let (a, b) = try (seen.number("events seen by A"), seen.number("events seen by B"))
        if a <= 0 || b <= 0 { return Answer("no, one reader gets none", isExpected: false) }
        let written = try seen.number("events written")
        if try seen.number("events seen by both") != 0 || a + b > written {
          return Answer("no, some twice", isExpected: false)
        }
        return Answer(a + b == written ? "yes" : "no, some never", expected: "yes")
      }
    ])

  static let readersInterleave = Claim(
    "readers-interleave", .readers, title: "Do readers that interleave see each event once?",
    question:
      "If a second reader acquires between the first one's acquire and its look at the meta page: does exactly one of "
      + "them see each event?",
    source:
      "Documentation/trace/ring-buffer-map.rst, Limitations: \"They will compete for the ring-buffer and the output is "
      + "unpredictable\"",
    procedure:
      "Fill four sub-buffers; map twice. Twice: A acquires, B acquires; then A loads reader.id and looks, then B.",
    reaching: [.readable { seen in try seen.number("events handed out, by stats") > 0 }],
    [
      .kernel: .assumed("beyond the source: exactly one reader sees each event that was handed out") { seen in
        let isNever = try seen.number("events handed out and seen by neither") != 0
        let isTwice = try seen.number("events seen by both") != 0
        switch (isTwice, isNever) {
        case (false, false): return Answer("yes", isExpected: true)
        case (true, false): return Answer("no, some twice", isExpected: false)
        case (false, true): return Answer("no, some never", isExpected: false)
        case (true, true): return Answer("no, some twice, some never", isExpected: false)
        }
      }
    ])

  static let readBesideMapping = Claim(
    "read-beside-mapping", .readers, title: "Events by read(2) next to a mapping",
    question:
      "Can trace_pipe_raw and trace_pipe be read while the ring buffer is mapped, and do they take events from the "
      + "reader of the mapping?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"Concurrent readers (either another application "
      + "mapping that ring-buffer or the kernel with trace_pipe) are allowed but not recommended. They will compete "
      + "for the ring-buffer and the output is unpredictable, just like concurrent readers on trace_pipe would be.\"",
    procedure: "Fill half the ring buffer and map; acquire; read(2) trace_pipe_raw once; read(2) trace_pipe of the CPU "
      + "once; acquire until nothing new comes.",
    notModelled: "a model has no files",
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("from \"compete\": both reads work, and the mapping does not deliver their events again") {
        seen in
        if try seen.number("events by read(2) of trace_pipe_raw") <= 0 {
          return Answer("none from trace_pipe_raw", isExpected: false)
        }
        if try seen.number("lines by read(2) of trace_pipe") <= 0 {
          return Answer("none from trace_pipe", isExpected: false)
        }
        let isOnce = try seen.number("events by a read(2) and from the mapping") == 0
        return Answer(isOnce ? "each delivered once" : "some delivered twice", expected: "each delivered once")
      }
    ])
}

extension KernelStudy {
  /// More than one reader.
  var readersProbes: [Probe] {
    [
      probe(KernelAnswers.severalReaders) { (ring, evidence) throws(SourceError) in
        try ring.write(500)
        let one = try ring.map()
        let other = try ring.map()
        evidence.add("A's acquire", one.unsafeGetReader())
        evidence.add("reader.id after A's acquire", one.metaPage.readerID)
        evidence.add("events that A finds", try one.look().sequences.asRange)
        evidence.add("B's acquire", other.unsafeGetReader())
        evidence.add("reader.id after B's acquire", other.metaPage.readerID)
        evidence.add("events that B finds", try other.look().sequences.asRange)
        evidence.add("reader.id that A sees then", one.metaPage.readerID)
        evidence.add("events that A finds at its reader.id then", try one.look().sequences.asRange)
      },
      probe(KernelAnswers.readersTakeTurns) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(ring.eventsPerRing() / 2)
        let mappings = [try ring.map(), try ring.map()]
        var seen: [[UInt64]] = [[], []]
        var last = KernelRead(id: mappings[0].metaPage.readerID, read: mappings[0].metaPage.readerRead)
        var turn = 0
        while let next = try mappings[turn].readNext(after: last) {
          seen[turn] += next.sequences
          last = next
          turn = 1 - turn
        }
        evidence.add("events written", truth.produced)
        evidence.add("events seen by A", seen[0].count)
        evidence.add("events seen by B", seen[1].count)
        evidence.add("events seen by both", Set(seen[0]).intersection(seen[1]).count)
      },
      probe(KernelAnswers.readersInterleave) { (ring, evidence) throws(SourceError) in
        try ring.write(4 * ring.eventsPerSubbuffer())
        let (a, b) = (try ring.map(), try ring.map())
        let before = try ring.stats().readEvents
        var (byA, byB): ([UInt64], [UInt64]) = ([], [])
        for turn in 1...2 {
          let results = (a.unsafeGetReader(), b.unsafeGetReader())
          evidence.add("turn \(turn): A's ioctl, B's ioctl", "\(results.0), \(results.1)")
          byA += try a.look().sequences
          byB += try b.look().sequences
        }
        let handedOut = try ring.stats().readEvents &- before
        evidence.add("events handed out, by stats", handedOut)
        evidence.add("events seen by A", byA.asRange)
        evidence.add("events seen by B", byB.asRange)
        evidence.add("events seen by both", Set(byA).intersection(byB).count)
        evidence.add(
          "events handed out and seen by neither", Int64(handedOut) - Int64(Set(byA).union(byB).count))
      },
    ]
  }
}

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
