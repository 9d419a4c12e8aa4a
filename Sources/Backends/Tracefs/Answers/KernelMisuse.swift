import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

extension KernelAnswers {
  static let unmappedAcquire = Claim(
    "acquire-without-mapping", .misuse, title: "An acquire without a mapping",
    question: "Is the ioctl refused if nothing is mapped?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer: ERR_PTR(-ENODEV) if the buffer is not "
      + "mapped",
    procedure: "Write 8 events; open trace_pipe_raw and call the ioctl without mmap; read the number of read events "
      + "from per_cpu/cpuN/stats.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .documented("-ENODEV, and no event counts as read") { seen in
        let code = try seen.code("ioctl")
        if code != "-ENODEV" { return Answer(code, isExpected: false) }
        let isUnread = try seen.number("stats: read events") == 0
        return Answer(isUnread ? code : "\(code), but events are consumed", expected: "-ENODEV")
      }
    ])

  static let foreignAcquire = Claim(
    "acquire-through-another-descriptor", .misuse, title: "An acquire through a descriptor without a mapping",
    question:
      "While one reader has the ring buffer mapped: does the ioctl work on another descriptor that maps nothing?",
    source:
      "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer checks whether the buffer of the CPU is mapped, "
      + "not by whom",
    procedure:
      "Write 500 events; map and acquire; open trace_pipe_raw again and call the ioctl on that descriptor, without "
      + "mmap; look at the mapping.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .assumed("from that function: it works, and moves reader.id in the mapping of the first reader") {
        seen in
        let code = try seen.code("ioctl on the other descriptor")
        if code != "0" { return Answer(code, isExpected: false) }
        let isMoved = try seen["reader.id before"] != seen["reader.id after"]
        return Answer(
          isMoved ? "advances the mapped reader" : "0, without effect", expected: "advances the mapped reader")
      }
    ])

  static let acquireAfterUnmapping = Claim(
    "acquire-after-unmapping", .misuse, title: "An acquire after the last mapping is gone",
    question: "Is the ioctl refused after the last mapping is gone, and does a mapping outlive its descriptor?",
    source:
      "V. Donnefort, kernel/trace/ring_buffer.c, rb_get_mapped_buffer: ERR_PTR(-ENODEV); mmap(2): \"closing the file "
      + "descriptor does not unmap the region\"",
    procedure:
      "Map twice by one descriptor and call the ioctl; unmap one, then the other, with an ioctl after each. Map "
      + "again, close the descriptor, write 8 events, and call the ioctl on a new descriptor without mmap.",
    notModelled: "a model has no descriptor",
    reaching: .nothing,
    [
      .kernel: .documented(
        "-ENODEV, and 0 while a mapping is left; the mapping of a closed descriptor counts as one"
      ) { seen in
        if try seen.codes(["two mappings: ioctl", "one mapping: ioctl"]) != "0" {
          return Answer("refused even while mapped", isExpected: false)
        }
        let code = try seen.code("no mapping: ioctl")
        if code != "-ENODEV" { return Answer(code, isExpected: false) }
        let isKept =
          try seen["descriptor closed: ioctl on another"] == "0" && seen.number("meta.read in the mapping then") == 8
        return Answer(isKept ? code : "\(code), also after a close(2)", expected: "-ENODEV")
      }
    ])

  static let unknownRequest = Claim.unknownRequest.answered(
    procedure: "Write 8 events and map; _IO('R', 0x21), _IO('T', 1) and _IO('T', 2) on the descriptor; read meta.read.",
    [
      .kernel: .documented("-ENOTTY each time, and no event counts as read") { seen in
        try Claim.unknownRequests(seen, isConsumed: seen.number("meta.read") != 0)
      }
    ])

  static let noPut = "the kernel has one call: the acquire is the release too"

  static let recordingAfterMisuse = Claim.recordingAfterMisuse.answered(
    procedure:
      "Acquire three times on the empty ring buffer and twice more with 8 events; then write 8 events and read.",
    [
      .kernel: .assumed("all 8 events are readable", from: "LTTng") { seen in
        let isReadable = try seen.number("events read of 8 that were written afterwards") == 8
        return Answer(isReadable ? "yes" : "no, events are lost", expected: "yes")
      }
    ])

  static let unreadableMemory = Claim.unreadableMemory.answered([
    .kernel: .documented("-EFAULT, and no event", Claim.unreadable)
  ])

  static let absentPage = Claim.absentPage.answered([
    .kernel: .documented("yes: the write returns 40, and the event has the contents", Claim.arrives)
  ])

  static let doubleAcquire = Claim.doubleAcquire.answered(
    procedure: "Write 500 events; acquire twice.",
    [
      .kernel: .assumed(
        "as in v11: the second ioctl releases the first sub-buffer and returns the next",
        reaching: [.subbufferHeld { seen in try seen["events of the first"] != "none" }]
      ) { seen in
        let code = try seen.code("second ioctl")
        if code != "0" { return Answer(code, isExpected: false) }
        if try seen["id after the first"] == seen["id after the second"] {
          return Answer("same again", isExpected: false)
        }
        let isNext = try seen.number("last event of the first") + 1 == seen.number("first event of the second")
        return Answer(isNext ? "next sub-buffer" : "another sub-buffer", expected: "next sub-buffer")
      }
    ])
}

extension KernelStudy {
  /// Calls in the wrong order.
  var misuseProbes: [Probe] {
    [
      probe(KernelAnswers.doubleAcquire) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(500)
        let first = try mapping.getReader()
        evidence.add("id after the first", first.readerID)
        let events = try mapping.look().sequences
        evidence.add("events of the first", events.asRange)
        evidence.add("last event of the first", events.last.map(String.init) ?? "none")
        evidence.add("second ioctl", mapping.unsafeGetReader())
        evidence.add("id after the second", mapping.metaPage.readerID)
        let next = try mapping.look().sequences
        evidence.add("events of the second", next.asRange)
        evidence.add("first event of the second", next.first.map(String.init) ?? "none")
      },
      probe(KernelAnswers.recordingAfterMisuse) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("three acquires on the empty ring buffer", (1...3).map { _ in mapping.unsafeGetReader() }.asList)
        try ring.write(8)
        evidence.add("two acquires with 8 events", (1...2).map { _ in mapping.unsafeGetReader() }.asList)
        try ring.write(8, from: 8)
        evidence.add(
          "events read of 8 that were written afterwards", try mapping.readAll().reduce(0) { $0 + $1.sequences.count })
      },
    ]
  }
}

extension [Int32] {
  /// Results of calls, for an observation.
  fileprivate var asList: String { map(String.init).joined(separator: ", ") }
}

extension TracefsStudy {
  /// Requests to descriptors without a mapping, and requests that do not exist.
  var liveMisuseProbes: [Probe] {
    [
      probe(KernelAnswers.unmappedAcquire) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        let file = try PipeRaw(ring)
        evidence.add("ioctl", ErrnoName.result(file.getReader()))
        evidence.add("stats: entries", try ring.stats().entries)
        evidence.add("stats: read events", try ring.stats().readEvents)
      },
      probe(KernelAnswers.foreignAcquire) { (ring, evidence) throws(SourceError) in
        try ring.write(500)
        let mapping = try ring.map()
        let before = try mapping.getReader()
        evidence.add("reader.id before", before.readerID)
        evidence.add("events there", try mapping.look().sequences.asRange)
        let file = try PipeRaw(ring)
        evidence.add("ioctl on the other descriptor", ErrnoName.result(file.getReader()))
        evidence.add("reader.id after", mapping.metaPage.readerID)
        evidence.add("events there then", try mapping.look().sequences.asRange)
        evidence.add("meta.read before and after", "\(before.read), \(mapping.metaPage.read)")
      },
      probe(KernelAnswers.acquireAfterUnmapping) { (ring, evidence) throws(SourceError) in
        let file = try PipeRaw(ring)
        let (one, other) = (try MetaMapping(file), try MetaMapping(file))
        evidence.add("two mappings: ioctl", ErrnoName.result(file.getReader()))
        one.unmap()
        evidence.add("one mapping: ioctl", ErrnoName.result(file.getReader()))
        other.unmap()
        evidence.add("no mapping: ioctl", ErrnoName.result(file.getReader()))
        let closed = try PipeRaw(ring)
        let left = try MetaMapping(closed)
        closed.close()
        try ring.write(8)
        evidence.add("descriptor closed: ioctl on another", ErrnoName.result(file.getReader()))
        evidence.add("meta.read in the mapping then", left.read)
        left.unmap()
      },
      probe(KernelAnswers.unknownRequest) { (ring, evidence) throws(SourceError) in
        try ring.write(8)
        let mapping = try ring.map()
        let descriptor = mapping.ring.descriptor.rawValue
        for (name, request) in [
          ("_IO('R', 0x21)", TracefsRequest.io("R", 0x21)), ("_IO('T', 1)", TracefsRequest.io("T", 1)),
          ("_IO('T', 2)", TracefsRequest.io("T", 2)),
        ] {
          evidence.add(name, ErrnoName.result(TracefsRequest.call(descriptor, request)))
        }
        evidence.add("meta.read", mapping.metaPage.read)
      },
    ]
  }
}

/// `trace_pipe_raw`, opened and not mapped.
private final class PipeRaw {
  private(set) var descriptor: Int32

  init(_ ring: TracefsRing) throws(SourceError) {
    let path = ring.instance.ringBufferPath(cpu: ring.cpu)
    descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
  }

  deinit { close() }

  func getReader() -> Int32 { TracefsRequest.call(descriptor, TracefsRequest.getReader) }

  func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }
}

/// The meta page alone, mapped by a descriptor that may be closed before it.
private final class MetaMapping {
  private let address: UnsafeMutableRawPointer
  private let length = sysconf(Int32(_SC_PAGESIZE))
  private var isMapped = true

  /// The offset of `read` in `struct trace_buffer_meta` (`include/uapi/linux/trace_mmap.h`).
  private static let readOffset = 56

  init(_ file: PipeRaw) throws(SourceError) {
    guard let address = mmap(nil, length, PROT_READ, MAP_SHARED, file.descriptor, 0), address != MAP_FAILED else {
      throw SourceError(call: "mmap trace_pipe_raw", errno: Errno(rawValue: errno))
    }
    self.address = address
  }

  deinit { unmap() }

  /// `read` of the meta page; 0 once it is unmapped.
  var read: UInt64 { isMapped ? address.load(fromByteOffset: MetaMapping.readOffset, as: UInt64.self) : 0 }

  func unmap() {
    if isMapped { munmap(address, length) }
    isMapped = false
  }
}
