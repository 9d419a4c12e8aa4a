import Study
import SubbufferSource
import TracefsBackend
import Workload

/// A tracefs instance set up for a study, with a marker writer that is ready.
struct TracefsRing {
  let tracefs: Tracefs
  let instance: TracefsInstance
  let producer: ProducerProcess
  let configuration: RingConfiguration
  let decoder: FtracePageDecoder
  var cpu: Int { configuration.producerCPU }

  /// The bytes of a sub-buffer that are its header: u64 time stamp and the `commit` word (`events/header_page`).
  static let headerSize = 16

  /// Makes one, lets `body` use it, and takes it down again: first the producer, which has a file of the instance open,
  /// then the instance. What `body` mapped must be gone when it returns.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails, that of the removal included.
  static func with<Result: ~Copyable>(
    _ configuration: RingConfiguration, _ body: (TracefsRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let tracefs = try Tracefs.mountedOrMounting()
    let instance = try TracefsInstance(in: tracefs)
    let ring = try TracefsRing(tracefs, instance, configuration)
    let result: Result
    do {
      result = try body(ring)
    } catch {
      ring.producer.end()
      throw error
    }
    ring.producer.end()
    try instance.remove()
    return result
  }

  private init(
    _ tracefs: Tracefs, _ instance: TracefsInstance, _ configuration: RingConfiguration
  ) throws(SourceError) {
    self.tracefs = tracefs
    self.instance = instance
    self.configuration = configuration
    decoder = try FtracePageDecoder(tracefs)
    // The sub-buffer size first: changing it makes the ring buffer anew.
    try instance.set("buffer_subbuf_size_kb", String(configuration.subbufferSize / 1024))
    let data = configuration.subbufferCount * (configuration.subbufferSize - TracefsRing.headerSize)
    try instance.set("buffer_size_kb", String(data / 1024))
    try instance.set("options/overwrite", configuration.mode == .overwrite ? "1" : "0")
    // Only where it is asked for: the kernel empties the ring buffer with it, and waits twice for all CPUs.
    if configuration.clock == .monotonic { try instance.set("trace_clock", "mono") }
    // A waiter is woken by the first event.
    try instance.set("buffer_percent", "0")
    producer = try ProducerProcess(
      executable: ProducerExecutable.markerWriter.path(),
      arguments: [String(configuration.producerCPU), "\(instance.path)/trace_marker_raw"])
    try producer.waitUntilReady(5_000)
  }

  /// The options of the instance, as it tells them.
  func settings() throws(SourceError) -> [Observation] {
    var settings: [Observation] = []
    for file in ["options/overwrite", "buffer_subbuf_size_kb", "buffer_percent", "trace_clock"] {
      let value = try instance.text(file).oneLine
      // The clock in use is the one in brackets.
      let used = value.split(separator: " ").first { $0.hasPrefix("[") }.map { String($0.dropFirst().dropLast()) }
      settings.append(Observation(file, used ?? value))
    }
    return settings
  }

  /// The ABI one to one.
  func mapped(nonBlocking: Bool = true) throws(SourceError) -> MappedRingBuffer {
    try MappedRingBuffer(path: instance.ringBufferPath(cpu: cpu), nonBlocking: nonBlocking)
  }

  /// The ABI as a source.
  func source() throws(SourceError) -> TracefsSource {
    try TracefsSource(tracefs, instance, cpu: cpu)
  }
}
