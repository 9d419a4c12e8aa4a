import Results
import Study
import SubbufferSource
import TracefsABI
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

extension StudiedTracefsRing {
  /// The fields of the meta page that change, as of the last ioctl, and the counters that no mapping has.
  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    let mapped = try ring.mapped()
    var sum: UInt64 = 0
    try visitor.visit(Getter("reader.id", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= UInt64(mapped.readerID) }
    }
    try visitor.visit(Getter("reader.read", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= UInt64(mapped.readerRead) }
    }
    try visitor.visit(Getter("reader.lost_events", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= mapped.readerLostEvents }
    }
    try visitor.visit(Getter("overrun", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= mapped.overrun }
    }
    try visitor.visit(Getter("read", "meta page, a load")) { count in
      for _ in 0..<count { sum &+= mapped.eventsRead }
    }
    let stats = Getter(
      "per_cpu/cpuN/stats", "all counters, beside the mapping: open, read and close of a file", calls: 20)
    try visitor.visit(stats) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try ring.instance.text("per_cpu/cpu\(ring.cpu)/stats").utf8.count) }
    }
  }
}

extension StudiedTracefsRing: TimedRing {
  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "write(trace_marker_raw)" }
  var wakeups: [Wakeup] { [.event, .fullSubbuffer] }

  /// The corresponding file is `buffer_percent`. At 0 an event wakes the reader up; else N per cent of the
  /// sub-buffers, and `full_hit` of kernel/trace/ring_buffer.c counts one more than are full, that of the writer. So
  /// one that is full is reached at the share of two, rounded down.
  func wake(upon wakeup: Wakeup?) throws(SourceError) {
    let percent =
      switch wakeup {
      case .event: 0
      case .fullSubbuffer: max(1, 200 / ring.configuration.subbufferCount)
      case nil: StudiedTracefsRing.defaultPercent
      }
    try ring.instance.set("buffer_percent", String(percent))
  }

  /// `buffer_percent` of a new instance (`allocate_trace_buffers` of kernel/trace/trace.c).
  private static let defaultPercent = 50
}
