import Glibc
import Study
import SubbufferSource
import SystemPackage
import TracefsBackend

extension TracefsRing {
  /// What the mapping came to, with the sub-buffers that it handed out.
  struct Mapped {
    /// The reading.
    var reading: KernelReading
    /// The sub-buffers.
    var pages: KernelPages
    /// What `overrun` of the meta page came to.
    var overrun: UInt64
  }

  /// Reads a load through the mapping, as ``TracefsSource`` does for every reader.
  ///
  /// The producer waits while it is read, so that a sub-buffer is as it was handed out when its bytes are copied.
  /// - Throws: ``SourceError`` where a call fails.
  func readMapped(_ load: CrossCheckLoad) throws(SourceError) -> Mapped {
    var source = try source()
    let pages = KernelPages(decoder)
    let size = source.geometry.subbufferSize
    func takeOne() throws(SourceError) -> Bool {
      guard case .subbuffer(let handover) = try source.unsafeAcquire() else { return false }
      let page = Array(UnsafeRawBufferPointer(start: handover.start, count: size))
      try pages.take(page, handover)
      return true
    }
    let truth = try load.run(
      producer, configuration, eventSize: eventSize(payload: load.payload),
      takeOne: { () throws(SourceError) in _ = try takeOne() },
      takeAll: { () throws(SourceError) in while try takeOne() {} })
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
    let file = try RingBufferFile(self, O_RDONLY | O_NONBLOCK)
    let pages = KernelPages(decoder)
    func takeOne() throws(SourceError) -> Bool {
      var page = [UInt8](repeating: 0, count: configuration.subbufferSize)
      let count = read(file.descriptor, &page, page.count)
      if count == 0 || (count < 0 && errno == EAGAIN) { return false }
      guard count == page.count else {
        throw SourceError(
          call: "read trace_pipe_raw", errno: count < 0 ? Errno(rawValue: errno) : nil, detail: "\(count) bytes")
      }
      try pages.take(page)
      return true
    }
    let truth = try load.run(
      producer, configuration, eventSize: eventSize(payload: load.payload),
      takeOne: { () throws(SourceError) in _ = try takeOne() },
      takeAll: { () throws(SourceError) in while try takeOne() {} })
    return (pages.reading(truth, try instance.stats(cpu: cpu)), pages.lossLines)
  }

  /// What `trace-cmd extract` came to.
  struct Extracted {
    /// What its reports told, all together.
    var reading: KernelReading
    /// What it said was lost at the end of the last time.
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
