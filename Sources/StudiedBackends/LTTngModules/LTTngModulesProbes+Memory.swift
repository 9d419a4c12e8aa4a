import CPlatform
import Glibc
import LTTngModulesBackend
import Study
import SubbufferSource
import SystemPackage

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
