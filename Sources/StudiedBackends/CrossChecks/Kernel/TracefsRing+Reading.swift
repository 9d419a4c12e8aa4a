import Study
import SubbufferSource
import TracefsBackend
import Workload

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
