import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

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
