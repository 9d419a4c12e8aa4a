import HeadTailBackend
import PerfEventABI
import Platform
import Results
import Study
import SubbufferSource
import TracefsABI
import UprobeEvents
import Workload

extension ABI {
  /// perf's mapped ring buffer.
  package static let perfEvent = ABI("perf-event")
}

/// perf's ring buffer in the study.
package struct PerfEventStudy: DesignStudy {
  /// `perf-event`.
  package let name = "perf-event"
  /// The name of the ring buffer and the way of reading it.
  package let title = "perf, mapped ring buffer of an event (data_head and data_tail)"
  /// The back end is the running kernel's.
  package let isLive = true
  /// The back end is not a model.
  package var modelOf: String? { nil }
  /// perf's, and that of a head and a tail.
  package let abis = [ABI.perfEvent, .headTail]
  /// The CPU of the writer.
  package let producerCPU: Int

  /// A study with its producers on one CPU.
  package init(producerCPU: Int) {
    self.producerCPU = producerCPU
  }

  /// Loads and stores, and one ioctl with `write_backward`.
  package let calls = CallNames(
    acquire: "load data_head", acquireOfNothing: "load data_head", release: "store data_tail", wait: "poll(fd, 0)",
    flush: nil)

  /// There are no sub-buffers, and no headers of them.
  package let headerSize = 0

  /// A record: its header, the time, the size of the trace event, and this, up to a multiple of 8 bytes.
  package func eventSize(payload: UInt32) -> Int { PerfEventStudy.eventSize(payload: payload) }

  static func eventSize(payload: UInt32) -> Int {
    (PerfRecordDecoder.sampleHeaderSize + UprobeEvent.size(payload: payload) + 7) & ~7
  }

  /// The limit of a uprobe's text.
  package let largestPayload = UprobeEvent.longestText

  /// The sizes in the control page.
  /// - Throws: ``SourceError`` where a call fails.
  package func facts() throws(SourceError) -> BackendFacts {
    try PerfEventRing.with(RingConfiguration(mode: .discard, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      BackendFacts(
        version: "Linux \(unameField(\.release))",
        observations: [
          Observation("data_size", ring.ring.dataSize),
          Observation("sample_type", "PERF_SAMPLE_TIME, PERF_SAMPLE_RAW"),
          Observation("discard mode", "a mapping that is writable"),
          Observation("overwrite mode", "write_backward, and a mapping that is read-only"),
          Observation("wake-up", "wakeup_watermark \(ring.configuration.subbufferSize), where no other is named"),
        ],
        capabilities: ring.source().capabilities)
    }
  }

  /// Makes an event with its ring buffer on a writer's uprobe, and removes all of it again.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  package func withStudiedRing<Visitor: StudiedRingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try PerfEventRing.with(configuration) { (ring) throws(SourceError) in
      try visitor.visit(StudiedPerfEventRing(ring: ring))
    }
  }

  package func withProbeRing<Result>(
    _ configuration: RingConfiguration, _ body: (PerfEventRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try PerfEventRing.with(configuration, body)
  }

  /// See ``PerfEventABI/PerfEventSource``.
  package var lossRecipes: [LossRecipe] {
    [
      LossRecipe(
        mode: .discard, withEachHandover: ["the number in each PERF_RECORD_LOST between the events"],
        inTotal: ["after the last acquire, lost of what read(2) of the event returns (PERF_FORMAT_LOST)"]),
      LossRecipe(
        mode: .overwrite,
        withEachHandover: [
          "data_head has fallen by more than data_size since the last acquire: events were overwritten, number unknown",
          "the number in each PERF_RECORD_LOST between the events: those of a pause of the output",
        ],
        inTotal: ["the same: there is no count of overwritten events"]),
    ]
  }

  /// The writer is interrupted at its uprobe, and the kernel records the event; nothing is switched or cleared.
  package func lacks(_ need: RingNeed) -> String? {
    switch need {
    case .subbuffers: "the ring buffer has a head and a tail, and no sub-buffers"
    case .heldWrite, .stopInsideWrite, .nestedWrites:
      "the kernel records the event in the exception of the uprobe, where no signal is handled and nothing waits"
    case .readerProcess: "the ring buffer goes with the last process that has it open"
    case .switchTimer: "each event can be read when it is written, and no timer is needed"
    case .control(let control): "the ring buffer has no such control (\(control.rawValue))"
    case .producerProcess: nil
    }
  }

  /// Removes the uprobes that killed runs left; a perf event goes with its process.
  /// - Returns: their names.
  package func removeAbandoned() -> [String] {
    guard let tracefs = try? Tracefs.mounted() else { return [] }
    return UprobeEvent.removeAbandoned(in: tracefs)
  }

  /// Counts on the mapping, with the positions in the control page.
  /// - Throws: ``SourceError`` where a call fails.
  package func withCountedReader<Visitor: AccessCountsVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try PerfEventRing.with(configuration) { (ring) throws(SourceError) in
      // The watermark is reached by more than so many bytes only (__perf_output_begin), and a load has as many.
      try ring.wake(upon: .event)
      var source = ring.source()
      let page = UInt(bitPattern: ring.ring.unsafePage)
      let fields = PerfRing.pageFields.map {
        SharedField(
          part: "struct perf_event_mmap_page", name: $0.name, offset: $0.offset, size: 8,
          address: page + UInt($0.offset))
      }
      try visitor.visit(&source, ring.producer, AccessCountsParts(way: "mapping", lap: 1, memory: fields))
    }
  }

  /// One round of reading: 16 events are written, acquired and read.
  /// - Throws: ``SourceError`` where a call fails.
  package func recordOperations() throws(SourceError) -> [OperationRecord] {
    try PerfEventRing.with(RingConfiguration(mode: .discard, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      log.add(.setUp, "perf_event_open, PERF_EVENT_IOC_ENABLE", noError)
      log.add(
        .map, "mmap", noError, [Observation("data_offset + data_size", ring.ring.dataSize + 4096)])
      let truth = try ring.write(16)
      log.add(.write, "call of the probed function, once for each event", "\(truth.accepted) events")
      log.add(.wait, calls.wait, try ring.ring.poll(0) != 0 ? "POLLIN" : "0")
      var reader = SourceReader(ring.source())
      let tail = ring.ring.dataTail
      let first = try reader.next()
      log.add(.acquire, calls.acquire, "\(ring.ring.dataHead)")
      log.add(.losses, "a record of type PERF_RECORD_LOST", first.map { "\($0.loss)" } ?? "none")
      log.add(
        .read, "decode the records up to data_head", "\(first?.sequences.count ?? 0) events",
        [Observation("sequence numbers", (first?.sequences ?? []).asRange)])
      log.add(
        .release, calls.release ?? "", noError, [Observation("data_tail", "\(tail) -> \(ring.ring.dataTail)")])
      log.add(.acquireAgain, calls.acquireOfNothing, try reader.next() == nil ? "nothing" : "events")
      return log.records
    }
  }
}

/// perf's ring buffer in a loss scenario.
struct StudiedPerfEventRing: StudiedRing {
  let ring: PerfEventRing

  var producer: any LoadProducer { ring.producer }
  var tellsWriter: Bool { false }
  var heldAt: String { "nowhere" }

  func withSource<Visitor: SourceVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var source = ring.source()
    try visitor.visit(&source) { control, _ throws(SourceError) in throw StudiedPerfEventRing.cannot(control.rawValue) }
  }

  func withDrain(
    _ baseline: Baseline?, _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    if let baseline { throw baseline.isNoWay }
    var source = ring.source()
    try source.withDrain(body)
  }

  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("data_head", "control page, a load")) { count in
      for _ in 0..<count { sum &+= ring.ring.dataHead }
    }
    try visitor.visit(Getter("lost", "read(2) of the event, PERF_FORMAT_LOST")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try ring.ring.counts().lost }
    }
    withExtendedLifetime(sum) {}
  }

  func killReaderHolding() throws(SourceError) -> String { throw StudiedPerfEventRing.cannot("kill a reader") }

  private static func cannot(_ call: String) -> SourceError {
    SourceError(.usage, call: call, detail: "perf's ring buffer has no such call", remedy: "ask lacks(_:) first")
  }
}

extension StudiedPerfEventRing: TimedRing {
  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "call of the probed function, the trap of the uprobe included" }
  var wakeups: [Wakeup] { [.event, .fullSubbuffer] }

  func wake(upon wakeup: Wakeup?) throws(SourceError) { try ring.wake(upon: wakeup) }
}
