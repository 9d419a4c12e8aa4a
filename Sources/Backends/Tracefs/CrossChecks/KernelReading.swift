import KernelLosses
import Study
import SubbufferSource
import TracefsABI
import Workload

/// The result of one way of reading the kernel's ring buffer under a load.
struct KernelReading {
  /// The events written, as the producer reports them.
  var truth: Truth
  /// The events, in the order in which they were read.
  var events: [TimedEvent]
  /// The missed events reported.
  var missed: Missed
  /// The counters of `stats` after the last read.
  var stats: CPUStats

  /// The missed events reported before sub-buffers.
  struct Missed: Equatable {
    /// The sum of the numbers.
    var counted: UInt64 = 0
    /// The number of times that it was told that there were some, and not how many.
    var withoutNumber: UInt64 = 0
    /// The number of sequence numbers missing where there was no number.
    var missingWithoutNumber: UInt64 = 0
  }

  /// Events that were written and not read.
  var lost: UInt64 {
    truth.produced &- UInt64(Set(events.lazy.map(\.sequence)).count { $0 < truth.produced })
  }

  /// The number of events that should have been read: all, where the writer's counters report that none was lost.
  var truthOfDelivered: UInt64? {
    stats.overrun == 0 && stats.droppedEvents == 0 ? truth.produced : nil
  }

  /// `true` if what was read and what `stats` counts as lost is what was written.
  var accountsForAll: Bool {
    UInt64(events.count) &+ stats.overrun &+ stats.droppedEvents == truth.produced
  }

  /// `true` if what was reported as missed, and what is missing where no number was told, is what was lost.
  var tellsAll: Bool { missed.counted &+ missed.missingWithoutNumber == lost }
}

/// The sub-buffers that were handed out or read, whole, and what they tell.
final class KernelPages {
  /// The sub-buffers, in order.
  private(set) var pages: [[UInt8]] = []
  /// The events in them.
  private(set) var events: [TimedEvent] = []
  /// The missed events that their headers report.
  private(set) var missed = KernelReading.Missed()
  /// The sub-buffers that report missed events without a number although there is room for one after the data.
  private(set) var withoutNumberInSpiteOfRoom: UInt64 = 0
  /// The headers that report missed events, in a line each.
  private(set) var lossLines: [String] = []

  private let decoder: FtracePageDecoder

  init(_ decoder: FtracePageDecoder) {
    self.decoder = decoder
  }

  /// Takes a sub-buffer, or more of the one that was taken last.
  /// - Parameters:
  ///   - page: all its bytes.
  ///   - handover: how it was handed out.
  /// - Throws: ``SourceError`` of kind `malformed` where it cannot be decoded, or has more or less than was handed out.
  func take(_ page: [UInt8], _ handover: UnsafeHandover) throws(SourceError) {
    let header = try decoder.header(of: page.span.bytes)
    guard handover.count == header.endOfData else {
      throw SourceError(
        .malformed, call: "copy a sub-buffer", detail: "\(header.endOfData) bytes, \(handover.count) handed out",
        remedy: "report it: the producer wrote while sub-buffers were copied")
    }
    let decoded = try decoder.events(in: page, count: header.endOfData, unreadOffset: handover.unreadOffset)
    let new = zip(decoded.sequences, decoded.times).map { TimedEvent(sequence: $0, time: $1) }
    if handover.unreadOffset > decoder.page.dataOffset, !pages.isEmpty { pages.removeLast() }
    enter(handover.loss, header, of: page, before: new.first)
    pages.append(page)
    events += new
  }

  private func enter(_ loss: Loss, _ header: PageHeader, of page: [UInt8], before next: TimedEvent?) {
    switch loss {
    case .events(let count): missed.counted &+= count
    // An upper bound is the meta page's: the header has the mark alone.
    case .some, .atMost:
      missed.withoutNumber += 1
      missed.missingWithoutNumber &+= next.map { $0.sequence &- events.nextSequence } ?? 0
      if page.count - header.endOfData >= decoder.page.commitSize { withoutNumberInSpiteOfRoom += 1 }
    case .none, .notTold, .packets: return
    }
    let commit = "commit 0x\(String(header.commit, radix: 16)), \(header.dataLength) bytes of data"
    lossLines.append("sub-buffer \(pages.count): \(commit), missed: \(loss.text)")
  }

  /// All of it, as a reading.
  func reading(_ truth: Truth, _ stats: CPUStats) -> KernelReading {
    KernelReading(truth: truth, events: events, missed: missed, stats: stats)
  }
}

extension TracefsRing {
  /// The result of the mapping, with the sub-buffers that it handed out.
  struct Mapped {
    /// The reading.
    var reading: KernelReading
    /// The sub-buffers.
    var pages: KernelPages
    /// The increase of `overrun` of the meta page.
    var overrun: UInt64
  }

  /// Reads a load through the mapping, as ``TracefsSource`` does for every reader.
  ///
  /// The producer waits while it is read, so that a sub-buffer is as it was handed out when its bytes are copied.
  /// - Throws: ``SourceError`` where a call fails.
  func readMapped(_ load: CrossCheckLoad) throws(SourceError) -> Mapped {
    var source = try source()
    let (truth, pages) = try read(load, &source)
    var overrun: UInt64 = 0
    for reading in try source.lossChannels() {
      if reading.channel == .metaPageOverrun, case .events(let count) = reading.loss { overrun = count }
    }
    return Mapped(reading: pages.reading(truth, try instance.stats(cpu: cpu)), pages: pages, overrun: overrun)
  }

  /// Reads a load with `read(2)`, one sub-buffer for each call; nothing is mapped.
  /// - Throws: ``SourceError`` where a call fails.
  func readUnmapped(
    _ load: CrossCheckLoad
  ) throws(SourceError) -> (reading: KernelReading, lossLines: [String]) {
    var source = try UnmappedSource(self, .read)
    let (truth, pages) = try read(load, &source)
    return (pages.reading(truth, try instance.stats(cpu: cpu)), pages.lossLines)
  }

  /// Has a load written, and keeps the sub-buffers that a source hands out.
  private func read<Source: SubbufferSource & ~Copyable>(
    _ load: CrossCheckLoad, _ source: inout Source
  ) throws(SourceError) -> (truth: Truth, pages: KernelPages) {
    let pages = KernelPages(decoder)
    let size = source.geometry.subbufferSize
    func takeOne() throws(SourceError) -> Bool {
      guard case .subbuffer(let taken) = try source.unsafeAcquire() else { return false }
      try pages.take(Array(UnsafeRawBufferPointer(start: taken.start, count: size)), taken)
      return true
    }
    let truth = try load.run(
      producer, configuration, eventSize: eventSize(payload: load.payload),
      takeOne: { () throws(SourceError) in _ = try takeOne() },
      takeAll: { () throws(SourceError) in while try takeOne() {} })
    return (truth, pages)
  }

  /// The result of `trace-cmd extract`.
  struct Extracted {
    /// The events of all its reports.
    var reading: KernelReading
    /// The loss that it reported at the end of the last run.
    var lost: UInt64
    /// Its lines about losses.
    var lossLines: [String]
  }

  /// Has trace-cmd read a load, to the end of the ring buffer each time.
  /// - Throws: ``SourceError`` where a call or the tool fails.
  func extract(_ load: CrossCheckLoad, with tool: TraceCmd) throws(SourceError) -> Extracted {
    var extracts: [TraceCmd.Extract] = []
    func takeAll() throws(SourceError) { extracts.append(try tool.extract(instance)) }
    let truth = try load.run(
      producer, configuration, eventSize: eventSize(payload: load.payload), takeOne: takeAll, takeAll: takeAll)
    let report = try TraceCmdReport(extracts.flatMap(\.report))
    let reading = KernelReading(
      truth: truth, events: report.events, missed: report.missed, stats: try instance.stats(cpu: cpu))
    return Extracted(
      reading: reading, lost: extracts.last?.lost ?? 0,
      lossLines: report.lossLines + (extracts.last?.lostLines ?? []))
  }
}
