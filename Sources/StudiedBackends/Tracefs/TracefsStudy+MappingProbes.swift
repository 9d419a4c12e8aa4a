import Glibc
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

extension TracefsStudy {
  /// What is refused.
  var mappingProbes: [Probe] {
    [
      probe(
        .mappingRestrictions, "as stated: each is refused; the plain one, as a control, is not"
      ) { (ring, _) throws(SourceError) in
        let mapped = try ring.map()
        let fd = mapped.descriptor.rawValue
        let meta = mapped.metaPage
        let all = Int(meta.metaPageSize) + Int(meta.subbufferSize) * Int(meta.subbufferCount)
        let attempts: [(String, Int, Int32, Int32, Int)] = [
          ("PROT_READ|PROT_WRITE, MAP_SHARED", all, PROT_READ | PROT_WRITE, MAP_SHARED, 0),
          ("PROT_READ|PROT_EXEC, MAP_SHARED", all, PROT_READ | PROT_EXEC, MAP_SHARED, 0),
          ("PROT_READ, MAP_PRIVATE", all, PROT_READ, MAP_PRIVATE, 0),
          (
            "PROT_READ, MAP_SHARED, two sub-buffers beyond the end", all + 2 * Int(meta.subbufferSize), PROT_READ,
            MAP_SHARED, 0
          ),
          ("PROT_READ, MAP_SHARED, behind the end", Int(meta.subbufferSize), PROT_READ, MAP_SHARED, all),
        ]
        let control = Attempt.map(fd, all, PROT_READ, MAP_SHARED, 0)
        var evidence = [Observation("PROT_READ, MAP_SHARED, all of it", control.text)]
        var refused = control == .worked
        for (name, length, protection, flags, offset) in attempts {
          let attempt = Attempt.map(fd, length, protection, flags, offset)
          evidence.append(Observation(name, attempt.text))
          refused = refused && attempt != .worked
        }
        return .decided(refused, evidence)
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

  private func close(_ mapped: consuming MappedRingBuffer) {}
}

/// Something that is tried and may be refused.
private enum Attempt: Equatable {
  case worked
  case refused(Errno)

  var text: String {
    switch self {
    case .worked: "works"
    case .refused(let errno): "refused: \(errno) (errno \(errno.rawValue))"
    }
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
