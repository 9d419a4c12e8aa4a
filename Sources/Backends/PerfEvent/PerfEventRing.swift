import PerfEventABI
import Platform
import Results
import Study
import SubbufferSource
import TracefsABI
import UprobeEvents
import Workload

/// A perf event with its ring buffer, on the uprobe of a writer process, set up for a study and ready.
///
/// The event is the writer's alone, so that other runs of the same program do not write into it. It stays open while readers
/// come and go: with the last descriptor and mapping the kernel frees the ring buffer.
package struct PerfEventRing {
  package let ring: PerfRing
  package let producer: ProducerProcess
  package let configuration: RingConfiguration
  private let event: UprobeEvent
  /// The same event, disabled, with a wake-up by each occurrence: what wakes up a reader is a choice of `perf_event_open`, and
  /// so each choice is an event of its own, of which one is enabled.
  private let wakesByEach: PerfEvent

  /// The offset of the sequence number in the event's bytes.
  var sequenceOffset: Int { event.sequenceOffset }

  /// Makes one, lets `body` use it, and takes it down again: the writer, the perf event, and then the uprobe. A reader is
  /// woken up by a sub-buffer's size of data.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  package static func with<Result: ~Copyable>(
    _ configuration: RingConfiguration, _ body: (PerfEventRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let tracefs = try Tracefs.mountedOrMounting()
    let program = try ProducerExecutable.probedWriter.path()
    let event = try UprobeEvent(in: tracefs, program: program)
    let result = try run(event, program, configuration, body)
    try event.remove()
    return result
  }

  private static func run<Result: ~Copyable>(
    _ event: UprobeEvent, _ program: String, _ configuration: RingConfiguration,
    _ body: (PerfEventRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let producer = try ProducerProcess(executable: program, arguments: [String(configuration.producerCPU)])
    defer { producer.end() }
    try producer.waitUntilReady(10_000)
    return try body(PerfEventRing(producer, configuration, event))
  }

  private init(
    _ producer: ProducerProcess, _ configuration: RingConfiguration, _ event: UprobeEvent
  ) throws(SourceError) {
    self.producer = producer
    self.configuration = configuration
    self.event = event
    var options = PerfRing.Options(
      event: UInt64(event.id), process: producer.pid, dataSize: configuration.capacity,
      overwrites: configuration.mode == .overwrite, watermark: UInt32(clamping: configuration.subbufferSize),
      isMonotonic: configuration.clock == .monotonic)
    ring = try PerfRing(options)
    options.watermark = nil
    wakesByEach = try ring.addEvent(options)
  }

  /// Chooses what wakes up a reader from now on: each event (`wakeup_events` 1), or a sub-buffer's size of data
  /// (`wakeup_watermark`).
  /// - Throws: ``SourceError`` where a call fails.
  package func wake(upon wakeup: Wakeup) throws(SourceError) {
    try ring.event.enable(wakeup == .fullSubbuffer)
    try wakesByEach.enable(wakeup == .event)
  }

  /// A reader, which goes on where the last one stopped.
  package func source() -> PerfEventSource { PerfEventSource(ring, sequenceOffset: sequenceOffset) }

  /// Has events of the usual size written, and waits until they are.
  /// - Throws: ``SourceError`` if the writer is gone.
  @discardableResult
  package func write(_ count: Int, from first: UInt64 = 0) throws(SourceError) -> Truth {
    try producer.write(Load(first: first, count: UInt64(count), payload: PerfEventRing.payload))
  }

  /// The payload of the events of probes, in bytes.
  static let payload: UInt32 = 24

  /// The number of events of ``write(_:from:)`` that fit into the ring buffer.
  var perRing: Int { configuration.capacity / PerfEventStudy.eventSize(payload: PerfEventRing.payload) }
}
