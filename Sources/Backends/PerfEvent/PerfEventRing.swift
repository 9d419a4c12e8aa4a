import HeadTailBackend
import PerfEventABI
import Results
import Study
import SubbufferSource
import SystemPackage
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
    try ProbedWriter.with(cpu: configuration.producerCPU) { (writer) throws(SourceError) in
      try body(PerfEventRing(writer, configuration))
    }
  }

  private init(_ writer: ProbedWriter, _ configuration: RingConfiguration) throws(SourceError) {
    producer = writer.producer
    self.configuration = configuration
    event = writer.events[0]
    var options = PerfRing.Options(
      event: UInt64(event.id), process: producer.pid, dataSize: configuration.capacity,
      overwrites: configuration.mode == .overwrite, watermark: UInt32(clamping: configuration.subbufferSize),
      isMonotonic: configuration.clock == .monotonic)
    ring = try PerfRing(options)
    options.watermark = nil
    wakesByEach = try ring.addEvent(options)
  }

  /// Chooses what wakes up a reader from now on: each event (`wakeup_events` 1), or a sub-buffer's size of data
  /// (`wakeup_watermark`), which `nil` stands for, too.
  /// - Throws: ``SourceError`` where a call fails.
  package func wake(upon wakeup: Wakeup?) throws(SourceError) {
    try ring.event.enable(wakeup != .event)
    try wakesByEach.enable(wakeup == .event)
  }

  /// A reader, which goes on where the last one stopped.
  package func source() -> PerfEventSource { PerfEventSource(ring, sequenceOffset: sequenceOffset) }
}

extension PerfEventRing: HeadTailRing {
  package var head: UInt64 { ring.dataHead }
  package var tail: UInt64 { ring.dataTail }
  package var dataSize: Int { ring.dataSize }
  package var unsafeData: UnsafeRawPointer { ring.unsafeData }
  package var descriptor: FileDescriptor { ring.descriptor }
  package var mappedLength: Int { dataOffset + ring.dataSize }
  package var dataOffset: Int { ring.unsafeData - UnsafeRawPointer(ring.unsafePage) }
  package var eventSize: Int { PerfEventStudy.eventSize(payload: Self.payload) }
  package var perRing: Int { configuration.capacity / eventSize }

  package func unsafeStoreTail(_ tail: UInt64) { ring.unsafeStoreTail(tail) }
  package func reader() -> any HeadTailReader { HeadTailSourceReader(source()) }
  package func lostCount() throws(SourceError) -> UInt64 { try ring.counts().lost }
  package func poll(_ timeout: Milliseconds) throws(SourceError) -> Int32 { try ring.poll(timeout) }

  package func withSource<Visitor: SourceVisitor>(
    _ visitor: inout Visitor, _ refuse: (RingControl) throws(SourceError) -> String
  ) throws(SourceError) {
    var source = source()
    try visitor.visit(&source) { control, _ throws(SourceError) in try refuse(control) }
  }

  package func withDrain(
    _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    var source = source()
    try source.withDrain(body)
  }

  package func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("data_head", "control page, a load")) { count in
      for _ in 0..<count { sum &+= ring.dataHead }
    }
    try visitor.visit(Getter("lost", "read(2) of the event, PERF_FORMAT_LOST")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try ring.counts().lost }
    }
    withExtendedLifetime(sum) {}
  }
}
