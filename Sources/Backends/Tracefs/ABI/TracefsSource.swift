import CTracefs
import Glibc
import KernelLosses
import SubbufferSource
import SystemPackage

/// The kernel's mapped ring buffer of one CPU as a source.
///
/// There is no release call: the next acquire is the release. A sub-buffer that the writer still fills is handed out as
/// far as it goes; the next acquire then hands out the same one again with what came since, told by
/// ``Subbuffer/unreadOffset``.
///
/// The bound of a hand-over is `reader.read` of the meta page, the bytes that the kernel takes for read at that ioctl,
/// not the sub-buffer's `commit`, which grows while it is looked at. What comes between the two is handed out by the
/// next acquire: the ioctl does not exchange the sub-buffer before all of it was taken for read.
///
/// ## Losses
/// The recipe for each hand-over is ``KernelLossAccount``'s.
/// With `overwrite` off the mapping reports no loss; `overwrite` is read when the source is opened.
///
/// In total, since the ring buffer was made: the meta page's `overrun`, and `commit overrun` and `dropped events` of
/// `per_cpu/cpuN/stats`, which count different events, read after the last acquire (``totalLoss(of:)``).
public struct TracefsSource: SubbufferSource, ~Copyable {
  /// The size of the header of `struct buffer_data_page`: u64 time stamp and the `commit` word.
  private let headerSize: Int
  /// The ABI one to one.
  @usableFromInline let ring: MappedRingBuffer
  private let instance: TracefsInstance
  private let cpu: Int
  private let overwrite: Bool

  private var held: HeldSubbuffer
  private var losses: KernelLossAccount
  /// `read` of the meta page at the last acquire, and whether the ring buffer was cleared since `stats` was read last.
  private var eventsRead: UInt64
  private var isCleared = false
  private var stats: (overrun: CounterAccount, commitOverrun: CounterAccount, dropped: CounterAccount)

  /// Reads the kernel's pages in the format that `events/header_page` and `events/header_event` describe.
  public let decoder: FtracePageDecoder

  /// As the meta page said when it was mapped.
  public let geometry: Geometry

  /// A sub-buffer can be acquired while the writer still fills it; there is nothing else beyond the protocol.
  public var capabilities: Capabilities { .partialVisibility }

  /// Maps the ring buffer of one CPU of an instance.
  /// - Parameter decoder: of the workload's events; of those of `trace_marker_raw` where there is none.
  /// - Throws: ``SourceError`` where a call fails, where the meta page is not the known one, or where
  ///   `events/header_page` and `events/header_event` describe a format that the decoder does not know.
  public init(
    _ tracefs: Tracefs, _ instance: TracefsInstance, cpu: Int, decoder: FtracePageDecoder? = nil
  ) throws(SourceError) {
    let decoder = if let decoder { decoder } else { try FtracePageDecoder(tracefs) }
    let overwrite = try instance.text("options/overwrite").hasPrefix("1")
    let statsAtOpen = try instance.stats(cpu: cpu)
    let mapped = try MappedRingBuffer(path: instance.ringBufferPath(cpu: cpu), nonBlocking: true)
    let meta = mapped.metaPage
    let timestamp = mapped.unsafeSubbuffer(meta.readerID).map { ctracefs_load_word($0 + decoder.page.timestampOffset) }
    held = HeldSubbuffer(id: meta.readerID, timestamp: timestamp ?? 0, handedOut: meta.readerRead)
    geometry = mapped.geometry
    ring = mapped
    headerSize = decoder.page.dataOffset
    self.decoder = decoder
    self.overwrite = overwrite
    self.instance = instance
    self.cpu = cpu
    losses = KernelLossAccount(overrun: meta.overrun)
    eventsRead = meta.read
    stats = (
      CounterAccount(at: statsAtOpen.overrun), CounterAccount(at: statsAtOpen.commitOverrun),
      CounterAccount(at: statsAtOpen.droppedEvents)
    )
  }

  /// Takes the sub-buffer of the last one for read and hands over the next, or more of the same.
  ///
  /// The corresponding ioctl is `TRACE_MMAP_IOCTL_GET_READER`, on a file opened with `O_NONBLOCK`.
  /// - Throws: ``SourceError`` where the ioctl fails, or the meta page names a sub-buffer that is not there.
  @inlinable
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    // The call lies in the reader's own function: a function in between, which is entered before the system call and
    // left after it, was measured to cost some 25 ns (Benchmarks/README.md).
    try handOver(ring.unsafeGetReader())
  }

  /// The outcome of the ioctl, by its result and the meta page.
  @usableFromInline
  @inline(never)
  mutating func handOver(_ result: Int32) throws(SourceError) -> UnsafeOutcome {
    if result < 0 { throw getReaderRefused(-result) }
    let id = ring.readerID
    let read = ring.readerRead
    guard let start = ring.unsafeSubbuffer(id), Int(read) <= geometry.subbufferSize - headerSize else {
      throw impossibleReader(id, read)
    }
    var unread = headerSize
    var loss = silence
    var channel = LossChannel.subbufferHeader
    readCounters()
    switch held.advance(to: id, timestamp: ctracefs_load_word(start + decoder.page.timestampOffset), read: read) {
    case .nothing: return .nothingYet
    case .more(let from): unread += Int(from)
    case .exchanged: (loss, channel) = lossBefore(start)
    }
    return .subbuffer(
      UnsafeHandover(
        start: start, count: headerSize + Int(read), unreadOffset: unread, loss: loss, lossChannel: channel,
        number: UInt64(id)))
  }

  /// Waits until `buffer_percent` of the ring buffer is filled; at 0 until there is anything.
  ///
  /// The corresponding C function is `poll`.
  /// - Throws: ``SourceError``, with `EINTR` where a signal came first.
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    let events = Int32(try ring.poll(timeout))
    if events == 0 { return .timedOut }
    guard events & POLLIN != 0 else {
      throw SourceError(call: "poll \(ring.path)", detail: "events 0x\(String(events, radix: 16))")
    }
    return .ready
  }

  /// Does nothing: the kernel hands out partial sub-buffers.
  public mutating func flush() throws(SourceError) -> Flush {
    .notNeeded
  }

  /// The counter of the meta page first, since it alone is exact where a sub-buffer has no room for a number; then the
  /// headers and `reader.lost_events`, summed over the hand-overs; then `stats`, which is no part of the mapping. The
  /// first hand-over may report events that were lost before the source was opened: the kernel counts from the last
  /// exchange.
  /// - Throws: ``SourceError`` where `stats` cannot be read.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] {
    let now = try instance.stats(cpu: cpu)
    stats.overrun.read(now.overrun, isCleared: isCleared)
    stats.commitOverrun.read(now.commitOverrun, isCleared: isCleared)
    stats.dropped.read(now.droppedEvents, isCleared: isCleared)
    isCleared = false
    return [
      LossReading(channel: .metaPageOverrun, loss: .counted(losses.overrun.total), since: .ringBuffer),
      LossReading(channel: .subbufferHeader, loss: losses.byHeaders(silence: silence), marks: losses.flagged),
      LossReading(channel: .metaPageLostEvents, loss: .counted(losses.inMetaPage)),
      LossReading(channel: .statsOverrun, loss: .counted(stats.overrun.total), since: .ringBuffer),
      LossReading(channel: .statsCommitOverrun, loss: .counted(stats.commitOverrun.total), since: .ringBuffer),
      LossReading(channel: .statsDroppedEvents, loss: .counted(stats.dropped.total), since: .ringBuffer),
      LossReading(channel: .statsEntries, loss: .counted(now.entries), since: .ringBuffer),
    ]
  }

  /// The sum of `overrun`, `commit overrun` and `dropped events`, as far as there are readings of them. With `overwrite`
  /// off `overrun` alone says nothing.
  public func totalLoss(of readings: [LossReading]) -> TotalLoss {
    readings.overrunAndDropped(overwrite: overwrite)
  }

  /// Takes the counters of the meta page. `read` never falls but by a clear, which sets every counter to 0.
  @inline(__always)
  private mutating func readCounters() {
    let now = ring.eventsRead
    let cleared = now < eventsRead
    eventsRead = now
    losses.overrun.read(ring.overrun, isCleared: cleared)
    isCleared = isCleared || cleared
  }

  /// The meaning of a missing flag in a header: in overwrite mode that nothing was lost; with overwrite off no
  /// indication, since the flags are about overwritten events (`RB_MISSED_EVENTS` of kernel/trace/ring_buffer.c).
  private var silence: Loss { overwrite ? .none : .notTold }

  /// The report of the sub-buffer just exchanged on the events lost before it: bit 31 of `commit` that
  /// there are some, bit 30 that their number stands after the data (kernel/trace/ring_buffer.c, `RB_MISSED_EVENTS`,
  /// `RB_MISSED_STORED`).
  @inline(__always)
  private mutating func lossBefore(_ start: UnsafeRawPointer) -> (Loss, LossChannel) {
    let inMetaPage = ring.readerLostEvents
    let commit = UInt32(truncatingIfNeeded: ctracefs_load_word(start + decoder.page.commitOffset))
    if inMetaPage != 0 || commit & PageHeader.missedEvents != 0 {
      return reportedLoss(lostEvents: inMetaPage, commit, in: start)
    }
    losses.overrun.report(0)
    return (silence, .subbufferHeader)
  }

  /// The loss before a sub-buffer that reports one: in `reader.lost_events`, or with a flag in `commit`.
  @inline(never)
  private mutating func reportedLoss(
    lostEvents: UInt64, _ commit: UInt32, in start: UnsafeRawPointer
  ) -> (Loss, LossChannel) {
    let page = UnsafeRawBufferPointer(start: start, count: geometry.subbufferSize).bytes
    let header = PageHeader(timestamp: 0, commit: commit, format: decoder.page).loss(in: page)
    return losses.lossBefore(header: header, lostEvents: lostEvents, silence: silence)
  }

  private func getReaderRefused(_ code: Int32) -> SourceError {
    SourceError(
      call: "ioctl TRACE_MMAP_IOCTL_GET_READER \(ring.path)", errno: Errno(rawValue: code),
      remedy: "ENOTTY: this kernel lacks the ioctl (added in Linux 6.10); ENODEV: the ring buffer is not mapped")
  }

  private func impossibleReader(_ id: UInt32, _ read: UInt32) -> SourceError {
    SourceError(
      .malformed, call: "ioctl TRACE_MMAP_IOCTL_GET_READER \(ring.path)",
      detail: "reader.id \(id), reader.read \(read) with \(geometry.subbufferCount) sub-buffers of "
        + "\(geometry.subbufferSize) bytes",
      remedy: "keep the meta page and report it")
  }
}

extension TracefsInstance {
  /// The file of one CPU's ring buffer that is mapped.
  public func ringBufferPath(cpu: Int) -> String {
    "\(path)/per_cpu/cpu\(cpu)/trace_pipe_raw"
  }
}

/// The memory that the source reads, for access counts.
extension TracefsSource {
  /// The meta page.
  public var unsafeMetaPage: UnsafeRawPointer { ring.unsafeMetaPage }

  /// The first byte of a sub-buffer by its id; `nil` if there is none.
  public func unsafeSubbuffer(_ id: UInt32) -> UnsafeRawPointer? { ring.unsafeSubbuffer(id) }
}
