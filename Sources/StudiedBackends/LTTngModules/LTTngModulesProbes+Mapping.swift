import CPlatform
import Glibc
import LTTngModulesBackend
import Platform
import Study
import SubbufferSource
import SystemPackage

extension LTTngModulesStudy {
  /// Probes of the permitted mappings, and of the accessible pages.
  var liveMappingProbes: [Probe] {
    [
      probe(LTTngAnswers.mappingRestrictions) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let (fd, all, size) = (stream.waitDescriptor, stream.stream.mappedLength, ring.configuration.subbufferSize)
        let attempts = MappingAttempt.toBeRefused(all: all, subbuffer: size)
        try evidence.addMappingControl(attempts)
        for attempt in [.plain(all)] + attempts { evidence.add(attempt.name, attempt(fd)) }
      },
      probe(LTTngAnswers.mappingStays) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let size = ring.configuration.subbufferSize
        try evidence.addProtectionControl(PROT_READ | PROT_WRITE, length: stream.stream.mappedLength)
        try evidence.addGrowthControl(by: size, length: stream.stream.mappedLength)
        var mapping = try WholeMapping(stream.waitDescriptor, length: stream.stream.mappedLength)
        evidence.add("mprotect(PROT_READ|PROT_WRITE)", mapping.protect(PROT_READ | PROT_WRITE))
        evidence.add("mremap, one sub-buffer longer", mapping.grow(by: size, mayMove: false))
        evidence.add("mremap(MREMAP_MAYMOVE), one sub-buffer longer", mapping.grow(by: size, mayMove: true))
      },
      probe(LTTngAnswers.notExecutable) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let mapping = try WholeMapping(stream.waitDescriptor, length: stream.stream.mappedLength)
        try evidence.addProtectionControl(PROT_READ | PROT_EXEC, length: mapping.length)
        evidence.add("mprotect(PROT_READ|PROT_EXEC)", mapping.protect(PROT_READ | PROT_EXEC))
      },
      probe(LTTngAnswers.mappingFlags) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let mapping = try WholeMapping(stream.waitDescriptor, length: stream.stream.mappedLength)
        evidence.add("VmFlags", try mapping.flags())
      },
      probe(LTTngAnswers.mappingInherited) { (ring, evidence) throws(SourceError) in
        try ring.withHeld { (stream, held) throws(SourceError) in evidence.addLoads(of: held.start) }
      },
      probe(LTTngAnswers.debuggerReads) { (ring, evidence) throws(SourceError) in
        try ring.withHeld { (stream, held) throws(SourceError) in evidence.addDebuggersRead(of: held.start) }
      },
      probe(LTTngAnswers.droppedPages) { (ring, evidence) throws(SourceError) in
        try ring.withHeld { (stream, held) throws(SourceError) in
          let before = try stream.look().bytes
          let start = UnsafeMutableRawPointer(mutating: held.start)
          evidence.add("madvise(MADV_DONTNEED)", Attempt.call(madvise(start, held.count, MADV_DONTNEED)))
          evidence.add("load after it", signalText(cprocess_load(start)))
          evidence.add("the same bytes", try stream.look().bytes == before ? "yes" : "no")
        }
      },
      probe(LTTngAnswers.truncatedMemory) { (ring, evidence) throws(SourceError) in
        try ring.withHeld { (stream, held) throws(SourceError) in
          try evidence.addTruncationControl()
          evidence.add("ftruncate", Attempt.call(ftruncate(stream.waitDescriptor, 0)))
          evidence.add("load then", signalText(cprocess_load(held.start)))
          try stream.putNext()
          evidence.add("get then", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        }
      },
      probe(LTTngAnswers.outsideHeld) { (ring, evidence) throws(SourceError) in
        try ring.withHeld { (stream, held) throws(SourceError) in
          evidence.add("load of the held sub-buffer", signalText(cprocess_load(held.start)))
          let base = stream.stream.unsafeBase
          let others = stride(from: 0, to: stream.stream.mappedLength, by: held.count)
            .map { base + $0 }.filter { $0 != held.start }
          evidence.addLoads(ofOthers: others)
        }
      },
      probe(LTTngAnswers.storesRefused) { (ring, evidence) throws(SourceError) in
        try ring.withHeld { (stream, held) throws(SourceError) in
          try evidence.addMappingControl([
            MappingAttempt(length: stream.stream.mappedLength, protection: PROT_READ | PROT_WRITE)
          ])
          evidence.addStores(
            into: held.start, at: held.start - stream.stream.unsafeBase, of: stream.waitDescriptor,
            length: stream.stream.mappedLength)
        }
      },
      probe(LTTngAnswers.releasedPage) { (ring, evidence) throws(SourceError) in
        try ring.withHeld { (stream, held) throws(SourceError) in
          let bytes = UnsafeRawBufferPointer(start: held.start, count: held.count)
          let before = Array(bytes)
          try stream.putNext()
          let after = cprocess_load(held.start)
          evidence.add("load after the put", signalText(after))
          try ring.write(3 * ring.eventsPerRing(), from: 1_000)
          let later = cprocess_load(held.start)
          evidence.add("load when it was overwritten", signalText(later))
          guard later == 0 else { return }
          evidence.add("bytes that have changed by then", zip(before, bytes).count { $0 != $1 })
        }
      },
    ]
  }
}

extension LTTngModulesRing {
  /// Fills two sub-buffers and gets the first, and lets `body` use it: where it lies. It is put where `body` has not done so.
  fileprivate func withHeld(
    _ body: (LTTngModulesStream, (start: UnsafeRawPointer, count: Int)) throws(SourceError) -> Void
  ) throws(SourceError) {
    let stream = try stream()
    try write(2 * eventsPerSubbuffer() + 1)
    try stream.getNext()
    let start = try stream.stream.unsafeBase + stream.stream.unsafeHeldOffset()
    try withExtendedLifetime(stream) { () throws(SourceError) in
      try body(stream, (start, configuration.subbufferSize))
    }
  }
}
