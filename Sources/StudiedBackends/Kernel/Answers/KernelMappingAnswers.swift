import Study

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

  static let outsideHeld = Claim.outsideHeld.answered([
    .kernel: .assumed("no: each load outside raises a signal", from: "lttng-modules", Claim.outsideLoads)
  ])

  static let storesRefused = Claim.storesRefused.answered([
    .kernel: .documented("no: process_vm_writev is refused, and so is a writable mapping", Claim.stores)
  ])

  static let mappingRestrictions = Claim.mappingRestrictions.answered([
    .kernel: .documented(
      "mmap refuses each; the plain one, as a control, works", reaching: [.mountedExecutable], Claim.refusedMappings)
  ])

  static let firstMapping = Claim(
    "first-mapping-restrictions", .mapping, title: "First mapping: writable, executable, private or too long",
    question: "Are writable, executable, private and too long mappings refused before the ring buffer is mapped too?",
    source: "A. Khushwaha, commit de4cbd704731 (\"ring buffer: Propagate __rb_map_vma return value to caller\"), "
      + "2025-10-07: \"the caller of `__rb_map_vma` always returned 0 even when the mapping had actually failed, "
      + "allowing it to proceed with an invalid VMA\"",
    procedure: "Open trace_pipe_raw, which nobody has mapped, for reading and writing. Map it in each of the ways that "
      + "are to be refused; read the first byte of one that is accepted, in write(2), and unmap it. Map all of it "
      + "then, as a control.",
    notModelled: "a model has no mmap",
    reaching: [.control("mmap"), .mappingsTried],
    [
      .kernel: .documented("mmap refuses each; the plain one, as a control, works", reaching: [.mountedExecutable]) {
        seen in
        let answer = try Claim.refusedMappings(seen)
        let read = seen.observations.first { $0.name.hasPrefix("read: ") }
        guard !answer.isExpected, let read, read.value.hasPrefix("-") else { return answer }
        return Answer("\(answer.text), unreadable", isExpected: false)
      }
    ])

  static let mappingStays = Claim.mappingStays.answered([
    .kernel: .documented("no: mprotect and mremap refuse both", Claim.laterMappings)
  ])

  static let notExecutable = Claim.notExecutable.answered([
    .kernel: .assumed(
      "no: mprotect refuses what mmap refuses", reaching: [.mountedExecutable], Claim.madeExecutable)
  ])

  static let mappingOffset = Claim(
    "mapping-begins-at-subbuffer", .mapping, title: "Can a mapping begin within a sub-buffer?",
    question: "With sub-buffers of several pages: is a mapping refused that begins within one, and accepted if it "
      + "begins at one and ends before the last?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, __rb_map_vma: -EINVAL if the offset is no multiple of the "
      + "sub-buffer's pages; map_test.c, data_mmap: \"Map all the available subbufs - 1\"",
    procedure:
      "With sub-buffers of 8 KiB: map from the second page of a sub-buffer, from the beginning of a sub-buffer, and "
      + "all but the last.",
    notModelled: "a model has no mmap",
    reaching: [.control("mmap")],
    [
      .kernel: .documented("no: -EINVAL; the others work") { seen in
        if try seen.works("from within a sub-buffer") { return Answer("yes", isExpected: false) }
        if try !seen.works("from a sub-buffer") { return Answer("no, nor at its beginning", isExpected: false) }
        if try !seen.works("all sub-buffers but the last") {
          return Answer("no, nor end before the last", isExpected: false)
        }
        return try Answer("no: \(seen.code("from within a sub-buffer"))", expected: "no: -EINVAL")
      }
    ])

  static let mappingFlags = Claim.mappingFlags.answered([
    .kernel: .assumed("from the postings: dc, de and dd are set; wr, mw and io are not", Claim.vmFlags)
  ])

  static let mappingInherited = Claim.mappingInherited.answered([
    .kernel: .documented("no: a load in the child raises SIGSEGV") { seen in
      let signal = try seen.signal("load in its child")
      return Answer(signal == "0" ? "yes" : "no: \(signal)", expected: "no: SIGSEGV")
    }
  ])

  static let debuggerReads = Claim.debuggerReads.answered([
    .kernel: .assumed("yes, as in v22: all bytes are read, and they equal the mapping", Claim.debuggerRead)
  ])

  static let droppedPages = Claim.droppedPages.answered([
    .kernel: .assumed("as in v22: SIGBUS") { seen in
      let signal = try seen.signal("load after it")
      return Answer(signal == "0" ? "no signal" : signal, expected: "SIGBUS")
    }
  ])

  static let mappingOutlives = Claim(
    "mapping-outlives-descriptor", .mapping, title: "Does a mapping outlive its descriptor?",
    question: "Does a mapping whose file is closed still follow the ioctl on another open file?",
    source: "mmap(2): \"closing the file descriptor does not unmap the region\"; undocumented for the ring buffer; "
      + "kernel/trace/ring_buffer.c, ring_buffer_map: one meta page for all mappings",
    procedure: "Map the meta page and close the file; write 16 events; acquire through another mapping; read reader.id "
      + "and entries of the first one.",
    notModelled: "a model has no descriptors",
    reaching: .nothing,
    [
      .kernel: .assumed("yes: both mappings are equal, and entries is 16") { seen in
        let other = try seen["the other"]
        if try seen["the mapping whose file is closed"] != other {
          return Answer("no, it is not updated", isExpected: false)
        }
        return Answer(other.hasPrefix("entries 16") ? "yes" : "yes, but entries is wrong", expected: "yes")
      }
    ])

  static let aliasingCaches = Claim(
    "aliasing-caches", .mapping, title: "Are mappings coherent if data caches alias?",
    question: "If data caches alias, does the reader see through its mapping what the kernel wrote through its own?",
    source: "kernel/trace/ring_buffer.c, ring_buffer_map_get_reader: \"Some archs do not have data cache coherency "
      + "between kernel and user-space\", then a flush; L. Torvalds, Re: [GIT PULL] tracing: Updates for v6.9, "
      + "2024-03-16: the meta page at the beginning means that the entries are \"not aligned anyway, so it doesn't "
      + "actually help the cache coloring\"",
    procedure: "Map the ring buffer twice; write 1000 events, acquire, "
      + "and compare the reader sub-buffer in both mappings.",
    notModelled: "a model has no caches",
    reaching: [
      .machine("caches-alias", "the data caches of this machine alias") { seen in
        let machine = try seen["machine"]
        return ["arm", "mips", "parisc", "sparc", "sh", "csky", "xtensa", "arc", "m68k"].contains {
          machine.hasPrefix($0)
        }
      }
    ],
    [
      .kernel: .assumed("yes: the events are complete, and both mappings have the same bytes") { seen in
        if try seen.number("bytes that differ between the two mappings") != 0 {
          return Answer("no, bytes differ", isExpected: false)
        }
        let isInOrder = try seen["events in the reader sub-buffer are in order"] == "yes"
        return Answer(isInOrder ? "yes" : "no, events are missing", expected: "yes")
      }
    ])

  static let truncatedMemory = Claim.truncatedMemory.answered([
    .kernel: .assumed(
      "whatever ftruncate returns, the mapped memory stays, and the acquire works",
      reaching: [.control("ftruncate")]
    ) { seen in
      try Claim.truncated(seen, then: "ioctl then")
    }
  ])
}

extension Answer {
  /// The answer of a probe whose kernel did not live to the end of it.
  static var kernelEnds: Answer { Answer("the kernel panics or hangs", isExpected: false) }
}
