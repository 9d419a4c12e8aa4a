import Platform
import Study
import SubbufferSource
import TracefsABI
import Workload

/// A tracefs instance with a marker writer, as the study sets it up.
struct TracefsRing {
  let tracefs: Tracefs
  let instance: TracefsInstance
  let producer: ProducerProcess
  let overwrite: Bool
  let cpu: Int

  /// Makes one, lets `body` use it, and takes it down again.
  static func with<Result>(
    _ mode: RingMode, subbufferCount: Int, _ placement: CPUPlacement,
    _ body: (TracefsRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let tracefs = try Tracefs.mountedOrMounting()
    let instance = try TracefsInstance(in: tracefs)
    let ring = try TracefsRing(tracefs, instance, mode, subbufferCount, cpu: placement.producer)
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
    _ tracefs: Tracefs, _ instance: TracefsInstance, _ mode: RingMode, _ subbufferCount: Int, cpu: Int
  ) throws(SourceError) {
    self.tracefs = tracefs
    self.instance = instance
    self.cpu = cpu
    overwrite = mode == .overwrite
    try instance.set("buffer_subbuf_size_kb", String(Fill.subbufferSize / 1024))
    try instance.set("buffer_size_kb", String(subbufferCount * Fill.subbufferSize / 1024))
    try instance.set("options/overwrite", overwrite ? "1" : "0")
    try instance.set("trace_clock", "mono")
    try instance.set("buffer_percent", "0")
    producer = try ProducerProcess(
      executable: ProducerExecutable.markerWriter.path(), arguments: [String(cpu), "\(instance.path)/trace_marker_raw"])
    try producer.waitUntilReady(5_000)
  }

  func source() throws(SourceError) -> TracefsSource {
    try TracefsSource(tracefs, instance, cpu: cpu)
  }
}
