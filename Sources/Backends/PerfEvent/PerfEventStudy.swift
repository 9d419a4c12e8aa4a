import HeadTailBackend
import PerfEventABI
import Platform
import Results
import Study
import SubbufferSource
import UprobeEvents
import Workload

extension ABI {
  /// perf's mapped ring buffer.
  package static let perfEvent = ABI("perf-event")
}

/// perf's ring buffer in the study.
package struct PerfEventStudy: HeadTailStudy {
  /// `perf-event`.
  package let name = "perf-event"
  /// The name of the ring buffer and the way of reading it.
  package let title = "perf, mapped ring buffer of an event (data_head and data_tail)"
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

  /// `perf's ring buffer`.
  package let ringName = "perf's ring buffer"
  /// The kernel records the event.
  package let recording = (act: "the kernel records the event", done: "written")

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
