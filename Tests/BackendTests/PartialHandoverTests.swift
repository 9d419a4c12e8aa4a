import Study
import SubbufferSource
import Testing
import Workload

extension LiveTests {
  /// A partial sub-buffer that is handed out twice reports the same loss both times. The conformance kit cannot check
  /// this, because no known loss decides it.
  @Suite struct PartialHandoverTests {
    @Test(arguments: LiveBackends.names)
    func theSecondHandoverTellsNoMoreThanTheFirst(_ name: String) throws {
      let backend = try LiveBackends.available(name)
      var visitor = ReadTwice()
      try backend.withRing(RingConfiguration(mode: .discard, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.losses.count == 2)
      #expect(Set(visitor.losses).count == 1, "\(visitor.losses)")
    }
  }
}

/// Writes a few events and reads them, twice.
private struct ReadTwice: RingVisitor {
  var losses: [Loss] = []

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    for first: UInt64 in [0, 3] {
      _ = try producer.write(Load(first: first, count: 3, payload: 16))
      _ = try source.flush()
      if case .subbuffer(let loss) = try source.withNext({ (subbuffer) throws(SourceError) in subbuffer.loss }) {
        losses.append(loss)
      }
    }
  }
}
