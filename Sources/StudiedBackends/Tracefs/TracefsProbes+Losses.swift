import Platform
import Study
import SubbufferSource

extension TracefsStudy {
  /// Probes of the loss reports to the writer.
  var liveLossesProbes: [Probe] {
    [
      probe(KernelAnswers.writerTold, mode: .discard) { (ring, evidence) throws(SourceError) in
        let truth = try ring.write(2 * ring.eventsPerRing())
        evidence.add("events produced", truth.produced)
        evidence.add("writes that failed", truth.refused)
        evidence.add("errno of the first", ErrnoName.text(truth.firstErrno))
        evidence.add("stats: dropped events", try ring.stats().droppedEvents)
      }
    ]
  }
}
