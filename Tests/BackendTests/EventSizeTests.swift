import Study
import SubbufferSource
import Testing
import Workload

extension LiveTests {
  /// The event size of the kernel's back end equals the size in the ring buffer.
  @Suite struct EventSizeTests {
    /// Up to 88 bytes of payload the kernel stores the length in the event header, above that in a separate word.
    @Test(arguments: [0, 1, 87, 88, 89, 92, 93, 200] as [UInt32])
    func anEventTakesAsManyBytesInTheKernelAsItsBackEndSays(_ payload: UInt32) throws {
      let backend = try LiveBackends.available("tracefs")
      var visitor = TwoEvents(payload: payload)
      try backend.withRing(RingConfiguration(mode: .discard, producerCPU: LiveBackends.cpu), &visitor)
      #expect(visitor.bytes == 2 * backend.eventSize(payload: payload))
    }
  }
}

/// Writes two events and stores the number of bytes that they take.
private struct TwoEvents: RingVisitor {
  let payload: UInt32
  var bytes: Int?

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    _ = try producer.write(Load(first: 0, count: 2, payload: payload))
    if case .subbuffer(let count) = try source.withNext({ (subbuffer) throws(SourceError) in subbuffer.unreadCount }) {
      bytes = count
    }
  }
}
