import Study

extension Catalogue {
  /// What a mapping may be.
  static let mapping: [Claim] = [
    .mappingRestrictions, .mappingStays, .notExecutable, .mappingOffset, .mappingFlags, .mappingInherited,
    .debuggerReads, .droppedPages, .mappingOutlives, .aliasingCaches, .truncatedMemory, .outsideHeld, .releasedPage,
    .storesRefused,
  ]
}

extension Claim {
  static let mappingRestrictions = Claim(
    "mapping-restrictions", .mapping, title: "Only read, only shared, not beyond the end",
    question: "Are writable, executable and private mappings refused, and one beyond the end?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, __rb_map_vma: \"Refuse MP_PRIVATE or writable mappings\"; "
      + "map_test.c, data_mmap (beyond the end)",
    procedure: "Open trace_pipe_raw for reading and writing. Map all of it, as a control, and then in each of the ways "
      + "that are to be refused.",
    notModelled: "a model has no mmap",
    [
      .kernel: .stated("mmap refuses each; the plain one, as a control, works") { seen in
        try seen.requireControl("mmap")
        try seen.require(seen["tracefs is mounted noexec"] == "no", "a noexec mount refuses PROT_EXEC by itself")
        return try seen.works("PROT_READ, MAP_SHARED, all of it")
          && seen.all("refused? ").allSatisfy { $0.hasPrefix("-") }
      },
      .lttngModules: .counterpart("mmap refuses each; the plain one, as a control, works") { seen in
        try seen.requireControl("mmap")
        return try seen.works("PROT_READ, MAP_SHARED, all of it")
          && seen.all("refused? ").allSatisfy { $0.hasPrefix("-") }
      },
      .lttngUST: .noCounterpart(
        to: "mmap of trace_pipe_raw", "the memory is the reader's own file; it maps it as it likes"),
    ])

  static let mappingStays = Claim(
    "mapping-stays-as-accepted", .mapping, title: "A mapping stays as it was accepted",
    question: "Is it refused to make a mapping that was accepted writable, or longer?",
    source:
      "kernel/trace/ring_buffer.c, __rb_map_vma: \"Make sure the mapping cannot become writable later\"; L. Torvalds, "
      + "Re: [GIT PULL] tracing: Updates for v6.9, 2024-03-16: \"VM_DONTEXPAND to not let people play games with the "
      + "mapping\", \"you cleared VM_MAYWRITE. Those are all good.\"",
    procedure:
      "Map all of the ring buffer, from a file opened for reading and writing. Ask mprotect for a writable mapping, "
      + "and mremap for one sub-buffer more, in place and wherever there is room.",
    notModelled: "a model has no mmap",
    [
      .kernel: .stated("mprotect and mremap refuse both") { seen in
        for call in ["mprotect", "mremap", "mremap(MREMAP_MAYMOVE)"] { try seen.requireControl(call) }
        return try seen.refuses("mprotect(PROT_READ|PROT_WRITE)") && seen.refuses("mremap, one sub-buffer longer")
          && seen.refuses("mremap(MREMAP_MAYMOVE), one sub-buffer longer")
      },
      .lttngModules: .counterpart("mprotect and mremap refuse both") { seen in
        for call in ["mprotect", "mremap", "mremap(MREMAP_MAYMOVE)"] { try seen.requireControl(call) }
        return try seen.refuses("mprotect(PROT_READ|PROT_WRITE)") && seen.refuses("mremap, one sub-buffer longer")
          && seen.refuses("mremap(MREMAP_MAYMOVE), one sub-buffer longer")
      },
      .lttngUST: .noCounterpart(to: "mmap of trace_pipe_raw", "the memory is the reader's own file"),
    ])

  static let notExecutable = Claim(
    "mapping-not-made-executable", .mapping, title: "A mapping is not made executable",
    question: "Is it refused to make a mapping that was accepted executable?",
    source: "stated nowhere in words; kernel/trace/ring_buffer.c, __rb_map_vma refuses VM_EXEC when it maps",
    procedure: "Map all of the ring buffer and ask mprotect for an executable mapping.",
    notModelled: "a model has no mmap",
    [
      .kernel: .taken("from the check of mmap: mprotect refuses what mmap refuses") { seen in
        try seen.requireControl("mprotect")
        try seen.require(seen["tracefs is mounted noexec"] == "no", "a noexec mount refuses PROT_EXEC by itself")
        return try seen.refuses("mprotect(PROT_READ|PROT_EXEC)")
      },
      .lttngModules: .taken("as of the kernel's mapping: mprotect refuses") { seen in
        try seen.requireControl("mprotect")
        return try seen.refuses("mprotect(PROT_READ|PROT_EXEC)")
      },
      .lttngUST: .noCounterpart(to: "mmap of trace_pipe_raw", "the memory is the reader's own file"),
    ])

  static let mappingOffset = Claim(
    "mapping-begins-at-subbuffer", .mapping, title: "A mapping begins at a sub-buffer",
    question: "With sub-buffers of several pages, is a mapping refused that begins within one, and accepted where it "
      + "begins at one and ends before the last?",
    source: "V. Donnefort, kernel/trace/ring_buffer.c, __rb_map_vma: -EINVAL where the offset is no multiple of the "
      + "sub-buffer's pages; map_test.c, data_mmap: \"Map all the available subbufs - 1\"",
    procedure:
      "With sub-buffers of 8 KiB: map from the second page of a sub-buffer on, from a sub-buffer on, and all but "
      + "the last.",
    notModelled: "a model has no mmap",
    [
      .kernel: .stated("the first is refused with EINVAL, the others work") { seen in
        try seen.requireControl("mmap")
        return try seen.refuses("from within a sub-buffer", with: "EINVAL") && seen.works("from a sub-buffer")
          && seen.works("all sub-buffers but the last")
      },
      .lttngModules: .noCounterpart(
        to: "a mapping of a part", "a mapping has the length of all sub-buffers (lib_ring_buffer_mmap_buf)"),
      .lttngUST: .noCounterpart(to: "mmap of trace_pipe_raw", "the library maps all of the file"),
    ])

  static let mappingFlags = Claim(
    "mapping-flags", .mapping, title: "The kernel's flags of a mapping",
    question: "Is a mapping one that is not copied, not expanded, not dumped and never written, and not one of I/O "
      + "memory?",
    source: "L. Torvalds, Re: [GIT PULL] tracing: Updates for v6.9, 2024-03-16: \"You already did set VM_DONTCOPY (and "
      + "VM_DONTDUMP is a good idea too). And you cleared VM_MAYWRITE. Those are all good.\", \"VM_DONTEXPAND to not let people play games with the mapping\"; "
      + "S. Rostedt, "
      + "\(Cited.v22), 2024-05-07: \"Do we really need the VM_IO?\", \"I think we should drop that flag.\"; flags by Documentation/filesystems/proc.rst",
    procedure: "Map all of the ring buffer; read the flags of that mapping in /proc/self/smaps.",
    notModelled: "a model has no mmap",
    [
      .kernel: .taken("of the postings: dc, de and dd are set; wr, mw and io are not") { seen in
        let flags = Set(try seen["VmFlags"].split(separator: " "))
        return flags.isSuperset(of: ["dc", "de", "dd"]) && flags.isDisjoint(with: ["wr", "mw", "io"])
      },
      .lttngModules: .taken("as of the kernel's mapping: dc, de and dd are set; wr, mw and io are not") { seen in
        let flags = Set(try seen["VmFlags"].split(separator: " "))
        return flags.isSuperset(of: ["dc", "de", "dd"]) && flags.isDisjoint(with: ["wr", "mw", "io"])
      },
      .lttngUST: .noCounterpart(
        to: "flags that the kernel sets on its own memory",
        "the memory is the reader's own file, mapped for writing too"),
    ])

  static let mappingInherited = Claim(
    "mapping-not-inherited", .mapping, title: "A child does not inherit the mapping",
    question: "Can a process that the reader forks read the mapping?",
    source: "L. Torvalds, Re: [GIT PULL] tracing: Updates for v6.9, 2024-03-16: \"marking it all VM_DONTCOPY | VM_IO | "
      + "VM_DONTEXPAND to not let people play games with the mapping\", \"You already did set VM_DONTCOPY\"",
    procedure: "Fork with the ring buffer mapped; load its first byte in this process and in the child.",
    notModelled: "a model has no processes",
    [
      .kernel: .stated("the child gets SIGSEGV (11)") { seen in
        try seen.requireControl("fork")
        try seen.require(seen["load in the reader"] == "0", "the reader itself cannot load it")
        return try seen["load in its child"] == "signal 11"
      },
      .lttng: .counterpart("the child gets a signal") { seen in
        try seen.requireControl("fork")
        try seen.require(seen["load in the reader"] == "0", "the reader itself cannot load it")
        return try seen["load in its child"] != "0"
      },
    ])

  static let debuggerReads = Claim(
    "debugger-reads-mapping", .mapping, title: "A debugger can read the mapping",
    question: "Can the mapped memory be read with process_vm_readv, as a debugger does?",
    source: "S. Rostedt, \(Cited.v22), 2024-05-07: \"It appears that you can't ptrace IO memory. When I removed that "
      + "flag, gdb has no problem reading that memory.\"; V. Donnefort, ibid., 2024-05-10: \"Somehow I thought this would "
      + "prevent ptrace as well, but I've just tested it and this is not the case\"",
    procedure: "Copy the first 64 bytes of the mapping with process_vm_readv, and compare them with what is mapped.",
    notModelled: "a model has no address space",
    [
      .kernel: .taken("of v22: all bytes are read, and they are those of the mapping") { seen in
        try seen.requireControl("process_vm_readv")
        return try seen["process_vm_readv"] == "64" && seen["the same bytes"] == "yes"
      },
      .lttng: .counterpart("all bytes are read, and they are those of the mapping") { seen in
        try seen.requireControl("process_vm_readv")
        return try seen["process_vm_readv"] == "64" && seen["the same bytes"] == "yes"
      },
    ])

  static let droppedPages = Claim(
    "dropped-pages", .mapping, title: "Pages that the reader dropped",
    question:
      "What does a load find where the reader has told the kernel with MADV_DONTNEED that it needs the pages no "
      + "more?",
    source:
      "V. Donnefort, \(Cited.v22), 2024-05-10, of MADV_DONTNEED: \"I've just tested and indeed, I get a SIGBUS!\"; "
      + "madvise(2): subsequent accesses to a shared mapping find \"the up-to-date contents of the underlying mapped "
      + "file\"",
    procedure: "Of the kernel map the ring buffer once more, of LTTng take the library's mapping: "
      + "madvise(MADV_DONTNEED), and load its first byte.",
    notModelled: "a model has no mmap",
    [
      .kernel: .taken("of v22: SIGBUS (7)") { seen in
        try seen.require(seen.works("madvise(MADV_DONTNEED)"), "madvise is refused")
        return try seen["load after it"] == "signal 7"
      },
      .lttngModules: .taken("from ring_buffer_mmap.c: the packet is there again, since a fault maps what is held") {
        seen in
        try seen.require(seen.works("madvise(MADV_DONTNEED)"), "madvise is refused")
        return try seen["load after it"] == "0" && seen["the same bytes"] == "yes"
      },
      .lttngUST: .taken("from madvise(2): the packet is there again, since the mapping is of a file") { seen in
        try seen.require(seen.works("madvise(MADV_DONTNEED)"), "madvise is refused")
        return try seen["load after it"] == "0" && seen["the same bytes"] == "yes"
      },
    ])

  static let mappingOutlives = Claim(
    "mapping-outlives-descriptor", .mapping, title: "A mapping outlives its descriptor",
    question: "Does a mapping whose file is closed still follow what the ioctl on another open file does?",
    source: "mmap(2): \"closing the file descriptor does not unmap the region\"; of the ring buffer stated nowhere in "
      + "words; kernel/trace/ring_buffer.c, ring_buffer_map: one meta page for all mappings",
    procedure: "Map the meta page and close the file; write 16 events; acquire through another mapping; read the first "
      + "one's reader.id and entries.",
    notModelled: "a model has no descriptors",
    [
      .kernel: .taken("both mappings show the same, and entries is 16") { seen in
        try seen["the mapping whose file is closed"] == seen["the other"]
          && seen["the other"].hasPrefix("entries 16")
      },
      .lttngModules: .noCounterpart(to: "two mappings by two readers", "a stream has one reader; a second is refused"),
      .lttngUST: .noCounterpart(
        to: "mmap of trace_pipe_raw", "the library keeps the file open as long as there is a stream"),
    ])

  static let aliasingCaches = Claim(
    "aliasing-caches", .mapping, title: "Data caches that alias",
    question: "Where data caches alias, does the reader see through its mapping what the kernel wrote through its own?",
    source: "kernel/trace/ring_buffer.c, ring_buffer_map_get_reader: \"Some archs do not have data cache coherency "
      + "between kernel and user-space\", then a flush; L. Torvalds, Re: [GIT PULL] tracing: Updates for v6.9, "
      + "2024-03-16: the meta page at the beginning means that the entries are \"not aligned anyway, so it doesn't "
      + "actually help the cache coloring\"",
    procedure: "Map the ring buffer twice; write 1000 events, acquire, "
      + "and compare the reader sub-buffer in both mappings.",
    notModelled: "a model has no caches",
    [
      .kernel: .taken("the events are all there, and both mappings show the same bytes") { seen in
        try seen.require(
          ["arm", "mips", "parisc", "sparc", "sh", "csky", "xtensa", "arc", "m68k"].contains {
            (try? seen["machine"].hasPrefix($0)) == true
          }, "the data caches of this machine do not alias: nothing can be seen of it here")
        return try seen.number("bytes that differ between the two mappings") == 0
          && seen["events in the reader sub-buffer are in order"] == "yes"
      },
      .lttngModules: .noCounterpart(to: "two mappings by two readers", "a stream has one reader; a second is refused"),
      .lttngUST: .noCounterpart(
        to: "memory that the kernel writes through its own mapping",
        "writer and reader map a file, both in user space, where the kernel gives shared mappings addresses that agree"),
    ])

  static let truncatedMemory = Claim(
    "truncated-memory", .mapping, title: "Memory taken away under the reader",
    question: "Can the file behind the mapped memory be cut, and what does the reader's next call find then?",
    source:
      "lttng-ust, ustctl.c, sigbus_begin: \"Evaluates to false if transaction begins, true if it has failed due to "
      + "SIGBUS.\", then -EIO (in 2.13.5 it "
      + "always evaluates to false; fixed by \"Fix: ustctl: sigbus handling: statement with no effect\", 2025-10-29, in "
      + "2.13.10 and 2.14.1); of the kernel stated nowhere in words",
    procedure:
      "Kernel: ftruncate trace_pipe_raw with the ring buffer mapped, load a byte of it, acquire. lttng-modules: ftruncate "
      + "the stream with a sub-buffer held, load a byte of that, put and get. LTTng-UST: make a channel and "
      + "seal its file against shrinking; ftruncate the file to 0 and call get_next_subbuf, with a handler of SIGBUS that "
      + "asks lttng_ust_ctl_sigbus_handle; the same with a file that is not sealed.",
    notModelled: "the memory of a model is no file",
    [
      .kernel: .taken("whatever ftruncate returns, the mapped memory stays, and the acquire works") { seen in
        try seen.requireControl("ftruncate")
        return try seen["load then"] == "0" && seen.works("ioctl then")
      },
      .lttngModules: .taken(
        "as of the kernel's: whatever ftruncate returns, the mapped memory stays, and the get works"
      ) { seen in
        try seen.requireControl("ftruncate")
        return try seen["load then"] == "0" && seen.works("get then")
      },
      .lttngUST: .stated(
        "get_next_subbuf returns -EIO (as a control, a sealed file cannot be cut, and there is nothing to read)"
      ) { seen in
        try seen.require(seen.works("not sealed: ftruncate"), "the file could not be cut")
        try seen.require(seen.refuses("sealed: ftruncate", with: "EPERM"), "a sealed file could be cut")
        try seen.require(
          seen.refuses("sealed: get_next_subbuf", with: "EAGAIN"), "there was something to read in a sealed one")
        return try seen.refuses("not sealed: get_next_subbuf", with: "EIO")
      },
    ])
}
