import Study
import SubbufferSource
import TracefsBackend
import Workload

/// The ring buffer of a tracefs instance in a loss scenario.
struct StudiedTracefsRing: StudiedRing {
  let ring: TracefsRing

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { true }

  /// kernel/trace/trace.c: `trace_user_fault_read` copies the payload into a buffer of its own before
  /// `write_raw_marker_to_buffer` reserves the event.
  var heldAt: String { "in write(2), where the kernel copies the payload: before the event is reserved" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = try ring.source()
    try visitor.visit(&source) { control, _ throws(SourceError) in perform(control) }
  }

  /// The ring buffer is not mapped meanwhile, so that `splice(2)` need not copy.
  func withBaseline<Visitor: SourceVisitor>(_ baseline: Baseline, _ visitor: inout Visitor) throws(SourceError) {
    var source = try unmapped(baseline)
    try visitor.visit(&source) { control, _ throws(SourceError) in perform(control) }
  }

  func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    if let baseline {
      var source = try unmapped(baseline)
      try source.withDrain(body)
    } else {
      var source = try ring.source()
      try source.withDrain(body)
    }
  }

  private func unmapped(_ baseline: Baseline) throws(SourceError) -> UnmappedSource {
    guard let way = UnmappedSource.Way(rawValue: baseline.name) else { throw baseline.isNoWay }
    return try UnmappedSource(ring, way)
  }

  /// The process opens and maps the file and makes one ioctl.
  func killReaderHolding() throws(SourceError) -> String {
    try KilledReader.take(ring.instance.ringBufferPath(cpu: ring.cpu)) { path in unsafeMapAndGetReader(path) }
  }

  private func perform(_ control: RingControl) -> String {
    let configuration = ring.configuration
    return switch control {
    case .clear: Attempt.set(ring.instance, "per_cpu/cpu\(ring.cpu)/trace", "")
    case .discard: Attempt.set(ring.instance, "options/overwrite", "0")
    case .overwrite: Attempt.set(ring.instance, "options/overwrite", "1")
    case .moreSubbuffers:
      Attempt.set(ring.instance, "buffer_size_kb", String(2 * configuration.capacity / 1024))
    case .wakeByFirstEvent: Attempt.set(ring.instance, "buffer_percent", "0")
    case .wakeAtHalf: Attempt.set(ring.instance, "buffer_percent", "50")
    case .wakeWhenFull: Attempt.set(ring.instance, "buffer_percent", "100")
    case .largerSubbuffers:
      Attempt.set(ring.instance, "buffer_subbuf_size_kb", String(2 * configuration.subbufferSize / 1024))
    }
  }
}
