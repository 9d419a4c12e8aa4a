import LTTngUSTBackend
import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// Calls of the library on what is not held.
  var liveMisuseProbes: [Probe] {
    [
      probe(LTTngAnswers.gettersWithoutGet) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.named("before a get: ") { $0.addGetters(of: stream.stream) }
        try ring.write(ring.eventsPerSubbuffer() + 1)
        try stream.getNext()
        try stream.putNext()
        evidence.named("after the put: ") { $0.addGetters(of: stream.stream) }
      }
    ]
  }
}

extension Evidence {
  fileprivate mutating func addGetters(of stream: borrowing ConsumerStream) {
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
