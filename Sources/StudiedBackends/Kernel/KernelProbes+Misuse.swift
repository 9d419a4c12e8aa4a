import Study
import SubbufferSource

extension KernelStudy {
  /// Calls in the wrong order.
  var misuseProbes: [Probe] {
    [
      probe(KernelAnswers.doubleAcquire) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(500)
        let first = try mapping.getReader()
        evidence.add("id after the first", first.readerID)
        let events = try mapping.look().sequences
        evidence.add("events of the first", events.asRange)
        evidence.add("last event of the first", events.last.map(String.init) ?? "none")
        evidence.add("second ioctl", mapping.unsafeGetReader())
        evidence.add("id after the second", mapping.metaPage.readerID)
        let next = try mapping.look().sequences
        evidence.add("events of the second", next.asRange)
        evidence.add("first event of the second", next.first.map(String.init) ?? "none")
      },
      probe(KernelAnswers.recordingAfterMisuse) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        evidence.add("three acquires on the empty ring buffer", (1...3).map { _ in mapping.unsafeGetReader() }.asList)
        try ring.write(8)
        evidence.add("two acquires with 8 events", (1...2).map { _ in mapping.unsafeGetReader() }.asList)
        try ring.write(8, from: 8)
        evidence.add(
          "events read of 8 that were written afterwards", try mapping.readAll().reduce(0) { $0 + $1.sequences.count })
      },
    ]
  }
}

extension [Int32] {
  /// Results of calls, for an observation.
  fileprivate var asList: String { map(String.init).joined(separator: ", ") }
}
