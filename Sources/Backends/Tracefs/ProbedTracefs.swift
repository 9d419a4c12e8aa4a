import ProbedRings
import Study
import SubbufferSource
import TracefsABI
import UprobeEvents
import Workload

extension TracefsStudy: ProbedBackend {
  /// The header word of an event of the ring buffer, and the bytes of the trace event as a multiple of 4.
  package func probedEventSize(payload: UInt32) -> Int { 4 + (UprobeEvent.size(payload: payload) + 3) & ~3 }

  package func withProbedReader(
    _ event: UprobeEvent, of producer: ProducerProcess, _ configuration: RingConfiguration,
    _ body: (any SharedReader) throws(SourceError) -> Void
  ) throws(SourceError) {
    let tracefs = try Tracefs.mountedOrMounting()
    let instance = try TracefsInstance(in: tracefs)
    try instance.setRingBuffer(configuration)
    // Other runs have processes of the same program, in which the event occurs, too.
    try instance.set("set_event_pid", String(producer.pid))
    try instance.set("events/\(event.name)/enable", "1")
    try read(instance, event, configuration, tracefs, body)
    try instance.set("events/\(event.name)/enable", "0")
    try instance.remove()
  }

  private func read(
    _ instance: TracefsInstance, _ event: UprobeEvent, _ configuration: RingConfiguration, _ tracefs: Tracefs,
    _ body: (any SharedReader) throws(SourceError) -> Void
  ) throws(SourceError) {
    let decoder = try FtracePageDecoder(tracefs, event: event.name, sequenceField: "seq")
    try body(
      SharedSourceReader(
        name, TracefsSource(tracefs, instance, cpu: configuration.producerCPU, decoder: decoder)))
  }
}

extension TracefsInstance {
  /// Makes its ring buffers as a study wants them.
  /// - Throws: ``SourceError`` where the kernel refuses.
  func setRingBuffer(_ configuration: RingConfiguration) throws(SourceError) {
    // The sub-buffer size first: changing it makes the ring buffer anew.
    try set("buffer_subbuf_size_kb", String(configuration.subbufferSize / 1024))
    let data = configuration.subbufferCount * (configuration.subbufferSize - TracefsRing.headerSize)
    try set("buffer_size_kb", String(data / 1024))
    try set("options/overwrite", configuration.mode == .overwrite ? "1" : "0")
    // Only where it is asked for: the kernel empties the ring buffer with it, and waits twice for all CPUs.
    if configuration.clock == .monotonic { try set("trace_clock", "mono") }
    // A waiter is woken by the first event.
    try set("buffer_percent", "0")
  }
}
