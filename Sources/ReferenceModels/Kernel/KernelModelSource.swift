import Glibc
import KernelLosses
import SubbufferSource

/// The mapping of a ``KernelModelRing`` as a source, with the semantics of the source over the kernel's own.
///
/// There is no release call: the next acquire is the release. A sub-buffer that the writer still fills is handed out as
/// far as it goes; the next acquire then hands out the same one again with what came since, from
/// ``SubbufferSource/Subbuffer/unreadOffset`` on. The bound of a hand-over is `reader.read` of the meta page.
package struct KernelModelSource: SubbufferSource, ~Copyable {
  private let mapping: KernelModelMapping
  private var held: HeldSubbuffer
  private var losses: KernelLossAccount
  /// `overrun` of the meta page at the last exchange: as posted in v11 the one report of a loss that is not stale.
  private var overrunAtExchange: UInt64

  /// Reads the model's sub-buffers.
  package let decoder = KernelModelDecoder()

  /// The geometry of the ring buffer.
  package let geometry: Geometry

  /// A sub-buffer can be acquired while the writer still fills it; there is nothing else beyond the protocol.
  package var capabilities: Capabilities { .partialVisibility }

  /// Maps a ring buffer.
  /// - Throws: ``SubbufferSource/SourceError`` where a call fails.
  package init(_ ring: KernelModelRing) throws(SourceError) {
    mapping = try KernelModelMapping(ring, nonBlocking: true)
    geometry = mapping.geometry
    let (id, overrun) = (mapping.readerID, mapping.metaPage.overrun)
    held = HeldSubbuffer(id: id, timestamp: mapping.timestamp(id) ?? 0, handedOut: mapping.readerRead)
    losses = KernelLossAccount(overrun: overrun)
    overrunAtExchange = overrun
  }

  /// Takes the sub-buffer of the last one for read and hands over the next, or more of the same.
  /// - Throws: ``SubbufferSource/SourceError`` of kind `malformed` where the meta page names a sub-buffer that is not
  ///   there.
  package mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    _ = mapping.unsafeGetReader()
    let id = mapping.readerID
    let read = mapping.readerRead
    guard let start = mapping.unsafeSubbuffer(id), let timestamp = mapping.timestamp(id),
      Int(read) <= mapping.ring.parameters.dataSize
    else { throw impossibleReader(id, read) }
    var unread = KernelSubbufferFormat.headerSize
    var loss = silence
    var channel = headersReport ? LossChannel.subbufferHeader : .metaPageOverrun
    switch held.advance(to: id, timestamp: timestamp, read: read) {
    case .nothing: return .nothingYet
    case .more(let from): unread += Int(from)
    case .exchanged: (loss, channel) = lossBefore(id, start)
    }
    return .subbuffer(
      UnsafeHandover(
        start: start, count: KernelSubbufferFormat.headerSize + Int(read), unreadOffset: unread, loss: loss,
        lossChannel: channel, number: UInt64(id)))
  }

  /// Waits until ``KernelModelRing/bufferPercent`` of the ring buffer is filled; at 0 until there is anything.
  /// - Throws: ``SubbufferSource/SourceError``, with `EINTR` where a signal came first.
  package mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    try mapping.poll(timeout) == 0 ? .timedOut : .ready
  }

  /// Does nothing: partial sub-buffers are handed out.
  package mutating func flush() throws(SourceError) -> Flush {
    .notNeeded
  }

  /// The counter of the meta page first, then the headers and `reader.lost_events`, summed over the hand-overs, then the
  /// counters that are no part of the mapping. As posted in v11, `reader.lost_events` repeats a loss with each exchange
  /// until the next one, so that its sum is no number of lost events.
  package mutating func lossChannels() throws(SourceError) -> [LossReading] {
    let stats = mapping.ring.stats
    let inMetaPage: Loss = headersReport || losses.inMetaPage == 0 ? .counted(losses.inMetaPage) : .some
    return [
      LossReading(channel: .metaPageOverrun, loss: .counted(mapping.metaPage.overrun), since: .ringBuffer),
      LossReading(
        channel: .subbufferHeader, loss: headersReport ? losses.byHeaders(silence: silence) : .notTold,
        marks: losses.flagged),
      LossReading(channel: .metaPageLostEvents, loss: inMetaPage),
      LossReading(channel: .statsOverrun, loss: .counted(stats.overrun), since: .ringBuffer),
      LossReading(channel: .statsCommitOverrun, loss: .counted(stats.commitOverrun), since: .ringBuffer),
      LossReading(channel: .statsDroppedEvents, loss: .counted(stats.droppedEvents), since: .ringBuffer),
      LossReading(channel: .statsEntries, loss: .counted(stats.entries), since: .ringBuffer),
    ]
  }

  /// The sum of `overrun`, `commit overrun` and `dropped events`, as far as there are readings of them. In
  /// discard mode `overrun` alone says nothing.
  package func totalLoss(of readings: [LossReading]) -> TotalLoss {
    readings.overrunAndDropped(overwrite: mapping.ring.parameters.mode == .overwrite)
  }

  /// `true` if the headers of sub-buffers report losses: as posted in v11 they do not.
  private var headersReport: Bool { mapping.ring.parameters.variant == .asMerged }

  /// The meaning of a missing loss report: in overwrite mode that nothing was lost; in discard mode no indication,
  /// since both channels are about overwritten events.
  private var silence: Loss { mapping.ring.parameters.mode == .overwrite ? .none : .notTold }

  /// The loss before the sub-buffer just exchanged, as reported by its header, or by the meta page for it.
  private mutating func lossBefore(_ id: UInt32, _ start: UnsafeRawPointer) -> (Loss, LossChannel) {
    let overrun = mapping.metaPage.overrun
    losses.overrun.read(overrun, isCleared: false)
    let header = headerLoss(mapping.commitWord(id) ?? 0, start)
    let lostEvents = mapping.readerLostEvents
    if headersReport { return losses.lossBefore(header: header, lostEvents: lostEvents, silence: silence) }
    // As posted in v11 reader.lost_events may be that of a loss reported before ("it may be stale data", S. Rostedt,
    // 2024-01-11), and a reader cannot distinguish the two.
    losses.take(header: header, lostEvents: lostEvents)
    let lost = overrun &- overrunAtExchange
    overrunAtExchange = overrun
    return (lost == 0 ? silence : .events(lost), .metaPageOverrun)
  }

  /// The loss that the header of a sub-buffer reports.
  private func headerLoss(_ commit: UInt64, _ start: UnsafeRawPointer) -> Loss {
    guard commit & KernelSubbufferFormat.missedEvents != 0 else { return .none }
    let end = Int(commit & KernelSubbufferFormat.lengthMask)
    guard commit & KernelSubbufferFormat.missedStored != 0, end <= mapping.ring.parameters.dataSize - 8 else {
      return .some
    }
    return .events(start.load(fromByteOffset: KernelSubbufferFormat.headerSize + end, as: UInt64.self))
  }

  private func impossibleReader(_ id: UInt32, _ read: UInt32) -> SourceError {
    SourceError(
      .malformed, call: "kernel model", detail: "reader.id \(id), reader.read \(read)",
      remedy: "report it: the model is wrong")
  }
}

/// Reads the events out of the sub-buffers of a ``KernelModelRing``, which has their layout.
///
/// An event has no time stamp of its own: its time is that of its sub-buffer. The payload of an event ends in up to 7
/// bytes that were not asked for.
package struct KernelModelDecoder: SubbufferDecoder {
  /// The type of the workload's events.
  package var sequenceTypeID: UInt32 { KernelSubbufferFormat.eventType }

  /// A decoder.
  package init() {}

  /// Calls `body` for each event from ``SubbufferSource/Subbuffer/unreadOffset`` on. Only the bytes of the sub-buffer
  /// are looked at, and not its `commit`.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer``: `headerTruncated`; `eventBeyondData` where an event ends after
  /// the
  ///   bytes; `eventTooShort` where it has no room for its own header; `unknownType`; `wrongField` for a `size` that is
  ///   not a multiple of 8.
  package func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    let unreadOffset = subbuffer.unreadOffset
    let end = bytes.byteCount
    var offset = KernelSubbufferFormat.headerSize
    guard end >= offset else { throw MalformedSubbuffer(offset: 0, reason: .headerTruncated) }
    let timestamp = bytes.unsafeLoad64(at: 0)

    // Every turn throws or moves on by at least a word.
    while offset < end {
      let room = UInt64(end - offset)
      guard room >= 8 else { throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(8)) }
      let size = UInt64(bytes.unsafeLoad32(at: offset))
      let type = bytes.unsafeLoad32(at: offset + 4)
      let isPadding = type == KernelSubbufferFormat.paddingType
      guard isPadding || type == KernelSubbufferFormat.eventType || type == KernelSubbufferFormat.otherType else {
        throw MalformedSubbuffer(offset: offset, reason: .unknownType(type))
      }
      let least = isPadding ? 8 : KernelSubbufferFormat.eventHeaderSize
      guard size >= UInt64(least) else { throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(size)) }
      guard size <= room else { throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(size)) }
      guard size % 8 == 0 else { throw MalformedSubbuffer(offset: offset, reason: .wrongField("size", size)) }
      if !isPadding, offset >= unreadOffset {
        body(
          Event(timestamp: timestamp, typeID: type, payloadOffset: offset + 8, payloadCount: Int(size) - 8), bytes)
      }
      offset += Int(size)
    }
  }
}
