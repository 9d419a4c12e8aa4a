import CPlatform
import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

extension TracefsStudy {
  /// Probes that may end the kernel, or need parameters of it: each in a boot of its own.
  var bootProbes: [Probe] {
    [
      probe(KernelAnswers.unmapInPart, boot: .mayEndTheKernel) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring, O_RDONLY | O_NONBLOCK)
        let (page, length) = try wholeLength(ring)
        let start = try Self.mapped(file.descriptor, length)
        try ring.write(8)
        evidence.add("munmap of the last sub-buffer", Attempt.call(munmap(start + length - page, page)))
        evidence.add("ioctl then", ErrnoName.result(TracefsRequest.call(file.descriptor, TracefsRequest.getReader)))
        evidence.add("munmap of the rest", Attempt.call(munmap(start, length)))
        try evidence.addNewMapping(ring)
      },
      probe(KernelAnswers.forkedMapping, boot: .mayEndTheKernel) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring, O_RDONLY | O_NONBLOCK)
        let (_, length) = try wholeLength(ring)
        let start = try Self.mapped(file.descriptor, length)
        evidence.add("madvise(MADV_DOFORK)", Attempt.call(madvise(start, length, MADV_DOFORK)))
        evidence.add("load in the child", signalText(cprocess_load_in_child(start)))
        try ring.write(8)
        evidence.add("ioctl then", ErrnoName.result(TracefsRequest.call(file.descriptor, TracefsRequest.getReader)))
        let trigger = "events/sched/sched_switch/trigger"
        let snapshot = Attempt.set(ring.instance, trigger, "snapshot")
        evidence.add("trigger snapshot then", snapshot)
        if snapshot == "0" { evidence.add("trigger removed", Attempt.set(ring.instance, trigger, "!snapshot")) }
        evidence.add("munmap", Attempt.call(munmap(start, length)))
        try evidence.addNewMapping(ring)
      },
      Probe(KernelAnswers.orderUnderReader, boot: .mayEndTheKernel) { (evidence) throws(SourceError) in
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        for (name, isChanged) in [("unchanged", false), ("changed", true)] {
          try withProbeRing(configuration) { (ring) throws(SourceError) in
            try ring.write(2 * ring.eventsPerSubbuffer())
            let file = try RingBufferFile(ring, O_RDONLY | O_NONBLOCK)
            evidence.add("\(name): first read", Self.read(file.descriptor, 1_000))
            if isChanged {
              evidence.add("8 > buffer_subbuf_size_kb", Attempt.set(ring.instance, "buffer_subbuf_size_kb", "8"))
            }
            evidence.add("\(name): second read", Self.read(file.descriptor, 8_192))
          }
        }
      },
      Probe(KernelAnswers.removedOption, boot: .mayEndTheKernel) { (evidence) throws(SourceError) in
        let tracefs = try Tracefs.mountedOrMounting()
        // Not a TracefsInstance: that holds a file whose reference refuses every rmdir.
        let path = "\(tracefs.root)/instances/\(RunOwner.current.name("removed"))"
        guard mkdir(path, 0o750) == 0 else { throw SourceError(call: "mkdir \(path)", errno: Errno(rawValue: errno)) }
        let descriptor = open("\(path)/options/overwrite", O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SourceError(call: "open options/overwrite", errno: Errno(rawValue: errno)) }
        let removal = Attempt.call(rmdir(path))
        evidence.add("rmdir", removal)
        if removal != "0" {
          close(descriptor)
          evidence.add("rmdir after close", Attempt.call(rmdir(path)))
          return
        }
        evidence.add("write", Self.writeInChild(descriptor))
        evidence.add("tracefs then", outcome { () throws(SourceError) in try tracefs.awaitAnswer() }.asAnswering)
      },
      Probe(
        KernelAnswers.persistentMapping,
        boot: ProbeBoot(
          because: "it needs parameters of the kernel",
          parameters: ["reserve_mem=4M:4096:trace", "trace_instance=persistent@trace"])
      ) { (evidence) throws(SourceError) in
        let tracefs = try Tracefs.mountedOrMounting()
        let path = "\(tracefs.root)/instances/persistent"
        evidence.add("instance", access(path, F_OK) == 0 ? "there" : "missing")
        guard access(path, F_OK) == 0 else { return }
        let marker = open("\(path)/trace_marker_raw", O_WRONLY | O_CLOEXEC)
        let reader = open("\(path)/per_cpu/cpu\(producerCPU)/trace_pipe_raw", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard marker >= 0, reader >= 0 else {
          throw SourceError(call: "open files of \(path)", errno: Errno(rawValue: errno))
        }
        defer {
          close(marker)
          close(reader)
        }
        let data = [UInt8](repeating: 0, count: 40)
        let written = try onCPU(producerCPU) { () throws(SourceError) in
          (0..<8).count { _ in write(marker, data, data.count) == data.count }
        }
        evidence.add("markers written", written)
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        guard let start = mmap(nil, page, PROT_READ, MAP_SHARED, reader, 0), start != MAP_FAILED else {
          evidence.add("mmap", Attempt.call(-1))
          return
        }
        evidence.add("mmap", "0")
        evidence.add("ioctl", ErrnoName.result(TracefsRequest.call(reader, TracefsRequest.getReader)))
        evidence.add("events", MetaLayout.merged.value("read", at: start))
        munmap(start, page)
      },
    ]
  }

  /// The length of a sub-buffer, and of a mapping of everything.
  private func wholeLength(_ ring: TracefsRing) throws(SourceError) -> (page: Int, length: Int) {
    let mapping = try ring.map()
    return (mapping.geometry.subbufferSize, mapping.wholeLength)
  }

  /// Maps all of a ring buffer in one piece.
  private static func mapped(_ descriptor: Int32, _ length: Int) throws(SourceError) -> UnsafeMutableRawPointer {
    guard let start = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
      throw SourceError(call: "mmap", errno: Errno(rawValue: errno))
    }
    return start
  }

  /// Reads up to `count` bytes.
  /// - Returns: the number of bytes read, or the errno.
  private static func read(_ descriptor: Int32, _ count: Int) -> String {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = Glibc.read(descriptor, &bytes, count)
    return result < 0 ? Attempt.call(-1) : "\(result)"
  }

  /// Writes "0" in a child process.
  /// - Returns: what write(2) returned, or that it did not return.
  private static func writeInChild(_ descriptor: Int32) -> String {
    var descriptor = descriptor
    var taken: Int32 = 0
    let result = cprocess_kill_holding(
      { what in
        guard let file = what?.load(as: Int32.self) else { return -EINVAL }
        let count = write(file, "0", 1)
        return count < 0 ? -errno : Int32(count)
      }, &descriptor, 10_000, &taken)
    if result == 0 { return ErrnoName.result(taken) }
    return errno == ECHILD ? "the writer was killed" : Attempt.call(-1)
  }
}

extension Evidence {
  /// Adds the results of a new mapping of a ring buffer and of an acquire with it.
  fileprivate mutating func addNewMapping(_ ring: TracefsRing) throws(SourceError) {
    do throws(SourceError) {
      let mapping = try ring.map()
      add("mapped anew: ioctl", ErrnoName.result(mapping.unsafeGetReader()))
      add("mapped anew: meta.read", mapping.metaPage.read)
    } catch {
      add("mapped anew: ioctl", ErrnoName.result(-(error.errno?.rawValue ?? 1)))
    }
  }
}

extension String {
  /// An outcome as the reply to "does it answer?".
  fileprivate var asAnswering: String { self == "works" ? "answers" : "does not answer: \(self)" }
}
