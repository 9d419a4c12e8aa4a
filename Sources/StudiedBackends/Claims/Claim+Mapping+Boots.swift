import Study

/// Claims whose probes may end the kernel, or need parameters of it: each is made in a boot of its own.
extension Claim {
  private static let noCount = Expectation.doesNotApply(
    to: "a mapping that the kernel counts", "a mapping of a stream changes nothing of its ring buffer")

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
      },
      .lttng: noCount,
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
      },
      .lttng: noCount,
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
      },
      .lttng: .doesNotApply(
        to: "a ring buffer in reserved memory", "a ring buffer ends with its session"),
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
      },
      .lttng: .doesNotApply(
        to: "buffer_subbuf_size_kb", "the size of a channel is fixed; there is no call to change it"),
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
      },
      .lttng: .doesNotApply(to: "options of an instance", "a session is a file descriptor, which nobody else removes"),
    ])
}

extension Answer {
  /// The answer of a probe whose kernel did not live to the end of it.
  static var kernelEnds: Answer { Answer("the kernel panics or hangs", isExpected: false) }
}
