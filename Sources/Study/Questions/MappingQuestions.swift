import Results

extension Claim {
  /// Are sub-buffers readable that are not held?
  public static let outsideHeld = Claim(
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
    ])

  package static let outsideLoads: Expectation.Judge = { seen in
    let others = try seen.number("other sub-buffers")
    let failed = try seen.number("loads of them that raised a signal")
    if failed == others { return try Answer("no: \(seen.signal("the signals"))", isExpected: true) }
    return Answer(failed == 0 ? "yes" : "some of them", isExpected: false)
  }

  /// Can a reader modify the sub-buffer that it holds?
  public static let storesRefused = Claim(
    "reader-cannot-store", .mapping, title: "Can a reader modify the sub-buffer that it holds?",
    question: "Can a reader store into the sub-buffer that it holds?",
    source:
      "kernel/trace/ring_buffer.c, __rb_map_vma: \"Refuse MP_PRIVATE or writable mappings\"; undocumented for LTTng; "
      + "lttng-modules, ring_buffer_mmap.c, does not check VM_WRITE; lttng-ust, shm.c, "
      + "maps with PROT_READ | PROT_WRITE",
    notModelled: "a model has no mmap",
    reaching: [
      .control("process_vm_writev"), .loadable("load of the held sub-buffer"),
      // Where no writable mapping was asked for, or it was given, there is no refusal to tell from the environment's.
      Mark("mapping-refused-by-abi", "the writable mapping was not refused by the environment") { seen in
        guard try seen["writable mapping"].hasPrefix("-") else { return true }
        return try seen[Evidence.name(ofControl: "mmap")] == "0"
      },
    ])

  package static let stores: Expectation.Judge = { seen in
    if try seen["process_vm_writev: the byte has changed"] != "no" { return Answer("yes", isExpected: false) }
    let isUnchanged = try seen["store: the byte has changed"] == "no"
    return Answer(isUnchanged ? "no" : "yes, through a writable mapping", expected: "no")
  }

  /// Writable, executable, private or too long mappings.
  public static let mappingRestrictions = Claim(
    "mapping-restrictions", .mapping, title: "Writable, executable, private or too long mappings",
    question: "Are writable, executable and private mappings refused, and those beyond the end?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, __rb_map_vma: \"Refuse MP_PRIVATE or writable mappings\"; "
      + "map_test.c, data_mmap (beyond the end); lttng-modules, ring_buffer_mmap.c, lib_ring_buffer_mmap_buf, checks "
      + "the length only",
    notModelled: "a model has no mmap",
    reaching: [
      .control("mmap"),
      .mappingsTried,
    ])

  package static let refusedMappings: Expectation.Judge = { seen in
    if try !seen.works("PROT_READ, MAP_SHARED, all of it") {
      return Answer("a plain one is refused", isExpected: false)
    }
    let prefix = MappingAttempt.refused
    let tried = seen.observations.filter { $0.name.hasPrefix(prefix) }
    let accepted = tried.filter { !$0.value.hasPrefix("-") }.map { $0.name.dropFirst(prefix.count) }
    if accepted.isEmpty { return Answer("all refused", isExpected: true) }
    if accepted.count == tried.count { return Answer("all accepted", isExpected: false) }
    let words = accepted.map { name in
      if name.contains("PROT_WRITE") { return "writable" }
      if name.contains("PROT_EXEC") { return "executable" }
      return name.contains("MAP_PRIVATE") ? "private" : name.contains("too long") ? "longer" : "later"
    }
    return Answer("\(words.joined(separator: ", ")) accepted", isExpected: false)
  }

  /// Can a mapping be made writable or longer?
  public static let mappingStays = Claim(
    "mapping-stays-as-accepted", .mapping, title: "Can a mapping be made writable or longer?",
    question: "Can a mapping that was accepted be made writable or longer?",
    source:
      "kernel/trace/ring_buffer.c, __rb_map_vma: \"Make sure the mapping cannot become writable later\"; L. Torvalds, "
      + "Re: [GIT PULL] tracing: Updates for v6.9, 2024-03-16: \"VM_DONTEXPAND to not let people play games with the "
      + "mapping\", \"you cleared VM_MAYWRITE. Those are all good.\"",
    procedure:
      "Map all of the ring buffer, from a file opened for reading and writing. Ask mprotect for a writable mapping, "
      + "and mremap for one sub-buffer more, in place and at any address.",
    notModelled: "a model has no mmap",
    reaching: [.control("mprotect", "mremap", "mremap(MREMAP_MAYMOVE)")])

  package static let laterMappings: Expectation.Judge = { seen in
    let isWritable = try !seen.refuses("mprotect(PROT_READ|PROT_WRITE)")
    let isLonger =
      try !seen.refuses("mremap, one sub-buffer longer")
      || !seen.refuses("mremap(MREMAP_MAYMOVE), one sub-buffer longer")
    switch (isWritable, isLonger) {
    case (false, false): return Answer("no", isExpected: true)
    case (true, false): return Answer("yes, writable", isExpected: false)
    case (false, true): return Answer("yes, longer", isExpected: false)
    case (true, true): return Answer("yes, writable and longer", isExpected: false)
    }
  }

  /// Can a mapping be made executable?
  public static let notExecutable = Claim(
    "mapping-not-made-executable", .mapping, title: "Can a mapping be made executable?",
    question: "Can a mapping that was accepted be made executable?",
    source: "undocumented; kernel/trace/ring_buffer.c, __rb_map_vma refuses VM_EXEC at mmap; lttng-modules, "
      + "ring_buffer_mmap.c, does not check it",
    procedure: "Map all of the ring buffer and ask mprotect for an executable mapping.",
    notModelled: "a model has no mmap",
    reaching: [.control("mprotect")])

  package static let madeExecutable: Expectation.Judge = { seen in
    if try seen.refuses("mprotect(PROT_READ|PROT_EXEC)") {
      return try Answer("no: \(seen.code("mprotect(PROT_READ|PROT_EXEC)"))", isExpected: true)
    }
    return Answer("yes", isExpected: false)
  }

  /// Which of the flags dc, de, dd, wr, mw, io are set?
  public static let mappingFlags = Claim(
    "mapping-flags", .mapping, title: "Which of the flags dc, de, dd, wr, mw, io are set?",
    question: "Is a mapping not copied (dc), not expanded (de), not dumped (dd), never written (no wr, mw), and not "
      + "I/O memory (no io)?",
    source: "L. Torvalds, Re: [GIT PULL] tracing: Updates for v6.9, 2024-03-16: \"You already did set VM_DONTCOPY "
      + "(and VM_DONTDUMP is a good idea too). And you cleared VM_MAYWRITE. Those are all good.\", \"VM_DONTEXPAND to "
      + "not let people play games with the mapping\"; S. Rostedt, \(Cited.v22), 2024-05-07: \"Do we really need the "
      + "VM_IO?\", \"I think we should drop that flag.\"; flags by Documentation/filesystems/proc.rst; lttng-modules, "
      + "ring_buffer_mmap.c, sets VM_DONTEXPAND only",
    procedure: "Map all of the ring buffer; read the flags of that mapping in /proc/self/smaps.",
    notModelled: "a model has no mmap",
    reaching: .nothing)

  package static let vmFlags: Expectation.Judge = { seen in
    let flags = Set(try seen["VmFlags"].split(separator: " "))
    let found = ["dc", "de", "dd", "wr", "mw", "io"].filter { flags.contains(Substring($0)) }
    return Answer(found.isEmpty ? "none" : found.joined(separator: " "), expected: "dc de dd")
  }

  /// Does a forked child inherit the mapping?
  public static let mappingInherited = Claim(
    "mapping-not-inherited", .mapping, title: "Does a forked child inherit the mapping?",
    question: "Can a process that the reader forks read the mapping?",
    source: "L. Torvalds, Re: [GIT PULL] tracing: Updates for v6.9, 2024-03-16: \"marking it all VM_DONTCOPY | VM_IO | "
      + "VM_DONTEXPAND to not let people play games with the mapping\", \"You already did set VM_DONTCOPY\"",
    procedure: "Fork with the ring buffer mapped; load its first byte in this process and in the child.",
    notModelled: "a model has no processes",
    reaching: [.control("fork"), .loadable("load in the reader")])

  /// Can a debugger read the mapping?
  public static let debuggerReads = Claim(
    "debugger-reads-mapping", .mapping, title: "Can a debugger read the mapping?",
    question: "Can the mapped memory be read with process_vm_readv, as a debugger does?",
    source: "S. Rostedt, \(Cited.v22), 2024-05-07: \"It appears that you can't ptrace IO memory. When I removed that "
      + "flag, gdb has no problem reading that memory.\"; V. Donnefort, ibid., 2024-05-10: \"Somehow I thought this "
      + "would prevent ptrace as well, but I've just tested it and this is not the case\"",
    procedure: "Copy the first 64 bytes of the mapping with process_vm_readv, and compare them with the mapping.",
    notModelled: "a model has no address space",
    reaching: [.control("process_vm_readv")])

  package static let debuggerRead: Expectation.Judge = { seen in
    let code = try seen.code("process_vm_readv")
    if code.hasPrefix("-") { return Answer("no: \(code)", isExpected: false) }
    if code != "64" { return Answer("only in part", isExpected: false) }
    let isSame = try seen["the same bytes"] == "yes"
    return Answer(isSame ? "yes" : "yes, but other bytes", expected: "yes")
  }

  /// A load after MADV_DONTNEED.
  public static let droppedPages = Claim(
    "dropped-pages", .mapping, title: "A load after MADV_DONTNEED",
    question: "What does a load return after the reader has dropped the pages with MADV_DONTNEED?",
    source:
      "V. Donnefort, \(Cited.v22), 2024-05-10, of MADV_DONTNEED: \"I've just tested and indeed, I get a SIGBUS!\"; "
      + "madvise(2): subsequent accesses to a shared mapping find \"the up-to-date contents of the underlying mapped "
      + "file\"",
    notModelled: "a model has no mmap",
    reaching: [.worked("madvise(MADV_DONTNEED)")])

  /// Truncating the mapped file while it is read.
  public static let truncatedMemory = Claim(
    "truncated-memory", .mapping, title: "Truncating the mapped file while it is read",
    question: "Can the mapped file be truncated, and what does the reader's next call find then?",
    source:
      "lttng-ust, ustctl.c, sigbus_begin: \"Evaluates to false if transaction begins, true if it has failed due to "
      + "SIGBUS.\", then -EIO (in 2.13.5 it always evaluates to false; fixed by \"Fix: ustctl: sigbus handling: "
      + "statement with no effect\", 2025-10-29, in 2.13.10 and 2.14.1); undocumented for the kernel and for "
      + "lttng-modules, whose stream is an anonymous inode",
    notModelled: "the memory of a model is not a file")

  package static func truncated(_ seen: Evidence, then call: String) throws -> Answer {
    let load = try seen.signal("load then")
    if load != "0" { return Answer("\(load) in the reader", isExpected: false) }
    if try !seen.works(call) { return try Answer("acquire returns \(seen.code(call))", isExpected: false) }
    let truncation = try seen.code("ftruncate")
    return Answer(truncation == "0" ? "no effect" : "refused: \(truncation)", isExpected: true)
  }
}
