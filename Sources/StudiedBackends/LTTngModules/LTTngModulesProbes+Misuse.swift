import Glibc
import LTTngModulesBackend
import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// Calls on what is not held, and calls that do not exist.
  var liveMisuseProbes: [Probe] {
    [
      probe(LTTngAnswers.gettersWithoutGet) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.named("before a get: ") { $0.addGetters(of: stream.stream) }
        if evidence.addSwitchedOff(stream) { return }
        try ring.write(ring.eventsPerSubbuffer() + 1)
        try stream.getNext()
        try stream.putNext()
        evidence.named("after the put: ") { $0.addGetters(of: stream.stream) }
      },
      probe(LTTngAnswers.unknownRequest) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        for number in [0x13, 0x1F, 0x7F] as [UInt] {
          // _IO(0xF6, number) of <asm-generic/ioctl.h>.
          let result = ioctl(stream.waitDescriptor, 0xF6 << 8 | number)
          evidence.add("_IO(0xF6, 0x\(String(number, radix: 16)))", Attempt.call(result))
        }
        evidence.add("consumed position", try stream.positions().consumed)
      },
    ]
  }
}

extension Evidence {
  fileprivate mutating func addGetters(of stream: borrowing ModulesStream) {
    add("get_events_discarded", answer { () throws(SourceError) in try stream.unsafeGetEventsDiscarded() })
    add("get_sequence_number", answer { () throws(SourceError) in try stream.unsafeGetSequenceNumber() })
    add("get_content_size", answer { () throws(SourceError) in try stream.unsafeGetContentSize() })
    add("get_mmap_read_offset", answer { () throws(SourceError) in UInt64(try stream.unsafeGetMmapReadOffset()) })
  }

  /// The value of a getter, or its error.
  private func answer(_ get: () throws(SourceError) -> UInt64) -> String {
    var value: UInt64 = 0
    let result = outcome { () throws(SourceError) in value = try get() }
    return result == "works" ? "\(value)" : result
  }
}
