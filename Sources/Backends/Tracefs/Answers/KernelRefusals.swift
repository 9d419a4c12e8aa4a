import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

extension KernelAnswers {
  static let resizeWhileMapped = Claim(
    "resize-while-mapped", .refusals, title: "Can a mapped ring buffer be resized?",
    question: "Can the ring buffer or its sub-buffers be resized while it is mapped?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: \"it is not possible to either resize it (either by "
      + "increasing the entire size of the ring-buffer or each subbuf)\"",
    procedure: "Map the ring buffer. Set the size of all ring buffers, of this CPU's and of the sub-buffers; unmap and "
      + "set the size again.",
    notModelled: "sizes are set through files of tracefs",
    reaching: [.worked("unmapped: buffer_size_kb")],
    [
      .kernel: .documented("no, each is refused; unmapped, as a control, the size can be set") { seen in
        let sizes = ["buffer_size_kb", "per_cpu/cpuN/buffer_size_kb", "buffer_subbuf_size_kb"].map { "mapped: \($0)" }
        let refused = try sizes.map { try seen.refuses($0) }
        if refused.contains(false) {
          return Answer(refused.contains(true) ? "yes, in part" : "yes", isExpected: false)
        }
        let codes = try seen.codes(sizes)
        return Answer("no: \(codes)", isExpected: true)
      }
    ])

  static let refusedResize = Claim(
    "refused-resize-changes-nothing", .refusals, title: "Does a refused resize change anything?",
    question: "Are all events read that were written before and after a refused resize, and are the sizes unchanged?",
    source: "undocumented; Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: \"When changing the "
      + "sub-buffer size, tracing is stopped and any data in the ring buffer … will be discarded\"; "
      + "kernel/trace/ring_buffer.c, ring_buffer_subbuf_order_set, restores the old size if it is refused",
    procedure: "Map the ring buffer and write 100 events; try to set the size of all ring buffers and of the "
      + "sub-buffers; write 100 more; read everything.",
    notModelled: "sizes are set through files of tracefs",
    reaching: [.refused("buffer_size_kb", "buffer_subbuf_size_kb")],
    [
      .kernel: .assumed("no: all events are read, and the sizes are unchanged") { seen in
        if try seen["read"] != "0 … 199 (200)" { return Answer("yes, events are lost", isExpected: false) }
        let isSame = try seen["sizes before"] == seen["sizes after"]
        return Answer(isSame ? "no" : "yes, the sizes", expected: "no")
      }
    ])

  static let snapshotWhileMapped = Claim(
    "snapshot-excludes-mapping", .refusals, title: "Do snapshot and mapping exclude each other?",
    question: "Is a snapshot refused while the ring buffer is mapped, and a mapping while a snapshot is armed?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(snapshot, excludes_map) and "
      + "TEST_F(snapshot, excluded_by_map): -EBUSY; Documentation/trace/ring-buffer-map.rst, Limitations: \"It is also "
      + "not possible to use snapshot\"; S. Rostedt, \(Cited.v11), 2024-01-15: \"All errors return -EBUSY\"",
    procedure: "Map the ring buffer; arm a snapshot by a trigger of sched_switch and take one by the file snapshot. "
      + "Unmap; arm the trigger; map.",
    notModelled: "snapshots are taken through files of tracefs",
    reaching: [
      .machine("snapshots-built", "the kernel was built with CONFIG_TRACER_SNAPSHOT") { seen in
        try seen["the instance has a file snapshot"] == "yes"
      }
    ],
    [
      .kernel: .documented("yes, each is refused with -EBUSY; the trigger alone, as a control, can be armed") { seen in
        let isMappedRefused =
          try seen.refuses("mapped: trigger snapshot", with: "EBUSY")
          && seen.refuses("mapped: 1 > snapshot", with: "EBUSY")
        if try !seen.works("unmapped: trigger snapshot") {
          return Answer("no snapshot without a mapping", isExpected: false)
        }
        switch (isMappedRefused, try seen.refuses("armed: mmap", with: "EBUSY")) {
        case (true, true): return Answer("yes: -EBUSY", isExpected: true)
        case (true, false): return Answer("no, mmap does not return -EBUSY", isExpected: false)
        case (false, true): return Answer("no, snapshots do not return -EBUSY", isExpected: false)
        case (false, false): return Answer("no, neither returns -EBUSY", isExpected: false)
        }
      }
    ])

  static let spliceWhileMapped = Claim(
    "splice-copies-while-mapped", .refusals, title: "splice of a mapped ring buffer",
    question:
      "Does splice(2) still deliver events while the ring buffer is mapped, and does the mapping continue after them?",
    source: "Documentation/trace/ring-buffer-map.rst, Limitations: a mapping \"causes splice to copy the ring buffer "
      + "data instead of using the copyless swap\"; V. Donnefort, [PATCH v11 2/5] ring-buffer: Introducing ring-buffer "
      + "mapping functions, 2024-01-11: \"the splice enabling functions will in reality simply memcpy the data\"",
    procedure: "Write 500 events. Splice one sub-buffer from trace_pipe_raw to a pipe, as a control; map the ring "
      + "buffer; splice two more; read everything else through the mapping. Write 500 more; read(2) a part of "
      + "trace_pipe, and splice after that (not judged).",
    notModelled: "a model has no splice",
    reaching: [.readable { seen in try seen.number("not mapped: splice") > 0 }],
    [
      .kernel: .documented("it delivers a full sub-buffer while mapped, and the mapping everything after it") { seen in
        let next = try seen.number("first that was not spliced")
        if try !seen.works("mapped: splice") { return try Answer(seen.code("mapped: splice"), isExpected: false) }
        if try seen["mapped: events spliced"] == "none" { return Answer("copies no events", isExpected: false) }
        let isContinued = try seen["read through the mapping then"] == "\(next) … 499 (\(500 - next))"
        return Answer(
          isContinued ? "copies a sub-buffer" : "copies, but the mapping differs", expected: "copies a sub-buffer")
      }
    ])

  static let spliceLeavesLoss = Claim(
    "refused-splice-moves-no-mark", .refusals, title: "Missed-events flag after a refused splice",
    question: "After a splice(2) that was refused while the ring buffer was mapped: is the missed-events flag in the "
      + "sub-buffer after the gap?",
    source: "undocumented; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, marks the sub-buffer "
      + "that it has just exchanged",
    procedure:
      "Overwrite the ring buffer; try to splice one sub-buffer from trace_pipe_raw next to the mapping; acquire "
      + "twice through the mapping.",
    notModelled: "a model has no splice",
    reaching: [
      .control("splice"), .refused("mapped: splice"), .eventsLost("first: events missing before"),
      .nothingLost("second: events missing before"),
    ],
    [
      .kernel: .assumed(
        "the refusal changes nothing: the first sub-buffer is marked, the second is not (without a splice see "
          + "flag-means-missed)"
      ) { seen in
        switch (try seen["first: bit 31 of commit"] == "1", try seen["second: bit 31 of commit"] == "0") {
        case (true, true): return Answer("in the right sub-buffer", isExpected: true)
        case (true, false): return Answer("in two sub-buffers", isExpected: false)
        case (false, false): return Answer("one sub-buffer late", isExpected: false)
        case (false, true): return Answer("missing", isExpected: false)
        }
      }
    ])

  static let removalWhileMapped = Claim(
    "mapped-instance-stays", .refusals, title: "Can a mapped tracing instance be removed?",
    question: "Can a tracing instance be removed while a mapping of it exists and its files are closed?",
    source: "kernel/trace/trace.c, __remove_instance: -EBUSY while there is a reference; mmap(2): \"closing the file "
      + "descriptor does not unmap the region\"",
    procedure: "Make an instance, map its ring buffer, close the file; remove the instance; unmap; remove it again.",
    notModelled: "a model has no directory",
    reaching: [.control("rmdir")],
    [
      .kernel: .assumed("from both: rmdir returns -EBUSY while it is mapped, and works afterwards") { seen in
        if try seen.works("rmdir while mapped") { return Answer("yes", isExpected: false) }
        let code = try seen.code("rmdir while mapped")
        let isRemovable = try seen.works("rmdir after it")
        return Answer(isRemovable ? "no: \(code)" : "no, nor when unmapped", expected: "no: -EBUSY")
      }
    ])

  static let refusedMapping = Claim(
    "refused-mapping-leaves-nothing", .refusals, title: "Is a resize possible after a refused mapping?",
    question: "Can the ring buffer be resized after a mapping of it was refused?",
    source: "S. Rostedt, commit 9ba0e1755a40 (\"ring-buffer: Unlock resize on mmap error\"), 2025-02-13: \"if there's "
      + "an error in the memory mapping like an invalid parameter, the function exits out without re-enabling the "
      + "resizing of the ring buffer\"",
    procedure: "Try a private mapping and one that is too long of a ring buffer that is not mapped; set its size, and "
      + "that of its sub-buffers.",
    notModelled: "a model has no mmap",
    reaching: [.control("mmap"), .refused("mmap, private", "mmap, too long")],
    [
      .kernel: .documented("yes: both mappings are refused, and both sizes can be set") { seen in
        let refused = try ["buffer_size_kb", "buffer_subbuf_size_kb"].first { try !seen.works($0) }
        guard let refused else { return Answer("yes", isExpected: true) }
        return try Answer("no: \(refused) \(seen.code(refused))", isExpected: false)
      }
    ])
}

extension TracefsStudy {
  /// Probes of refusals while the ring buffer is mapped.
  var liveRefusalsProbes: [Probe] {
    [
      probe(KernelAnswers.resizeWhileMapped) { (ring, evidence) throws(SourceError) in
        do {
          let mapping = try ring.map()
          let instance = ring.instance
          evidence.add("mapped: buffer_size_kb", Attempt.set(instance, "buffer_size_kb", "256"))
          evidence.add(
            "mapped: per_cpu/cpuN/buffer_size_kb",
            Attempt.set(instance, "per_cpu/cpu\(ring.cpu)/buffer_size_kb", "256"))
          evidence.add("mapped: buffer_subbuf_size_kb", Attempt.set(instance, "buffer_subbuf_size_kb", "8"))
          evidence.add("nr_subbufs after it", mapping.metaPage.subbufferCount)
        }
        evidence.add("unmapped: buffer_size_kb", Attempt.set(ring.instance, "buffer_size_kb", "256"))
      },
      probe(KernelAnswers.refusedResize) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("sizes before", try ring.sizes(mapping))
        try ring.write(100)
        evidence.add("buffer_size_kb", Attempt.set(ring.instance, "buffer_size_kb", "256"))
        evidence.add("buffer_subbuf_size_kb", Attempt.set(ring.instance, "buffer_subbuf_size_kb", "8"))
        try ring.write(100, from: 100)
        evidence.add("sizes after", try ring.sizes(mapping))
        evidence.add("read", try mapping.readAllUnread().asRange)
      },
      probe(KernelAnswers.snapshotWhileMapped) { (ring, evidence) throws(SourceError) in
        let instance = ring.instance
        let exists = access("\(instance.path)/snapshot", F_OK) == 0
        evidence.add("the instance has a file snapshot", exists ? "yes" : "no")
        if !exists { return }
        let trigger = "events/sched/sched_switch/trigger"
        do {
          let mapping = try ring.map()
          withExtendedLifetime(mapping) {
            evidence.add("mapped: trigger snapshot", Attempt.set(instance, trigger, "snapshot"))
            evidence.add("mapped: 1 > snapshot", Attempt.set(instance, "snapshot", "1"))
          }
        }
        evidence.add("unmapped: trigger snapshot", Attempt.set(instance, trigger, "snapshot"))
        let file = try RingBufferFile(ring)
        evidence.add("armed: mmap", Attempt.map(file.descriptor, 4096, PROT_READ, MAP_SHARED))
        try instance.set(trigger, "!snapshot")
      },
      probe(KernelAnswers.spliceWhileMapped) { (ring, evidence) throws(SourceError) in
        try ring.write(500)
        let control = try ring.splice(subbuffers: 1)
        evidence.add("not mapped: splice", ErrnoName.result(Int32(control.result)))
        evidence.add("not mapped: events spliced", control.sequences.asRange)
        let mapping = try ring.map()
        let spliced = try ring.splice(subbuffers: 2)
        evidence.add("mapped: splice", ErrnoName.result(Int32(spliced.result)))
        evidence.add("mapped: events spliced", spliced.sequences.asRange)
        evidence.add("read through the mapping then", try mapping.readAllUnread().asRange)
        let all = control.sequences + spliced.sequences
        evidence.add("spliced in all", all.count)
        evidence.add("first that was not spliced", all.last.map { $0 + 1 } ?? 0)
        try ring.write(500, from: 500)
        evidence.add("mapped, behind a read(2) of 128 bytes of trace_pipe: read", try ring.readTracePipe(128))
        let behind = try ring.splice(subbuffers: 1)
        evidence.add("mapped, behind that read: splice", ErrnoName.result(Int32(behind.result)))
        evidence.add("mapped, behind that read: events spliced", behind.sequences.asRange)
      },
      probe(KernelAnswers.spliceLeavesLoss) { (ring, evidence) throws(SourceError) in
        var reader = KernelReader(try ring.map())
        try ring.write(2 * ring.eventsPerRing())
        try evidence.addSpliceControl()
        evidence.add("mapped: splice", ErrnoName.result(Int32(try ring.splice(subbuffers: 1).result)))
        for name in ["first", "second"] {
          guard let handover = try reader.next() else { return }
          evidence.add("\(name): events", handover.look.sequences.asRange)
          evidence.add("\(name): events missing before", handover.missing)
          evidence.add("\(name): commit", handover.look.commitText)
          evidence.add("\(name): bit 31 of commit", handover.look.hasMissedEvents ? 1 : 0)
          evidence.add("\(name): reader.lost_events", handover.meta.readerLostEvents)
        }
      },
      probe(KernelAnswers.removalWhileMapped) { (ring, evidence) throws(SourceError) in
        // One that has no writer: that has a file open.
        let instance = try TracefsInstance(in: ring.tracefs)
        do {
          let mapping = try WholeMapping(path: instance.ringBufferPath(cpu: ring.cpu), length: 4096)
          evidence.addRemovalControl()
          evidence.add("rmdir while mapped", Attempt.call(rmdir(instance.path)))
          _ = mapping.length
        }
        do throws(SourceError) {
          try instance.remove()
          evidence.add("rmdir after it", "0")
        } catch {
          evidence.add("rmdir after it", Attempt.call(-1))
        }
      },
      probe(KernelAnswers.refusedMapping) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let attempts = [
          MappingAttempt(name: "mmap, private", length: 4096, protection: PROT_READ, flags: MAP_PRIVATE),
          MappingAttempt(name: "mmap, too long", length: 1 << 30, protection: PROT_READ),
        ]
        try evidence.addMappingControl(attempts)
        for attempt in attempts { evidence.add(attempt.name, attempt(file.descriptor)) }
        evidence.add("buffer_size_kb", Attempt.set(ring.instance, "buffer_size_kb", "256"))
        evidence.add("buffer_subbuf_size_kb", Attempt.set(ring.instance, "buffer_subbuf_size_kb", "8"))
      },
    ]
  }
}

extension TracefsRing {
  /// The sizes of the ring buffer, as files and mapping tell them.
  fileprivate func sizes(_ mapping: TracefsMapping) throws(SourceError) -> String {
    let files = ["per_cpu/cpu\(cpu)/buffer_size_kb", "buffer_subbuf_size_kb"]
    var values: [String] = []
    for file in files { values.append(try instance.text(file).oneLine) }
    let meta = mapping.metaPage
    return "\(values.joined(separator: " KiB, ")) KiB, \(meta.subbufferCount) × \(meta.subbufferSize)"
  }
}
