import CWorkload
import Glibc
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend
import Workload

extension TracefsStudy {
  /// What is refused.
  var mappingProbes: [Probe] {
    [
      probe(
        .mappingRestrictions, "as stated: mmap refuses each; the plain one, as a control, works"
      ) { (ring, _) throws(SourceError) in
        // Opened for writing too: a file opened read-only is refused a writable mapping before the ring buffer is asked.
        let file = try WritableFile(ring)
        let (page, all) = try sizes(ring)
        let attempts: [(String, Int, Int32, Int32, Int)] = [
          ("PROT_READ|PROT_WRITE, MAP_SHARED", all, PROT_READ | PROT_WRITE, MAP_SHARED, 0),
          ("PROT_READ|PROT_EXEC, MAP_SHARED", all, PROT_READ | PROT_EXEC, MAP_SHARED, 0),
          ("PROT_READ, MAP_PRIVATE", all, PROT_READ, MAP_PRIVATE, 0),
          ("PROT_READ, MAP_SHARED, one sub-buffer too long", all + page, PROT_READ, MAP_SHARED, 0),
          ("PROT_READ, MAP_SHARED, behind the end", page, PROT_READ, MAP_SHARED, all),
        ]
        let control = Attempt.map(file.descriptor, all, PROT_READ, MAP_SHARED, 0)
        var evidence = [Observation("PROT_READ, MAP_SHARED, all of it", control.text)]
        var refused = control == .worked
        for (name, length, protection, flags, offset) in attempts {
          let attempt = Attempt.map(file.descriptor, length, protection, flags, offset)
          evidence.append(Observation(name, attempt.text))
          refused = refused && attempt != .worked
        }
        return .decided(refused, evidence)
      },
      probe(
        .mappingStays, "taken from the checks of mmap: mprotect and mremap refuse what mmap refuses", basis: .taken
      ) { (ring, _) throws(SourceError) in
        let file = try WritableFile(ring)
        let (page, all) = try sizes(ring)
        guard let address = mmap(nil, all, PROT_READ, MAP_SHARED, file.descriptor, 0), address != MAP_FAILED else {
          return Finding(.inconclusive, reason: "mmap: \(Errno(rawValue: errno))", evidence: [])
        }
        var length = all
        defer { munmap(address, length) }
        let write = Attempt(mprotect(address, all, PROT_READ | PROT_WRITE))
        let execute = Attempt(mprotect(address, all, PROT_READ | PROT_EXEC))
        _ = mprotect(address, all, PROT_READ)
        let grown: Int32 = cprocess_mremap(address, all, all + page, 0) == nil ? -1 : 0
        let grow = Attempt(grown)
        if grow == .worked { length = all + page }
        return .decided(
          write != .worked && execute != .worked && grow != .worked,
          [
            Observation("mprotect(PROT_READ|PROT_WRITE)", write.text),
            Observation("mprotect(PROT_READ|PROT_EXEC)", execute.text),
            Observation("mremap, one sub-buffer longer", grow.text),
          ])
      },
      probe(
        .resizeWhileMapped,
        "as stated, for the whole and for the sub-buffer size; unmapped, as a control, the size can be set"
      ) { (ring, _) throws(SourceError) in
        let mapped = try ring.map()
        let size = Attempt.set(ring.instance, "buffer_size_kb", "256")
        let subbuffer = Attempt.set(ring.instance, "buffer_subbuf_size_kb", "8")
        var evidence = [
          Observation("mapped: buffer_size_kb", size.text),
          Observation("mapped: buffer_subbuf_size_kb", subbuffer.text),
          Observation("nr_subbufs after it", mapped.metaPage.subbufferCount),
        ]
        close(mapped)
        let unmapped = Attempt.set(ring.instance, "buffer_size_kb", "256")
        evidence.append(Observation("unmapped: buffer_size_kb", unmapped.text))
        return .decided(size != .worked && subbuffer != .worked && unmapped == .worked, evidence)
      },
    ]
  }

  /// The size of a sub-buffer, and of the whole mapping with its meta page, in bytes.
  private func sizes(_ ring: TracefsRing) throws(SourceError) -> (subbuffer: Int, all: Int) {
    let mapped = try ring.map()
    let geometry = mapped.geometry
    return (
      geometry.subbufferSize, Int(mapped.metaPage.metaPageSize) + geometry.subbufferSize * geometry.subbufferCount
    )
  }

  private func close(_ mapped: consuming MappedRingBuffer) {}
}

/// Something that is tried and may be refused.
private enum Attempt: Equatable {
  case worked
  case refused(Errno)

  var text: String {
    switch self {
    case .worked: "works"
    case .refused(let errno): "refused: \(ErrnoName.text(errno.rawValue))"
    }
  }

  /// What a call came to that returns -1 and sets errno where it is refused.
  init(_ result: Int32) {
    self = result == -1 ? .refused(Errno(rawValue: errno)) : .worked
  }

  static func map(_ fd: Int32, _ length: Int, _ protection: Int32, _ flags: Int32, _ offset: Int) -> Attempt {
    guard let address = mmap(nil, length, protection, flags, fd, off_t(offset)), address != MAP_FAILED else {
      return .refused(Errno(rawValue: errno))
    }
    munmap(address, length)
    return .worked
  }

  static func set(_ instance: TracefsInstance, _ file: String, _ value: String) -> Attempt {
    do {
      try instance.set(file, value)
      return .worked
    } catch {
      return .refused(error.errno ?? Errno(rawValue: 0))
    }
  }
}

/// The ring buffer's file opened for reading and writing, as far as the kernel lets.
private struct WritableFile: ~Copyable {
  let descriptor: Int32

  init(_ ring: TracefsRing) throws(SourceError) {
    let path = ring.instance.ringBufferPath(cpu: ring.cpu)
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
  }

  deinit {
    close(descriptor)
  }
}
