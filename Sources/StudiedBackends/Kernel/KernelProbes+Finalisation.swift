import Study
import SubbufferSource

extension KernelStudy {
  /// The end of a ring buffer's life.
  var finalisationProbes: [Probe] {
    [
      probe(KernelAnswers.restAfterEnd) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let one = ring.eventsPerSubbuffer()
        let truth = try ring.write(2 * one + one / 2)
        ring.endWriter()
        evidence.addDelivered(try mapping.readAll().flatMap(\.sequences), of: truth.produced)
      }
    ]
  }
}
