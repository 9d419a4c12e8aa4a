import Results

extension Fixture {
  /// The results of the fixture with lines of the kernel's log: a warning of a probe, the same in a loss scenario, one
  /// whose cause is undecided, one of another program, and a report of lost events.
  static func addKernelLog(to results: inout StudyResults) {
    results.probes[0].kernelLog = log(warning(thread: 753, sequence: 588), .thisPart)
    results.probes[0].kernelLog?.leftOut = 3
    results.losses[1].kernelLog = log(
      warning(thread: 754, sequence: 700) + [
        line(720, 6, "Ring buffer [3] commit overrun lost 12 events at timestamp:7")
      ],
      .thisPart)
    results.losses[1].kernelLog?.taint = KernelLogExcerpt.Taint(before: 12_288, after: 12_800)
    let hidden = log([line(900, 3, "BUG: a | `b` ``` <c> in rb_x+0x1/0x2")], nil, inParallel: 2)
    results.probes[4].kernelLog = hidden
    results.losses[2].kernelLog = hidden
    results.kernelLog = KernelLogResult(
      taintBefore: 12_288, taintAfter: 12_800,
      parts: [
        KernelLogPart(
          backend: nil, part: "latency | <b>",
          log: log([line(950, 4, "INFO: task other:99 blocked for more than 120 seconds.")], .otherProgram)),
        KernelLogPart(
          backend: "tracefs", part: "clauses",
          log: KernelLogExcerpt(lines: [line(960, 4, "escape \u{1B}[31m")], overwritten: 7)),
      ])
  }

  private static func log(
    _ lines: [KernelLogLine], _ place: KernelLogThread.Place?, inParallel: Int? = nil
  ) -> KernelLogExcerpt {
    let ids = [753, 754, 99]
    return KernelLogExcerpt(
      lines: lines, threads: place.map { place in ids.map { KernelLogThread(id: $0, place: place) } },
      inParallel: inParallel)
  }

  private static func line(_ sequence: UInt64, _ level: Int, _ message: String) -> KernelLogLine {
    KernelLogLine(sequence: sequence, time: 1_204 + sequence, level: level, message: message)
  }

  private static func warning(thread: Int, sequence: UInt64) -> [KernelLogLine] {
    [
      "------------[ cut here ]------------",
      "WARNING: CPU: 0 PID: \(thread) at src/frontend.c:1264 lib_ring_buffer_get_subbuf+0x24d/0x270 [lttng]",
      "Modules linked in: lttng(OE)", "CPU: 0 UID: 0 PID: \(thread) Comm: exe Not tainted 6.12 #1",
      "RIP: 0010:lib_ring_buffer_get_subbuf+0x24d/0x270 [lttng]", "RAX: 0000000000000000 RBX: ffff88803f3a5c00",
      "Call Trace:", " <TASK>", " lib_ring_buffer_ioctl+0x2a0/0x360 [lttng]", " </TASK>",
      "---[ end trace 0000000000000000 ]---",
    ].enumerated().map { line(sequence + UInt64($0), 4, $1) }
  }
}
