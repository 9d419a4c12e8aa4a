import Study
import SubbufferSource

extension KernelStudy {
  /// Unusual sizes of sub-buffers.
  var geometryProbes: [Probe] {
    [
      probe(KernelAnswers.countIncludesReader) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("sub-buffers of the writer", ring.configuration.subbufferCount)
        evidence.add("nr_subbufs", mapping.metaPage.subbufferCount)
        try ring.write(ring.eventsPerSubbuffer() * 17 / 2)
        var ids: Set<UInt32> = []
        for _ in 0..<12 { ids.insert(try mapping.getReader().readerID) }
        evidence.add("different ids handed out", ids.count)
        evidence.add("largest id handed out", ids.max() ?? 0)
      },
      probe(KernelAnswers.largeSubbuffers, subbufferSize: 65_536) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(ring.eventsPerSubbuffer() * 5 / 2)
        evidence.add("subbuf_size", try mapping.getReader().subbufferSize)
        let first = try mapping.look()
        evidence.add("bytes of an event", ring.eventSize(payload: ring.usualPayload))
        evidence.add("first", first.sequences.first.map { "\($0)" } ?? "none")
        evidence.add("last of the first", first.sequences.last.map { "\($0)" } ?? "none")
        evidence.add("room in the first", first.room)
        _ = try mapping.getReader()
        let second = try mapping.look()
        evidence.add("first of the second", second.sequences.first.map { "\($0)" } ?? "none")
      },
    ]
  }
}
