import CPlatform
import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import TracefsABI

extension KernelAnswers {
  static let outsideHeld = Claim.outsideHeld.answered([
    .kernel: .assumed("no: each load outside raises a signal", from: "lttng-modules", Claim.outsideLoads)
  ])

  static let storesRefused = Claim.storesRefused.answered(
    procedure:
      "Acquire a full sub-buffer. Store another value into its first byte: by process_vm_writev into the reader's "
      + "mapping, and by a store through a writable mapping if there is one. Check through the reader's mapping whether "
      + "the byte has changed, and restore it.",
    [
      .kernel: .documented("no: process_vm_writev is refused, and so is a writable mapping", Claim.stores)
    ])

  static let mappingRestrictions = Claim.mappingRestrictions.answered(
    procedure:
      "Open trace_pipe_raw for reading and writing. Map all of it, as a control, and then in each of the ways that are "
      + "to be refused.",
    [
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

  static let droppedPages = Claim.droppedPages.answered(
    procedure: "Map the ring buffer once more. madvise(MADV_DONTNEED), and load its first byte.",
    [
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

  static let truncatedMemory = Claim.truncatedMemory.answered(
    procedure: "ftruncate trace_pipe_raw with the ring buffer mapped, load a byte of it, acquire.",
    [
      .kernel: .assumed(
        "whatever ftruncate returns, the mapped memory stays, and the acquire works",
        reaching: [.control("ftruncate")]
      ) { seen in
        try Claim.truncated(seen, then: "ioctl then")
      }
    ])
}

extension TracefsStudy {
  /// Probes of the permitted mappings.
  var liveMappingProbes: [Probe] {
    [
      probe(KernelAnswers.mappingRestrictions) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let mapping = try ring.map()
        let (subbuffer, all) = (mapping.geometry.subbufferSize, mapping.wholeLength)
        evidence.add("tracefs is mounted noexec", try ring.isMountedNoexec() ? "yes" : "no")
        let attempts = MappingAttempt.toBeRefused(all: all, subbuffer: subbuffer)
        try evidence.addMappingControl(attempts)
        for attempt in [.plain(all)] + attempts { evidence.add(attempt.name, attempt(file.descriptor)) }
      },
      probe(KernelAnswers.firstMapping) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let (subbuffer, all) = try sizes(ring)
        evidence.add("tracefs is mounted noexec", try ring.isMountedNoexec() ? "yes" : "no")
        let attempts = MappingAttempt.toBeRefused(all: all, subbuffer: subbuffer)
        try evidence.addMappingControl(attempts)
        for attempt in attempts {
          var read: String?
          evidence.add(attempt.name, attempt(file.descriptor) { read = Attempt.read($0) })
          if let read { evidence.add("read: \(attempt.name)", read) }
        }
        evidence.add(MappingAttempt.plain(all).name, MappingAttempt.plain(all)(file.descriptor))
      },
      probe(KernelAnswers.mappingStays) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let (subbuffer, all) = try sizes(ring)
        try evidence.addProtectionControl(PROT_READ | PROT_WRITE, length: all)
        try evidence.addGrowthControl(by: subbuffer, length: all)
        var mapping = try WholeMapping(file.descriptor, length: all)
        evidence.add("mprotect(PROT_READ|PROT_WRITE)", mapping.protect(PROT_READ | PROT_WRITE))
        evidence.add("mremap, one sub-buffer longer", mapping.grow(by: subbuffer, mayMove: false))
        evidence.add("mremap(MREMAP_MAYMOVE), one sub-buffer longer", mapping.grow(by: subbuffer, mayMove: true))
      },
      probe(KernelAnswers.notExecutable) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let mapping = try WholeMapping(file.descriptor, length: try sizes(ring).all)
        try evidence.addProtectionControl(PROT_READ | PROT_EXEC, length: mapping.length)
        evidence.add("tracefs is mounted noexec", try ring.isMountedNoexec() ? "yes" : "no")
        evidence.add("mprotect(PROT_READ|PROT_EXEC)", mapping.protect(PROT_READ | PROT_EXEC))
      },
      probe(KernelAnswers.mappingOffset, subbufferSize: 8192) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let file = try RingBufferFile(ring)
        let (page, subbuffer) = (Int(sysconf(Int32(_SC_PAGESIZE))), mapping.geometry.subbufferSize)
        let first = Int(mapping.metaPage.metaPageSize)
        let all = subbuffer * mapping.geometry.subbufferCount
        let fd = file.descriptor
        try evidence.addMappingControl([MappingAttempt(length: all - subbuffer, protection: PROT_READ)])
        evidence.add("meta_page_size, subbuf_size", "\(first), \(subbuffer)")
        evidence.add(
          "from within a sub-buffer", Attempt.map(fd, subbuffer, PROT_READ, MAP_SHARED, at: first + subbuffer + page))
        evidence.add(
          "from a sub-buffer", Attempt.map(fd, subbuffer, PROT_READ, MAP_SHARED, at: first + subbuffer))
        evidence.add(
          "all sub-buffers but the last", Attempt.map(fd, all - subbuffer, PROT_READ, MAP_SHARED, at: first))
      },
      probe(KernelAnswers.mappingFlags) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let mapping = try WholeMapping(file.descriptor, length: try sizes(ring).all)
        evidence.add("VmFlags", try mapping.flags())
      },
      probe(KernelAnswers.mappingInherited) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let mapping = try WholeMapping(file.descriptor, length: try sizes(ring).all)
        evidence.addLoads(of: mapping.start)
      },
      probe(KernelAnswers.debuggerReads) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let mapping = try WholeMapping(file.descriptor, length: try sizes(ring).all)
        evidence.addDebuggersRead(of: mapping.start)
      },
      probe(KernelAnswers.droppedPages) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let mapping = try WholeMapping(file.descriptor, length: try sizes(ring).all)
        evidence.add("madvise(MADV_DONTNEED)", mapping.dropPages())
        evidence.add("load after it", signalText(cprocess_load(mapping.start)))
      },
      probe(KernelAnswers.outsideHeld) { (ring, evidence) throws(SourceError) in
        try ring.write(3 * ring.eventsPerSubbuffer() + ring.eventsPerSubbuffer() / 2)
        let mapping = try ring.map()
        let meta = try mapping.getReader()
        let starts = (0..<meta.subbufferCount).filter { $0 != meta.readerID }
          .compactMap { mapping.ring.unsafeSubbuffer($0) }
        let held = mapping.ring.unsafeSubbuffer(meta.readerID)
        evidence.add("load of the held sub-buffer", held.map { signalText(cprocess_load($0)) } ?? "no such sub-buffer")
        evidence.addLoads(ofOthers: starts)
      },
      probe(KernelAnswers.storesRefused) { (ring, evidence) throws(SourceError) in
        try ring.write(2 * ring.eventsPerSubbuffer() + 1)
        let mapping = try ring.map()
        let meta = try mapping.getReader()
        let size = mapping.geometry.subbufferSize
        try evidence.addMappingControl([
          MappingAttempt(length: mapping.wholeLength, protection: PROT_READ | PROT_WRITE)
        ])
        guard let held = mapping.ring.unsafeSubbuffer(meta.readerID) else { return }
        let file = try RingBufferFile(ring)
        evidence.addStores(
          into: held, at: Int(meta.metaPageSize) + Int(meta.readerID) * size, of: file.descriptor,
          length: mapping.wholeLength)
      },
      probe(KernelAnswers.mappingOutlives) { (ring, evidence) throws(SourceError) in
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let orphan = try WholeMapping(path: ring.instance.ringBufferPath(cpu: ring.cpu), length: page)
        let mapping = try ring.map()
        try ring.write(16)
        let meta = try mapping.getReader()
        evidence.add("the other", "entries \(meta.entries), reader.id \(meta.readerID)")
        let fields = MetaPageLayout.merged
        evidence.add(
          "the mapping whose file is closed",
          "entries \(fields.value("entries", at: orphan.start)), reader.id \(fields.value("reader.id", at: orphan.start))"
        )
      },
      probe(KernelAnswers.truncatedMemory) { (ring, evidence) throws(SourceError) in
        let file = try RingBufferFile(ring)
        let mapping = try ring.map()
        let whole = try WholeMapping(file.descriptor, length: mapping.wholeLength)
        try evidence.addTruncationControl()
        evidence.add("ftruncate", Attempt.call(ftruncate(file.descriptor, 0)))
        evidence.add("load then", signalText(cprocess_load(whole.start)))
        evidence.add("ioctl then", ErrnoName.result(mapping.unsafeGetReader()))
      },
      probe(KernelAnswers.aliasingCaches) { (ring, evidence) throws(SourceError) in
        evidence.add("machine", unameField(\.machine))
        let mapping = try ring.map()
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let file = try RingBufferFile(ring)
        let other = try WholeMapping(file.descriptor, length: mapping.wholeLength)
        try ring.write(1_000)
        let meta = try mapping.getReader()
        let size = mapping.geometry.subbufferSize
        let offset = Int(meta.metaPageSize) + Int(meta.readerID) * size
        let theirs = UnsafeRawBufferPointer(start: UnsafeRawPointer(other.start) + offset, count: size)
        let ours = try mapping.bytes(of: meta.readerID)
        if let address = mapping.ring.unsafeSubbuffer(meta.readerID), let start = theirs.baseAddress {
          evidence.add("pages between the two addresses", abs(address - start) / page)
        }
        evidence.add("bytes that differ between the two mappings", zip(ours, theirs).count { $0 != $1 })
        let sequences = try mapping.look().sequences
        let inOrder = zip(sequences, sequences.dropFirst()).allSatisfy { $0 + 1 == $1 }
        evidence.add("events in the reader sub-buffer are in order", inOrder && !sequences.isEmpty ? "yes" : "no")
      },
    ]
  }

  /// The size of a sub-buffer, and of the whole mapping with its meta page, in bytes.
  private func sizes(_ ring: TracefsRing) throws(SourceError) -> (subbuffer: Int, all: Int) {
    let mapping = try ring.map()
    return (mapping.geometry.subbufferSize, mapping.wholeLength)
  }
}

extension TracefsRing {
  /// `true` if nothing in tracefs may be executed, as it is mounted here.
  fileprivate func isMountedNoexec() throws(SourceError) -> Bool {
    var facts = statvfs()
    guard statvfs(instance.path, &facts) == 0 else {
      throw SourceError(call: "statvfs \(instance.path)", errno: Errno(rawValue: errno))
    }
    // ST_NOEXEC of <sys/statvfs.h>.
    return facts.f_flag & 8 != 0
  }
}

extension Mark {
  /// A mount with noexec refuses PROT_EXEC by itself.
  fileprivate static let mountedExecutable = machine("mounted-without-noexec", "tracefs is mounted without noexec") {
    seen in
    try seen["tracefs is mounted noexec"] == "no"
  }
}
