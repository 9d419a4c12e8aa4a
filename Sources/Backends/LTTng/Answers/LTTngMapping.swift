import Results
import Study

extension LTTngAnswers {
  package static let noCount = Expectation.doesNotApply(
    to: "a mapping that the kernel counts", "a mapping of a stream changes nothing of its ring buffer")

  package static let outsideHeld = Claim.outsideHeld.answered([
    .lttngModules: .documented(
      "no: each load outside raises SIGBUS; within, as a control, none does", Claim.outsideLoads),
    .lttngUST: .assumed("no: each load outside raises a signal", from: "lttng-modules", Claim.outsideLoads),
  ])

  package static let storesRefused = Claim.storesRefused.answered(
    procedure:
      "Get a full sub-buffer. Store another value into its first byte: by process_vm_writev into the reader's mapping, "
      + "and by a store through a writable mapping if there is one (LTTng-UST's library has no other). Check through the "
      + "reader's mapping whether the byte has changed, and restore it.",
    [
      .lttng: .assumed("no: there is no way to change the byte", from: "kernel", Claim.stores)
    ])

  package static let releasedPage = Claim(
    "released-page-stays-mapped", .mapping, title: "Is a page of a released sub-buffer still readable?",
    question: "If a page is mapped when it is first touched, as part of the held sub-buffer: can it still be loaded "
      + "after the release, and does it show what the writer writes there?",
    source: "a question of this study; lttng-modules, ring_buffer_mmap.c, lib_ring_buffer_fault_compat: \"Verify that "
      + "faults are only done on the range of pages owned by the reader.\"; nothing unmaps a page at the put",
    procedure:
      "Fill two sub-buffers; acquire the first, copy its bytes and release it; load its first byte; write three "
      + "times what fits; load again and compare.",
    notModelled: "a model has no mmap",
    reaching: .nothing,
    [
      .lttngModules: .assumed("from the comment: no, a load raises SIGBUS after the release") { seen in
        let signal = try seen.signal("load after the put")
        if signal != "0" { return Answer("no: \(signal)", expected: "no: SIGBUS") }
        let isNew = try seen.number("bytes that have changed by then") > 0
        return Answer(isNew ? "yes, with newer events" : "yes", isExpected: false)
      },
      .lttngUST: .doesNotApply(to: "pages that are mapped when they are touched", "all memory is mapped at once"),
    ])

  package static let mappingRestrictions = Claim.mappingRestrictions.answered(
    procedure:
      "Open the stream for reading and writing. Map all of it, as a control, and then in each of the ways that are to "
      + "be refused.",
    [
      .lttngModules: .assumed(
        "mmap refuses each; the plain one, as a control, works", from: "kernel", Claim.refusedMappings),
      .lttngUST: .doesNotApply(
        to: "mmap of trace_pipe_raw", "the memory is the reader's own file; it may map it in any way"),
    ])

  package static let mappingStays = Claim.mappingStays.answered([
    .lttngModules: .assumed("no: mprotect and mremap refuse both", from: "kernel", Claim.laterMappings),
    .lttngUST: .doesNotApply(to: "mmap of trace_pipe_raw", "the memory is the reader's own file"),
  ])

  package static let notExecutable = Claim.notExecutable.answered([
    .lttngModules: .assumed("no: mprotect refuses, as assumed of the kernel", Claim.madeExecutable),
    .lttngUST: .doesNotApply(to: "mmap of trace_pipe_raw", "the memory is the reader's own file"),
  ])

  package static let mappingFlags = Claim.mappingFlags.answered([
    .lttngModules: .assumed("dc, de and dd are set; wr, mw and io are not", from: "kernel", Claim.vmFlags),
    .lttngUST: .doesNotApply(
      to: "flags that the kernel sets on its own memory",
      "the memory is the reader's own file, mapped for writing too"),
  ])

  package static let mappingInherited = Claim.mappingInherited.answered([
    .lttng: .assumed("no: a load in the child raises a signal", from: "kernel") { seen in
      let signal = try seen.signal("load in its child")
      return Answer(signal == "0" ? "yes" : "no: \(signal)", isExpected: signal != "0")
    }
  ])

  package static let debuggerReads = Claim.debuggerReads.answered([
    .lttng: .assumed("yes: all bytes are read, and they equal the mapping", from: "kernel", Claim.debuggerRead)
  ])

  package static let droppedPages = Claim.droppedPages.answered(
    procedure: "Take the library's mapping. madvise(MADV_DONTNEED), and load its first byte.",
    [
      .lttngModules: .assumed("from ring_buffer_mmap.c: the packet, since a fault maps what is held", reloaded),
      .lttngUST: .assumed("from madvise(2): the packet, since the mapping is of a file", reloaded),
    ])

  package static let reloaded: Expectation.Judge = { seen in
    let signal = try seen.signal("load after it")
    if signal != "0" { return Answer(signal, isExpected: false) }
    let isSame = try seen["the same bytes"] == "yes"
    return Answer(isSame ? "the same bytes" : "other bytes", expected: "the same bytes")
  }

  package static let truncatedMemory = Claim.truncatedMemory.answered(
    procedure:
      "lttng-modules: ftruncate the stream with a sub-buffer held, load a byte of that, put and get. LTTng-UST: make a "
      + "channel and seal its file against shrinking; ftruncate the file to 0 and call get_next_subbuf, with a handler of "
      + "SIGBUS that asks lttng_ust_ctl_sigbus_handle; the same with a file that is not sealed.",
    [
      .lttngModules: .assumed(
        "whatever ftruncate returns, the mapped memory stays, and the get works", reaching: [.control("ftruncate")]
      ) { seen in
        try Claim.truncated(seen, then: "get then")
      },
      .lttngUST: .documented(
        "get_next_subbuf returns -EIO (as a control, a sealed file cannot be truncated and has nothing to read)",
        reaching: [
          .worked("not sealed: ftruncate"), .refused("sealed: ftruncate", with: "EPERM"),
          .refused("sealed: get_next_subbuf", with: "EAGAIN"),
        ]
      ) { seen in
        let get = try seen.code("not sealed: get_next_subbuf")
        if get == "does not return" { return Answer("endless SIGBUS in the reader", isExpected: false) }
        return Answer(get == "0" ? "no effect" : "acquire returns \(get)", expected: "acquire returns -EIO")
      },
    ])
}
