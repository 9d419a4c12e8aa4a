import SubbufferSource
import SystemPackage

/// A ring buffer of LTTng as a source, on `get_next_subbuf` and `put_next_subbuf`.
///
/// A sub-buffer is handed out when the writer has filled it, or when something ended it: ``flush()``, the channel's
/// switch timer, the end of recording. It stays the reader's until its release, which is a call of its own.
///
/// ## The end
/// A get that fails with `ENODATA` says that the ring buffer is finalized and everything was read. A tracer that never
/// finalizes a ring buffer says by a hang-up only, which ``wait(_:)`` sees, that the traced process is gone: then
/// ``unsafeAcquire()`` ends the last partial sub-buffer itself, as LTTng's own consumer does, hands out what is left, and
/// from then on says *finished*. An event that was begun and not committed leaves its sub-buffer, and those after it,
/// unreadable for good.
///
/// ## Losses
/// In discard mode a packet's header reports how many events were discarded by the time the packet was ended; the
/// difference to the packet before is the number of events lost between the ends of the two packets, which may be
/// before or after the events of this one. A packet that a flush ended within an event may be without that number; then
/// it reports nothing, and the next one reports both. In overwrite mode a gap in the numbers of the packets reports
/// how many packets were overwritten, and nothing reports how many events were in them; events that the writer
/// discards, since the next sub-buffer has an uncommitted event, are reported as in discard mode.
///
/// The recipe, hand-over by hand-over: the gap before `packet_seq_num`, and the growth of `events_discarded` beyond the
/// highest count before. In total: the sum of the gaps, and the highest `events_discarded` since the ring buffer was
/// made, read after a ``flushEmpty()`` whose packet has the last count. A reader that comes again goes on from the
/// ``memory`` of the one before; without it, it knows no gap before the consumed position as it found it.
public struct PacketSource<Stream: PacketStream & ~Copyable>: SubbufferSource, ~Copyable {
  /// The calls of the ring buffer.
  public let calls: Stream
  /// Reads the events out of this stream's packets.
  public let decoder: Stream.Decoder
  /// The shape of the ring buffer.
  public let geometry: Geometry
  /// All but partial visibility: a sub-buffer that the writer fills is the writer's.
  public var capabilities: Capabilities { [.positions, .explicitRelease, .finalization, .flush] }

  @usableFromInline var losses: LossAccount
  /// The consumed position left by an earlier reader whose memory is gone; 0 if there was none.
  private let consumedBefore: UInt
  @usableFromInline var ending = PacketSourceEnding.notYet
  /// `true` if a wake-up was consumed and no acquire has found nothing since: there may be more than one sub-buffer to
  /// read.
  @usableFromInline var mayHoldMore = false

  /// Reads a stream.
  /// - Parameter memory: what its last reader has left (``memory``), if any.
  public init(_ calls: consuming Stream, memory: ReaderMemory? = nil) throws(SourceError) {
    try calls.saveSampledPositions()
    if let memory {
      losses = LossAccount(mode: calls.mode, memory: memory)
      consumedBefore = 0
    } else if calls.isFirst {
      losses = LossAccount(mode: calls.mode)
      consumedBefore = 0
    } else {
      consumedBefore = try calls.savedConsumed()
      losses = LossAccount(
        mode: calls.mode, consumedUpTo: UInt64(consumedBefore) / UInt64(calls.geometry.subbufferSize))
    }
    decoder = calls.decoder
    geometry = calls.geometry
    self.calls = calls
  }

  /// The state that the next reader needs to report the losses in between.
  public var memory: ReaderMemory { losses.memory }

  /// Takes the next sub-buffer with `get_next_subbuf`, and reads its header.
  ///
  /// The corresponding calls are `get_next_subbuf`, `get_mmap_read_offset` and, for the release, `put_next_subbuf`.
  @inlinable
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    if case .finished = ending { return .finished }
    // Both calls, in each of which LTTng-UST makes a system call, lie in the reader's own function: a function in between,
    // which is entered before the system call and left after it, was measured to cost some 25 ns (Benchmarks/README.md).
    let result = calls.unsafeGetNextSubbufferResult()
    if result != 0 { return try nothing(result) }
    var offset: UInt = 0
    let found = calls.unsafeGetMmapReadOffsetResult(&offset)
    return try handOver(found, offset)
  }

  /// Returns the outcome of a get that returned no sub-buffer.
  @inlinable
  @inline(never)
  mutating func nothing(_ result: Int32) throws(SourceError) -> UnsafeOutcome {
    if result == packetsNotYet {
      switch ending {
      case .notYet:
        mayHoldMore = false
        return .nothingYet
      case .hungUp:
        _ = try calls.endSubbuffer(empty: true)
        ending = .flushed
        return try unsafeAcquire()
      case .flushed, .finished: break
      }
    } else if result != packetsFinalized {
      throw SourceError(
        call: Stream.names.getNext, errno: Errno(rawValue: -result), remedy: calls.remedy(forGet: result))
    }
    ending = .finished
    return .finished
  }

  /// The sub-buffer that is held, by where it begins. One that cannot be read is given back, which consumes it, since the
  /// next get would give it again for ever.
  /// - Parameter result: what `get_mmap_read_offset` returned.
  @inlinable
  @inline(never)
  mutating func handOver(_ result: Int32, _ offset: UInt) throws(SourceError) -> UnsafeOutcome {
    let put = calls.unsafePutNext
    do throws(SourceError) {
      let packet = try unsafePacket(result, offset)
      let (loss, channel) = losses.account(
        forPacket: packet.header.packetSequenceNumber, discarded: packet.header.eventsDiscarded)
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: Stream.Header.byteCount, loss: loss,
          lossChannel: channel, number: packet.header.packetSequenceNumber, put: put))
    } catch {
      losses.takeUnreadable()
      // The error of the packet is reported, also if the packet cannot be put back.
      _ = put.call(put.context)
      throw error
    }
  }

  /// The address of the held packet, and its header.
  @inlinable
  @inline(__always)
  func unsafePacket(
    _ result: Int32, _ offset: UInt
  ) throws(SourceError) -> (start: UnsafeRawPointer, header: Stream.Header) {
    let start = try calls.unsafeHeldAddress(result, offset)
    do {
      return (start, try Stream.Header(in: RawSpan(_unsafeStart: start, byteCount: geometry.subbufferSize)))
    } catch {
      throw SourceError(error)
    }
  }

  /// Waits until a sub-buffer can be taken.
  ///
  /// If a wait consumes the wake-up, it is ready from then on without another look until an acquire has found nothing:
  /// one wake-up may stand for several sub-buffers. A wake-up for a sub-buffer that was read without waiting wakes the
  /// reader once for nothing.
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    guard case .notYet = ending else { return .hungUp }
    if mayHoldMore { return .ready }
    let readiness = try calls.wait(timeout)
    switch readiness {
    case .ready: mayHoldMore = Stream.waitConsumesWakeup
    case .hungUp: ending = .hungUp
    case .timedOut: break
    }
    return readiness
  }

  /// Ends the partial sub-buffer, if an event was written since the last one was ended. The first flush before the first
  /// event makes a sub-buffer without events, since the ring buffer begins with a header.
  public mutating func flush() throws(SourceError) -> Flush { try end(empty: false) }

  /// Ends the sub-buffer in any case, so that there is a packet with the count of events discarded up to now.
  public mutating func flushEmpty() throws(SourceError) -> Flush { try end(empty: true) }

  private mutating func end(empty: Bool) throws(SourceError) -> Flush {
    let flush = try calls.endSubbuffer(empty: empty)
    mayHoldMore = Stream.waitConsumesWakeup
    return flush
  }

  /// The losses that the headers of the packets read so far reported, and how far the writer moved the consumed
  /// position beyond what was taken here. What happened after the end of the last packet read is in no header.
  ///
  /// The corresponding calls of the latter are `snapshot_sample_positions` and `snapshot_get_consumed`.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] {
    try calls.saveSampledPositions()
    let moved = try (calls.savedConsumed() &- consumedBefore) / UInt(geometry.subbufferSize)
    return losses.readings + [losses.positions(movedBy: moved)]
  }

  /// The missing packets with the highest `events_discarded` beside them.
  public func totalLoss(of readings: [LossReading]) -> TotalLoss {
    readings.packetsAndEvents
  }
}

/// The state of the writer, as a ``PacketSource`` knows it.
@usableFromInline
enum PacketSourceEnding {
  /// The writer may run.
  case notYet
  /// The writer is gone, and its last sub-buffer was not ended.
  case hungUp
  /// The writer is gone, and its last sub-buffer was ended.
  case flushed
  /// Everything was read.
  case finished
}

/// A get found nothing to read yet: `-EAGAIN`.
@usableFromInline let packetsNotYet = -Errno.resourceTemporarilyUnavailable.rawValue
/// A get found nothing, and nothing will come: `-ENODATA`.
@usableFromInline let packetsFinalized = -Errno.noData.rawValue

extension PacketSource: PositionalSubbufferSource where Stream: ~Copyable {
  /// The range between the consumed position and the sub-buffer that the writer is in.
  ///
  /// Positions count modulo the word size. A range that wraps would take 2^64 bytes to come about.
  ///
  /// The corresponding calls are `snapshot`, `snapshot_get_consumed` and `snapshot_get_produced`.
  /// - Throws: `SourceError` of kind `malformed` if the consumed position is beyond the produced one.
  public mutating func snapshot() throws(SourceError) -> Range<UInt> {
    try calls.saveSnapshot()
    let (consumed, produced) = try (calls.savedConsumed(), calls.savedProduced())
    guard consumed <= produced else {
      throw SourceError(
        .malformed, call: Stream.names.snapshot, detail: "consumed \(consumed) is beyond produced \(produced)",
        remedy: Stream.names.remedy)
    }
    return consumed..<produced
  }

  /// Takes the sub-buffer at a position; nothing is said about losses, since positions may be read in any order.
  ///
  /// The corresponding calls are `get_subbuf` and, for the release, `put_subbuf`.
  public mutating func unsafeAcquire(at position: UInt) throws(SourceError) -> UnsafeOutcome {
    let result = calls.unsafeGetSubbufferResult(at: position)
    if result == packetsNotYet { return .nothingYet }
    if result == packetsFinalized { return .finished }
    guard result == 0 else {
      throw SourceError(
        call: "\(Stream.names.get) at \(position)", errno: Errno(rawValue: -result),
        remedy: calls.remedy(forGet: result))
    }
    let put = calls.unsafePutAtPosition
    do throws(SourceError) {
      var offset: UInt = 0
      let found = calls.unsafeGetMmapReadOffsetResult(&offset)
      let packet = try unsafePacket(found, offset)
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: Stream.Header.byteCount,
          loss: .notTold, lossChannel: .nowhere, number: packet.header.packetSequenceNumber, put: put))
    } catch {
      _ = put.call(put.context)
      throw error
    }
  }
}
