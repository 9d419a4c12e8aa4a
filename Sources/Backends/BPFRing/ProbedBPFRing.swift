import BPFRingABI
import ProbedRings
import Study
import SubbufferSource
import UprobeEvents
import Workload

extension BPFRingStudy: ProbedBackend {
  package func withProbedReader(
    _ event: UprobeEvent, of producer: ProducerProcess, _ configuration: RingConfiguration,
    _ body: (any SharedReader) throws(SourceError) -> Void
  ) throws(SourceError) {
    let ring = try BPFRing(dataSize: configuration.capacity)
    let recorder = try BPFRecorder(into: ring, event: UInt64(event.id), process: producer.pid)
    try body(SharedSourceReader(name, BPFRingSource(ring, recorder: recorder)))
  }
}
