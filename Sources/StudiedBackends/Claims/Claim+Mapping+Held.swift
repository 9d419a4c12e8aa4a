import Study

/// What of the mapping a reader can touch.
extension Claim {
  static let outsideHeld = Claim(
    "outside-the-held-subbuffer", .mapping, title: "Pages outside the held sub-buffer",
    question: "Can a reader load bytes of the mapping that lie outside the sub-buffer that it holds?",
    source:
      "lttng-modules, ring_buffer_mmap.c, lib_ring_buffer_fault_compat: \"Verify that faults are only done on the "
      + "range of pages owned by the reader.\", else VM_FAULT_SIGBUS",
    procedure:
      "Fill three sub-buffers and a half; acquire one; load the first byte of it, and of each other sub-buffer, "
      + "none of which was touched before.",
    notModelled: "a model has no mmap",
    [
      .lttngModules: .stated("each load outside raises SIGBUS (7); within, as a control, none does") { seen in
        try loadsOutsideFail(seen)
      },
      .lttngUST: .counterpart("each load outside raises a signal", loadsOutsideFail),
      .kernel: .counterpart("each load outside raises a signal", loadsOutsideFail),
    ])

  private static let loadsOutsideFail: Expectation.Judge = { seen in
    try seen.require(seen["load of the held sub-buffer"] == "0", "the held one cannot be loaded")
    let others = try seen.number("other sub-buffers")
    try seen.require(others > 0, "there is no other")
    return try seen.number("loads of them that raised a signal") == others
  }

  static let storesRefused = Claim(
    "reader-cannot-store", .mapping, title: "A reader changes what it holds",
    question: "Is it refused to a reader to store into the sub-buffer that it holds?",
    source:
      "kernel/trace/ring_buffer.c, __rb_map_vma: \"Refuse MP_PRIVATE or writable mappings\"; of LTTng stated nowhere "
      + "in words; lttng-modules, ring_buffer_mmap.c, does not look at VM_WRITE; lttng-ust, shm.c, "
      + "maps with PROT_READ | PROT_WRITE",
    procedure:
      "Acquire a full sub-buffer. Store another value into its first byte: by process_vm_writev into the reader's "
      + "mapping, and by a store through a writable one, where that can be had (LTTng-UST's library has no other). Look "
      + "by the reader's mapping whether the byte has changed, and put it back.",
    notModelled: "a model has no mmap",
    [
      .kernel: .stated("process_vm_writev is refused, and so is a writable mapping", isUnchanged),
      .lttng: .taken("as of the kernel's mapping: there is no way to change the byte", isUnchanged),
    ])

  private static let isUnchanged: Expectation.Judge = { seen in
    try seen.requireControl("process_vm_writev")
    if try seen["writable mapping"].hasPrefix("-") { try seen.requireControl("mmap") }
    try seen.require(seen["load of the held sub-buffer"] == "0", "it cannot be loaded")
    return try seen["process_vm_writev: the byte has changed"] == "no" && seen["store: the byte has changed"] == "no"
  }

  static let releasedPage = Claim(
    "released-page-stays-mapped", .mapping, title: "A page of a released sub-buffer",
    question: "Where a page is mapped when it is first touched, as part of the held sub-buffer: can it still be loaded "
      + "when the sub-buffer was released, and does it follow what the writer writes there?",
    source:
      "a question; lttng-modules, ring_buffer_mmap.c, lib_ring_buffer_fault_compat: \"Verify that faults are only "
      + "done on the range of pages owned by the reader.\"; nothing unmaps a page at the put",
    procedure:
      "Fill two sub-buffers; acquire the first, copy its bytes and release it; load its first byte; write three "
      + "times what fits; load again and compare.",
    notModelled: "a model has no mmap",
    [
      .lttngModules: .taken("from the comment: a load raises SIGBUS once the sub-buffer is released") { seen in
        try seen["load after the put"] == "signal 7"
      },
      .lttngUST: .noCounterpart(to: "pages that are mapped when they are touched", "all memory is mapped at once"),
      .kernel: .noCounterpart(to: "pages that are mapped when they are touched", "all sub-buffers are mapped at once"),
    ])
}
