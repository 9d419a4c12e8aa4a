import Results
import Study
import SubbufferSource

extension KernelAnswers {
  /// The reason why claims about positions do not apply to the kernel.
  static let noPositions = "no call of the kernel takes or returns a position"

  static let lookAhead = Claim.lookAhead.answered(
    procedure:
      "Fill half the ring buffer; decode all sub-buffers in the mapping by id without any ioctl; record what was "
      + "consumed; then read in order.",
    [
      .kernel: .assumed(
        "the mapping contains all events that were written; none counts as read, and all are delivered afterwards"
      ) { seen in
        try Claim.readAhead(seen, isConsumed: seen.number("stats: read events") != 0)
      }
    ])
}

extension KernelStudy {
  /// Reading by position, and snapshots.
  var positionsProbes: [Probe] {
    [
      probe(KernelAnswers.lookAhead) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(ring.eventsPerRing() / 2)
        let mapping = try ring.map()
        evidence.add("events written", Array(0..<truth.produced).asRange)
        var subbuffers: [[UInt64]] = []
        for id in 0..<mapping.metaPage.subbufferCount {
          subbuffers.append(try mapping.look(at: id, from: 0, end: nil).sequences)
        }
        evidence.add("sub-buffers with events", subbuffers.count { !$0.isEmpty })
        evidence.add("events seen ahead", subbuffers.flatMap { $0 }.sorted().asRange)
        evidence.add("stats: read events", try ring.stats().readEvents)
        evidence.add("events read afterwards", try mapping.readAll().flatMap(\.sequences).asRange)
      }
    ]
  }
}
