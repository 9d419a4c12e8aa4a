import CPlatform
import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

extension KernelAnswers {
  static let unmapInPart = Claim(
    "unmap-in-part", .mapping, title: "munmap of a part of the mapping",
    question: "What does munmap of the last sub-buffer of a mapping do?",
    source: "D. Kartikey, commit b042fdf18e89 (\"tracing: Fix WARN_ON in tracing_buffers_mmap_close for split VMAs\"), "
      + "2025-11-19, in Linux 6.18: \"Trace buffer mappings cannot support partial mappings because the ring buffer "
      + "structure requires the complete buffer including the meta page.\"",
    procedure: "Map all of the ring buffer; write 8 events; unmap the last sub-buffer; acquire; unmap the rest; map it "
      + "again, and acquire.",
    notModelled: "a model has no mmap",
    reaching: [.ifKernelRuns(.worked("mapped anew: ioctl"))],
    [
      .kernel: .documented("-EINVAL, and the mapping stays as it was") { seen in
        let code = try seen.code("munmap of the last sub-buffer")
        if try seen[ProbeBoot.kernelObservation] != ProbeBoot.kernelRuns { return Answer.kernelEnds }
        let acquire = try seen.code("ioctl then")
        let answer = code == "0" ? "accepted, acquire returns \(acquire)" : "\(code), acquire returns \(acquire)"
        return Answer(answer, expected: "-EINVAL, acquire returns 0")
      }
    ])

  static let forkedMapping = Claim(
    "mapping-after-dofork", .mapping, title: "Does a mapping survive a child that inherited it?",
    question:
      "After MADV_DOFORK, and the end of a child that was forked: does the parent's mapping still work, and does "
      + "it still exclude snapshots?",
    source:
      "Q. Wang, commit e39bb9e02b68 (\"tracing: Fix WARN_ON in tracing_buffers_mmap_close\"), 2026-02-27, in Linux "
      + "7.0: \"the child process copies the parent's VMAs but the user_mapped reference count is not incremented\", "
      + "\"Fix it by incrementing the user_mapped reference count\"",
    procedure:
      "Map all of the ring buffer; MADV_DOFORK; fork a child that loads a byte of it and exits; write 8 events; "
      + "acquire; arm a snapshot by a trigger, which a mapping refuses (snapshot-excludes-mapping); unmap; map again, and "
      + "acquire.",
    notModelled: "a model has no processes",
    reaching: [
      Mark("child-has-mapping", "the child has the mapping, or MADV_DOFORK is refused") { seen in
        try !seen.works("madvise(MADV_DOFORK)") || seen["load in the child"] == "0"
      },
      Mark("mapped-anew", "a new mapping works, or MADV_DOFORK is refused") { seen in
        try !seen.works("madvise(MADV_DOFORK)") || Mark.ifKernelRuns(.worked("mapped anew: ioctl")).isReached(in: seen)
      },
    ],
    [
      .kernel: .documented("yes: the acquire returns 0, and the snapshot is refused; or MADV_DOFORK is refused") {
        seen in
        if try !seen.works("madvise(MADV_DOFORK)") {
          return try Answer("MADV_DOFORK refused: \(seen.code("madvise(MADV_DOFORK)"))", isExpected: true)
        }
        if try seen[ProbeBoot.kernelObservation] != ProbeBoot.kernelRuns { return Answer.kernelEnds }
        let acquire = try seen.code("ioctl then")
        if acquire != "0" { return Answer("no: \(acquire)", isExpected: false) }
        return try Answer(seen.works("trigger snapshot then") ? "yes, but allows snapshots" : "yes", expected: "yes")
      }
    ])

  static let persistentMapping = Claim(
    "persistent-buffer-mapped", .mapping, title: "Can a persistent ring buffer be mapped?",
    question:
      "Can the ring buffer of an instance in memory that outlives a boot be mapped, and what does the reader get?",
    source:
      "S. Rostedt, commit c2a08311427c (\"ring-buffer: Allow reserve_mem persistent ring buffers to be mmapped\"), "
      + "May 2025, in Linux 6.16",
    procedure: "Boot with reserve_mem=4M:4096:trace trace_instance=persistent@trace. Write 8 raw markers into the "
      + "instance; map its ring buffer, and acquire.",
    notModelled: "a model has no memory that outlives it",
    reaching: [
      .machine("persistent-instance", "the kernel made an instance of the reserved memory") { seen in
        try seen["instance"] == "there"
      }
    ],
    [
      .kernel: .documented("yes, and the reader gets the 8 events") { seen in
        let code = try seen.code("mmap")
        if code != "0" { return Answer("no: \(code)", isExpected: false) }
        return Answer(try seen.number("events") == 8 ? "yes" : "yes, other events", expected: "yes")
      }
    ])

  static let orderUnderReader = Claim(
    "read-across-size-change", .changes, title: "A read in parts across a change of the sub-buffer size",
    question:
      "After a read(2) of a part of a sub-buffer, and a change of the sub-buffer size: how many bytes does the next "
      + "read(2) return?",
    source: "Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: \"When changing the sub-buffer size, tracing is "
      + "stopped and any data in the ring buffer and the snapshot buffer will be discarded\"; V. Donnefort, commit "
      + "dae8dda341d2 (\"tracing: Fix subbuf resize races with trace_pipe_raw readers\"), in Linux 7.3",
    procedure:
      "Write two sub-buffers of 4 KiB; read(2) 1000 bytes of trace_pipe_raw, which is not mapped, then 8192 bytes, "
      + "as a control. On a new ring buffer the same, and set 8 KiB between the two.",
    notModelled: "sizes are set through files of tracefs",
    reaching: [
      .worked("8 > buffer_subbuf_size_kb"),
      .partRead { seen in
        try seen["unchanged: first read"] == "1000" && seen["changed: first read"] == "1000"
      },
    ],
    [
      .kernel: .assumed("as many as without the change, the rest of the old sub-buffer; or none, \"discarded\"") {
        seen in
        if try seen[ProbeBoot.kernelObservation] != ProbeBoot.kernelRuns { return Answer.kernelEnds }
        let read = try seen.code("changed: second read")
        if read == "-EAGAIN" || read == "0" { return Answer("none: \(read)", isExpected: true) }
        return try Answer(
          read == seen["unchanged: second read"] ? "the rest of the old" : "\(read), more than the rest",
          expected: "the rest of the old")
      }
    ])

  static let removedOption = Claim(
    "option-of-removed-instance", .changes, title: "Writing an option of a removed instance",
    question: "What does a write to options/overwrite do whose instance is removed after the file was opened?",
    source: "Commit f2951ebd15c3 (\"tracing: Take trace_array reference when opening options file\"), in Linux 7.3: a "
      + "reference is what rmdir of an instance refuses for (kernel/trace/trace.c, __remove_instance: -EBUSY)",
    procedure:
      "Make an instance; open options/overwrite; remove the instance; write 0 in a child process; open and read "
      + "files of tracefs, with a limit of 10 s.",
    notModelled: "a model has no directory",
    reaching: .nothing,
    [
      .kernel: .documented("rmdir returns -EBUSY") { seen in
        let removal = try seen.code("rmdir")
        if removal != "0" { return Answer("rmdir returns \(removal)", expected: "rmdir returns -EBUSY") }
        if try seen[ProbeBoot.kernelObservation] != ProbeBoot.kernelRuns { return Answer.kernelEnds }
        let write = try seen["write"]
        if write != "the writer was killed" {
          return try Answer("write returns \(seen.code("write"))", isExpected: false)
        }
        return try Answer(
          seen["tracefs then"] == "answers" ? "the writer is killed" : "writer killed, tracefs hangs", isExpected: false
        )
      }
    ])
}

extension Answer {
  /// The answer of a probe whose kernel did not live to the end of it.
  static var kernelEnds: Answer { Answer("the kernel panics or hangs", isExpected: false) }
}

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
        evidence.add("events", MetaPageLayout.merged.value("read", at: start))
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
