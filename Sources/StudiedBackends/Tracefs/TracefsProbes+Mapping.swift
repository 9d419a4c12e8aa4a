import CPlatform
import Glibc
import Platform
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

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
        let fields = MetaLayout.merged
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
