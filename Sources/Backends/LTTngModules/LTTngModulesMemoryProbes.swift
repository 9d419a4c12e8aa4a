import CPlatform
import Glibc
import LTTngBackend
import LTTngModulesABI
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

extension LTTngModulesStudy {
  /// Probes of the memory that a writer hands to the logger.
  var liveMemoryProbes: [Probe] {
    [
      Probe(LTTngAnswers.unreadableMemory) { (evidence) throws(SourceError) in
        let memory = try MarkerMemory()
        for (name, protection) in [("unreadable", PROT_NONE), ("readable", PROT_READ)] {
          try memory.protect(protection)
          if protection == PROT_READ { evidence.add("load of a byte", signalText(cprocess_load(memory.start))) }
          let (written, payload) = try logged(memory)
          evidence.add("\(name): write", written)
          evidence.add("\(name): events", payload == nil ? 0 : 1)
        }
      },
      Probe(LTTngAnswers.absentPage) { (evidence) throws(SourceError) in
        let memory = try MarkerMemory()
        for name in ["absent", "present"] {
          if name == "present" { evidence.add("load of a byte", signalText(cprocess_load(memory.start))) }
          let (written, payload) = try logged(memory)
          evidence.add("\(name): write", written)
          let isWhole = payload.map { MarkerMemory.isContained(in: $0) } ?? false
          evidence.add("\(name): payload", isWhole ? "as written" : "other bytes")
        }
      },
    ]
  }

  /// The request that acquires.
  var acquireRequestProbe: Probe {
    probe(LTTngAnswers.acquireRequest) { (ring, evidence) throws(SourceError) in
      let stream = try ring.stream()
      try ring.write(8)
      try stream.flush(producerActive: true)
      // _IO(0xF6, 0x05) of <asm-generic/ioctl.h>.
      let result = ioctl(stream.waitDescriptor, 0xF6 << 8 | 0x05 as UInt)
      evidence.add("_IO(0xF6, 0x05)", Attempt.call(result))
      evidence.add("_IO(0xF6, 0x05): events handed out", result == 0 ? try stream.look().sequences.count : 0)
      if result == 0 { try stream.putNext() }
    }
  }

  /// Writes a marker to the logger from this process, in a session of its own.
  /// - Returns: the number of bytes written, or a negative errno; the events' bytes, if there is an event.
  private func logged(
    _ memory: borrowing MarkerMemory
  ) throws(SourceError) -> (written: Int, payload: ArraySlice<UInt8>?) {
    let attributes = ModulesChannelAttributes(mode: .overwrite, subbufferSize: 4096, subbufferCount: 8)
    let session = try ModulesSession(LTTngModules(), attributes: attributes, process: getpid())
    defer { session.end() }
    let stream = try LTTngModulesStream(session.channel.stream(cpu: producerCPU), session)
    let path = LTTngModules.loggerPath
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SourceError(call: "open \(path)", errno: Errno(rawValue: errno)) }
    defer { close(descriptor) }
    let start = memory.start
    let written = try onCPU(producerCPU) { () throws(SourceError) in
      let count = write(descriptor, start, MarkerMemory.markerSize)
      return count < 0 ? -Int(errno) : count
    }
    try stream.flush(producerActive: true)
    guard stream.unsafeGetNextSubbuffer() == 0 else { return (written, nil) }
    defer { _ = stream.unsafePutNextSubbuffer() }
    let look = try stream.look()
    guard look.contentCount > headerSize else { return (written, nil) }
    return (written, look.bytes.prefix(look.contentCount).dropFirst(headerSize))
  }
}

extension LTTngModulesStudy {
  /// Readers of 32 bits, which are given the stream.
  var liveCompatibilityProbes: [Probe] {
    [
      probe(LTTngAnswers.layoutFor32Bits) { (ring, evidence) throws(SourceError) in
        let reader = try Reader32(.lttngModules)
        let stream = try ring.stream()
        try ring.write(500)
        let position = try stream.positions().consumed
        try LTTngCall.check(stream.unsafeGetSubbuffer(at: position), "get_subbuf")
        let look = try stream.look()
        try LTTngCall.check(stream.unsafePutSubbuffer(), "put_subbuf")
        let said = try reader.run(with: stream.waitDescriptor)
        evidence.add("32 bits: bytes of a pointer", said["bytes_of_a_pointer"])
        evidence.add("64 bits: packet", look.fieldsText)
        evidence.add(
          "32 bits: packet",
          said.text([
            "packet_seq_num", "timestamp_begin", "timestamp_end", "content_size", "packet_size", "events_discarded",
          ]))
        evidence.add("64 bits: events", look.sequences.asRange)
        evidence.add("32 bits: events", said.events)
      },
      probe(LTTngAnswers.ioctlFor32Bits) { (ring, evidence) throws(SourceError) in
        let reader = try Reader32(.lttngModules)
        let stream = try ring.stream()
        try ring.write(500)
        let before = try stream.positions().consumed
        let said = try reader.run(with: stream.waitDescriptor)
        evidence.add("32 bits: bytes of a pointer", said["bytes_of_a_pointer"])
        for call in ["mmap", "get_next_subbuf", "put_next_subbuf"] {
          evidence.add("32 bits: \(call)", said.result(call))
        }
        let getters = [
          "snapshot_get_consumed", "get_mmap_len", "get_mmap_read_offset", "get_subbuf_size", "get_content_size",
          "get_seq_num",
        ]
        evidence.add("32 bits: getters", getters.map { "\($0) \(said.result($0))" }.joined(separator: ", "))
        evidence.add("32 bits: get_mmap_len by the number for 64 bits", said.result("get_mmap_len_of_64"))
        evidence.add("sub-buffer size", ring.configuration.subbufferSize)
        evidence.add("bytes consumed by it", try stream.positions().consumed - before)
        evidence.add("64 bits: get_next_subbuf then", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
    ]
  }
}

extension LTTngLook {
  /// The fields of the header, sizes in bits.
  fileprivate var fieldsText: String {
    "packet_seq_num \(packetSequenceNumber), timestamp_begin \(timestamps.begin), timestamp_end \(timestamps.end), "
      + "content_size \(contentCount * 8), packet_size \(packetCount * 8), events_discarded \(eventsDiscarded)"
  }
}
