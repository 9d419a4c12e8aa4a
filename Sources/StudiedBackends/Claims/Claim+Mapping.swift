import Study

extension Catalogue {
  /// The properties of a mapping.
  static let mapping: [Claim] = [
    .mappingRestrictions, .firstMapping, .mappingStays, .notExecutable, .mappingOffset, .mappingFlags,
    .mappingInherited,
    .debuggerReads, .droppedPages, .mappingOutlives, .aliasingCaches, .truncatedMemory, .outsideHeld, .releasedPage,
    .storesRefused, .unmapInPart, .forkedMapping, .persistentMapping,
  ]
}

extension Claim {
  private static let oneReader = "a stream has one reader; a second is refused"

  static let mappingRestrictions = Claim(
    "mapping-restrictions", .mapping, title: "Writable, executable, private or too long mappings",
    question: "Are writable, executable and private mappings refused, and those beyond the end?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, __rb_map_vma: \"Refuse MP_PRIVATE or writable mappings\"; "
      + "map_test.c, data_mmap (beyond the end); lttng-modules, ring_buffer_mmap.c, lib_ring_buffer_mmap_buf, checks "
      + "the length only",
    procedure: "Open trace_pipe_raw (lttng-modules: the stream) for reading and writing. Map all of it, as a control, "
      + "and then in each of the ways that are to be refused.",
    notModelled: "a model has no mmap",
    reaching: [
      .control("mmap"),
      .mappingsTried,
    ],
    [
      .kernel: .documented(
        "mmap refuses each; the plain one, as a control, works", reaching: [.mountedExecutable], refusedMappings),
      .lttngModules: .assumed("mmap refuses each; the plain one, as a control, works", from: "kernel", refusedMappings),
      .lttngUST: .doesNotApply(
        to: "mmap of trace_pipe_raw", "the memory is the reader's own file; it may map it in any way"),
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
        let answer = try refusedMappings(seen)
        let read = seen.observations.first { $0.name.hasPrefix("read: ") }
        guard !answer.isExpected, let read, read.value.hasPrefix("-") else { return answer }
        return Answer("\(answer.text), unreadable", isExpected: false)
      },
      .lttngModules: .doesNotApply(
        to: "a state of being mapped", "a mapping changes nothing in a stream; it is checked by its length alone"),
      .lttngUST: .doesNotApply(
        to: "mmap of trace_pipe_raw", "the memory is the reader's own file; it may map it in any way"),
    ])

  private static let refusedMappings: Expectation.Judge = { seen in
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

  static let mappingStays = Claim(
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
    reaching: [.control("mprotect", "mremap", "mremap(MREMAP_MAYMOVE)")],
    [
      .kernel: .documented("no: mprotect and mremap refuse both", laterMappings),
      .lttngModules: .assumed("no: mprotect and mremap refuse both", from: "kernel", laterMappings),
      .lttngUST: .doesNotApply(to: "mmap of trace_pipe_raw", "the memory is the reader's own file"),
    ])

  private static let laterMappings: Expectation.Judge = { seen in
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

  static let notExecutable = Claim(
    "mapping-not-made-executable", .mapping, title: "Can a mapping be made executable?",
    question: "Can a mapping that was accepted be made executable?",
    source: "undocumented; kernel/trace/ring_buffer.c, __rb_map_vma refuses VM_EXEC at mmap; lttng-modules, "
      + "ring_buffer_mmap.c, does not check it",
    procedure: "Map all of the ring buffer and ask mprotect for an executable mapping.",
    notModelled: "a model has no mmap",
    reaching: [.control("mprotect")],
    [
      .kernel: .assumed(
        "no: mprotect refuses what mmap refuses", reaching: [.mountedExecutable], madeExecutable),
      .lttngModules: .assumed("no: mprotect refuses, as assumed of the kernel", madeExecutable),
      .lttngUST: .doesNotApply(to: "mmap of trace_pipe_raw", "the memory is the reader's own file"),
    ])

  private static let madeExecutable: Expectation.Judge = { seen in
    if try seen.refuses("mprotect(PROT_READ|PROT_EXEC)") {
      return try Answer("no: \(seen.code("mprotect(PROT_READ|PROT_EXEC)"))", isExpected: true)
    }
    return Answer("yes", isExpected: false)
  }

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
      },
      .lttngModules: .doesNotApply(
        to: "a mapping of a part", "a mapping has the length of all sub-buffers (lib_ring_buffer_mmap_buf)"),
      .lttngUST: .doesNotApply(to: "mmap of trace_pipe_raw", "the library maps all of the file"),
    ])

  static let mappingFlags = Claim(
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
    reaching: .nothing,
    [
      .kernel: .assumed("from the postings: dc, de and dd are set; wr, mw and io are not", vmFlags),
      .lttngModules: .assumed("dc, de and dd are set; wr, mw and io are not", from: "kernel", vmFlags),
      .lttngUST: .doesNotApply(
        to: "flags that the kernel sets on its own memory",
        "the memory is the reader's own file, mapped for writing too"),
    ])

  private static let vmFlags: Expectation.Judge = { seen in
    let flags = Set(try seen["VmFlags"].split(separator: " "))
    let found = ["dc", "de", "dd", "wr", "mw", "io"].filter { flags.contains(Substring($0)) }
    return Answer(found.isEmpty ? "none" : found.joined(separator: " "), expected: "dc de dd")
  }

  static let mappingInherited = Claim(
    "mapping-not-inherited", .mapping, title: "Does a forked child inherit the mapping?",
    question: "Can a process that the reader forks read the mapping?",
    source: "L. Torvalds, Re: [GIT PULL] tracing: Updates for v6.9, 2024-03-16: \"marking it all VM_DONTCOPY | VM_IO | "
      + "VM_DONTEXPAND to not let people play games with the mapping\", \"You already did set VM_DONTCOPY\"",
    procedure: "Fork with the ring buffer mapped; load its first byte in this process and in the child.",
    notModelled: "a model has no processes",
    reaching: [.control("fork"), .loadable("load in the reader")],
    [
      .kernel: .documented("no: a load in the child raises SIGSEGV") { seen in
        let signal = try seen.signal("load in its child")
        return Answer(signal == "0" ? "yes" : "no: \(signal)", expected: "no: SIGSEGV")
      },
      .lttng: .assumed("no: a load in the child raises a signal", from: "kernel") { seen in
        let signal = try seen.signal("load in its child")
        return Answer(signal == "0" ? "yes" : "no: \(signal)", isExpected: signal != "0")
      },
    ])

  static let debuggerReads = Claim(
    "debugger-reads-mapping", .mapping, title: "Can a debugger read the mapping?",
    question: "Can the mapped memory be read with process_vm_readv, as a debugger does?",
    source: "S. Rostedt, \(Cited.v22), 2024-05-07: \"It appears that you can't ptrace IO memory. When I removed that "
      + "flag, gdb has no problem reading that memory.\"; V. Donnefort, ibid., 2024-05-10: \"Somehow I thought this "
      + "would prevent ptrace as well, but I've just tested it and this is not the case\"",
    procedure: "Copy the first 64 bytes of the mapping with process_vm_readv, and compare them with the mapping.",
    notModelled: "a model has no address space",
    reaching: [.control("process_vm_readv")],
    [
      .kernel: .assumed("yes, as in v22: all bytes are read, and they equal the mapping", debuggerRead),
      .lttng: .assumed("yes: all bytes are read, and they equal the mapping", from: "kernel", debuggerRead),
    ])

  private static let debuggerRead: Expectation.Judge = { seen in
    let code = try seen.code("process_vm_readv")
    if code.hasPrefix("-") { return Answer("no: \(code)", isExpected: false) }
    if code != "64" { return Answer("only in part", isExpected: false) }
    let isSame = try seen["the same bytes"] == "yes"
    return Answer(isSame ? "yes" : "yes, but other bytes", expected: "yes")
  }

  static let droppedPages = Claim(
    "dropped-pages", .mapping, title: "A load after MADV_DONTNEED",
    question: "What does a load return after the reader has dropped the pages with MADV_DONTNEED?",
    source:
      "V. Donnefort, \(Cited.v22), 2024-05-10, of MADV_DONTNEED: \"I've just tested and indeed, I get a SIGBUS!\"; "
      + "madvise(2): subsequent accesses to a shared mapping find \"the up-to-date contents of the underlying mapped "
      + "file\"",
    procedure: "Kernel: map the ring buffer once more; LTTng: take the library's mapping. madvise(MADV_DONTNEED), and "
      + "load its first byte.",
    notModelled: "a model has no mmap",
    reaching: [.worked("madvise(MADV_DONTNEED)")],
    [
      .kernel: .assumed("as in v22: SIGBUS") { seen in
        let signal = try seen.signal("load after it")
        return Answer(signal == "0" ? "no signal" : signal, expected: "SIGBUS")
      },
      .lttngModules: .assumed("from ring_buffer_mmap.c: the packet, since a fault maps what is held", reloaded),
      .lttngUST: .assumed("from madvise(2): the packet, since the mapping is of a file", reloaded),
    ])

  private static let reloaded: Expectation.Judge = { seen in
    let signal = try seen.signal("load after it")
    if signal != "0" { return Answer(signal, isExpected: false) }
    let isSame = try seen["the same bytes"] == "yes"
    return Answer(isSame ? "the same bytes" : "other bytes", expected: "the same bytes")
  }

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
      },
      .lttngModules: .doesNotApply(to: "two mappings by two readers", oneReader),
      .lttngUST: .doesNotApply(
        to: "mmap of trace_pipe_raw", "the library keeps the file open as long as there is a stream"),
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
      },
      .lttngModules: .doesNotApply(to: "two mappings by two readers", oneReader),
      .lttngUST: .doesNotApply(
        to: "memory that the kernel writes through its own mapping",
        "writer and reader map a file in user space, where the kernel gives shared mappings matching addresses"),
    ])

  static let truncatedMemory = Claim(
    "truncated-memory", .mapping, title: "Truncating the mapped file while it is read",
    question: "Can the mapped file be truncated, and what does the reader's next call find then?",
    source:
      "lttng-ust, ustctl.c, sigbus_begin: \"Evaluates to false if transaction begins, true if it has failed due to "
      + "SIGBUS.\", then -EIO (in 2.13.5 it always evaluates to false; fixed by \"Fix: ustctl: sigbus handling: "
      + "statement with no effect\", 2025-10-29, in 2.13.10 and 2.14.1); undocumented for the kernel and for "
      + "lttng-modules, whose stream is an anonymous inode",
    procedure:
      "Kernel: ftruncate trace_pipe_raw with the ring buffer mapped, load a byte of it, acquire. lttng-modules: "
      + "ftruncate the stream with a sub-buffer held, load a byte of that, put and get. LTTng-UST: make a channel and "
      + "seal its file against shrinking; ftruncate the file to 0 and call get_next_subbuf, with a handler of SIGBUS "
      + "that asks lttng_ust_ctl_sigbus_handle; the same with a file that is not sealed.",
    notModelled: "the memory of a model is not a file",
    [
      .kernel: .assumed(
        "whatever ftruncate returns, the mapped memory stays, and the acquire works",
        reaching: [.control("ftruncate")]
      ) { seen in
        try truncated(seen, then: "ioctl then")
      },
      .lttngModules: .assumed(
        "whatever ftruncate returns, the mapped memory stays, and the get works", reaching: [.control("ftruncate")]
      ) { seen in
        try truncated(seen, then: "get then")
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

  private static func truncated(_ seen: Evidence, then call: String) throws -> Answer {
    let load = try seen.signal("load then")
    if load != "0" { return Answer("\(load) in the reader", isExpected: false) }
    if try !seen.works(call) { return try Answer("acquire returns \(seen.code(call))", isExpected: false) }
    let truncation = try seen.code("ftruncate")
    return Answer(truncation == "0" ? "no effect" : "refused: \(truncation)", isExpected: true)
  }
}
