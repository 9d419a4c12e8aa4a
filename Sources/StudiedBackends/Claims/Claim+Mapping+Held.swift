import Study

/// Access to the pages of a mapping.
extension Claim {
  static let outsideHeld = Claim(
    "outside-the-held-subbuffer", .mapping, title: "Are sub-buffers readable that are not held?",
    question: "Can a reader load bytes of the mapping that lie outside the sub-buffer that it holds?",
    source:
      "lttng-modules, ring_buffer_mmap.c, lib_ring_buffer_fault_compat: \"Verify that faults are only done on the "
      + "range of pages owned by the reader.\", else VM_FAULT_SIGBUS",
    procedure:
      "Fill three and a half sub-buffers; acquire one; load the first byte of it, and of each other sub-buffer, "
      + "none of which was touched before.",
    notModelled: "a model has no mmap",
    reaching: [
      .loadable("load of the held sub-buffer"),
      Mark("others-to-load", "there were other sub-buffers") { seen in try seen.number("other sub-buffers") > 0 },
    ],
    [
      .lttngModules: .documented("no: each load outside raises SIGBUS; within, as a control, none does", outsideLoads),
      .lttngUST: .assumed("no: each load outside raises a signal", from: "lttng-modules", outsideLoads),
      .kernel: .assumed("no: each load outside raises a signal", from: "lttng-modules", outsideLoads),
    ])

  private static let outsideLoads: Expectation.Judge = { seen in
    let others = try seen.number("other sub-buffers")
    let failed = try seen.number("loads of them that raised a signal")
    if failed == others { return try Answer("no: \(seen.signal("the signals"))", isExpected: true) }
    return Answer(failed == 0 ? "yes" : "some of them", isExpected: false)
  }

  static let storesRefused = Claim(
    "reader-cannot-store", .mapping, title: "Can a reader modify the sub-buffer that it holds?",
    question: "Can a reader store into the sub-buffer that it holds?",
    source:
      "kernel/trace/ring_buffer.c, __rb_map_vma: \"Refuse MP_PRIVATE or writable mappings\"; undocumented for LTTng; "
      + "lttng-modules, ring_buffer_mmap.c, does not check VM_WRITE; lttng-ust, shm.c, "
      + "maps with PROT_READ | PROT_WRITE",
    procedure:
      "Acquire a full sub-buffer. Store another value into its first byte: by process_vm_writev into the reader's "
      + "mapping, and by a store through a writable mapping if there is one (LTTng-UST's library has no other). Check "
      + "through the reader's mapping whether the byte has changed, and restore it.",
    notModelled: "a model has no mmap",
    reaching: [
      .control("process_vm_writev"), .loadable("load of the held sub-buffer"),
      // Where no writable mapping was asked for, or it was given, there is no refusal to tell from the environment's.
      Mark("mapping-refused-by-abi", "the writable mapping was not refused by the environment") { seen in
        guard try seen["writable mapping"].hasPrefix("-") else { return true }
        return try seen[Evidence.name(ofControl: "mmap")] == "0"
      },
    ],
    [
      .kernel: .documented("no: process_vm_writev is refused, and so is a writable mapping", stores),
      .lttng: .assumed("no: there is no way to change the byte", from: "kernel", stores),
    ])

  private static let stores: Expectation.Judge = { seen in
    if try seen["process_vm_writev: the byte has changed"] != "no" { return Answer("yes", isExpected: false) }
    let isUnchanged = try seen["store: the byte has changed"] == "no"
    return Answer(isUnchanged ? "no" : "yes, through a writable mapping", expected: "no")
  }

  static let releasedPage = Claim(
    "released-page-stays-mapped", .mapping, title: "Is a page of a released sub-buffer still readable?",
    question: "If a page is mapped when it is first touched, as part of the held sub-buffer: can it still be loaded "
      + "after the release, and does it show what the writer writes there?",
    source:
      "a question of this study; lttng-modules, ring_buffer_mmap.c, lib_ring_buffer_fault_compat: \"Verify that "
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
      .kernel: .doesNotApply(to: "pages that are mapped when they are touched", "all sub-buffers are mapped at once"),
    ])
}
