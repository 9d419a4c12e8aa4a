import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// Unusual sizes of sub-buffers.
  var geometryProbes: [Probe] {
    [
      probe(LTTngAnswers.largeSubbuffers, subbufferSize: 65_536) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(ring.eventsPerSubbuffer() * 5 / 2)
        evidence.add("get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        let first = try stream.look()
        try stream.putNext()
        evidence.add("bytes of an event", ring.eventSize(payload: 16))
        evidence.add("first", first.sequences.first.map { "\($0)" } ?? "none")
        evidence.add("last of the first", first.sequences.last.map { "\($0)" } ?? "none")
        evidence.add("room in the first", first.packetCount - first.contentCount)
        evidence.add("get_next_subbuf again", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        let second = try stream.look()
        try stream.putNext()
        evidence.add("first of the second", second.sequences.first.map { "\($0)" } ?? "none")
      }
    ]
  }

  /// The length of an event, on a live ring buffer.
  var eventLengthProbe: Probe {
    Probe(LTTngAnswers.eventLength) { (evidence) throws(SourceError) in
      for payload in Claim.eventPayloads {
        let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
        try withProbeRing(configuration) { (ring) throws(SourceError) in
          let stream = try ring.stream()
          try ring.write(1, payload: payload)
          try stream.flush(producerActive: true)
          try stream.getNext()
          evidence.add("payload of \(payload) bytes: bytes of data", try stream.look().contentCount - ring.headerSize)
          try stream.putNext()
        }
      }
    }
  }
}
