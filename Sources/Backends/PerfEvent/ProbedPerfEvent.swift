import PerfEventABI
import ProbedRings
import Study
import SubbufferSource
import UprobeEvents
import Workload

extension PerfEventStudy: ProbedBackend {
  package func withProbedReader(
    _ event: UprobeEvent, of producer: ProducerProcess, _ configuration: RingConfiguration,
    _ body: (any SharedReader) throws(SourceError) -> Void
  ) throws(SourceError) {
    let ring = try PerfRing(
      PerfRing.Options(
        event: UInt64(event.id), process: producer.pid, dataSize: configuration.capacity,
        overwrites: configuration.mode == .overwrite, watermark: UInt32(clamping: configuration.subbufferSize)))
    try body(SharedSourceReader(name, PerfEventSource(ring, sequenceOffset: event.sequenceOffset)))
  }
}
