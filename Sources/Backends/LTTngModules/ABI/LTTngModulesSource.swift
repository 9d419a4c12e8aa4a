import CLTTngModules
import CTFPackets
import Glibc
import SubbufferSource
import SystemPackage

/// The ring buffer of one CPU of the kernel tracer of LTTng as a source, on `GET_NEXT_SUBBUF` and `PUT_NEXT_SUBBUF`.
///
/// A sub-buffer is handed out when the writer has filled it, or when somebody ended it: ``flush()``, the channel's switch
/// timer, or the end of recording. It stays the reader's until its release, which is a call of its own.
///
/// ## The end
/// The kernel reports that a ring buffer is finished once its session has ended: `-ENODATA` of a get that finds
/// nothing, and `POLLHUP` of poll. What was partial then was ended when recording was stopped
/// (``ModulesSession/end()``); to end it later is not possible, since the kernel would read freed memory.
///
/// ## Losses
/// As `LTTngUSTSource` of the same packets: in discard mode `events_discarded` of the packet's header, in overwrite
/// mode the gap in `packet_seq_num` reports how many packets were overwritten, and nothing how many events were in
/// them. Events that the writer discards in this mode are reported as in discard mode.
///
/// The recipe, hand-over by hand-over: the gap before `packet_seq_num`, and the growth of `events_discarded` beyond the
/// highest count before. In total: the sum of the gaps, and the highest `events_discarded` since the ring buffer was
/// made, read after a ``flushEmpty()`` whose packet has the last count. A reader that comes again goes on from the
/// ``memory`` of the one before; without it, it knows no gap before the consumed position as it found it.
package struct LTTngModulesSource: SubbufferSource, ~Copyable {
  /// The reader's ABI of the same ring buffer, one to one.
  package let stream: ModulesStream
  /// Reads the events out of this stream's packets.
  package let decoder: PacketDecoder<LoggerPayload>
  /// The shape of the ring buffer.
  package let geometry: Geometry
  /// All but partial visibility: a sub-buffer that the writer fills is the writer's.
  package var capabilities: Capabilities { [.positions, .explicitRelease, .finalization, .flush] }

  /// The stream's file for a release (``ModulesStream/unsafeHandle``).
  let putContext: UnsafeMutableRawPointer
  private let session: ModulesSession
  private var losses: LossAccount
  /// The consumed position left by an earlier reader whose memory is gone; 0 if there was none.
  private let consumedBefore: UInt
  /// `true` once the ring buffer is finalized and everything was read.
  @usableFromInline var isFinished = false

  /// Reads the ring buffer of one CPU.
  /// - Parameter memory: what the last reader of it has left (``memory``), if any.
  /// - Throws: ``SourceError`` with `ENOENT` where somebody reads it already.
  package init(_ session: ModulesSession, cpu: Int, memory: ReaderMemory? = nil) throws(SourceError) {
    let stream = try session.channel.stream(cpu: cpu)
    guard let putContext = stream.unsafeHandle else {
      throw SourceError(call: "ioctl STREAM", errno: .badFileDescriptor)
    }
    let attributes = stream.attributes
    if let memory {
      losses = LossAccount(mode: attributes.mode, memory: memory)
      consumedBefore = 0
    } else if stream.isFirst {
      losses = LossAccount(mode: attributes.mode)
      consumedBefore = 0
    } else {
      try checked(stream.snapshotSamplePositions(), "ioctl RING_BUFFER_SNAPSHOT_SAMPLE_POSITIONS")
      consumedBefore = try stream.snapshotGetConsumed()
      losses = LossAccount(
        mode: attributes.mode, consumedUpTo: UInt64(consumedBefore) / UInt64(attributes.subbufferSize))
    }
    self.putContext = putContext
    decoder = PacketDecoder(eventHeader: session.eventHeader, sequenceEventID: session.eventID)
    geometry = attributes.geometry
    self.session = session
    self.stream = stream
  }

  /// The state that the next reader needs to report the losses in between.
  package var memory: ReaderMemory { losses.memory }

  /// Takes the next sub-buffer with `GET_NEXT_SUBBUF`, and reads its header.
  ///
  /// The corresponding ioctls are `LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF`,
  /// `LTTNG_KERNEL_ABI_RING_BUFFER_GET_MMAP_READ_OFFSET` and, for the release,
  /// `LTTNG_KERNEL_ABI_RING_BUFFER_PUT_NEXT_SUBBUF`.
  @inlinable
  package mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    if isFinished { return .finished }
    let result = stream.unsafeGetNextSubbuffer()
    if result != 0 { return try nothing(result) }
    var offset: UInt = 0
    let found = stream.unsafeGetMmapReadOffsetResult(&offset)
    return try handOver(found, offset)
  }

  /// Returns the outcome of a get that returned no sub-buffer.
  @usableFromInline
  @inline(never)
  mutating func nothing(_ result: Int32) throws(SourceError) -> UnsafeOutcome {
    if result == -EAGAIN { return .nothingYet }
    guard result == -ENODATA else {
      throw SourceError(
        call: "ioctl RING_BUFFER_GET_NEXT_SUBBUF", errno: Errno(rawValue: -result),
        remedy: result == -EIO
          ? "the kernel disabled the channel after a call in the wrong order; see the kernel log for the place"
          : "open the session again")
    }
    isFinished = true
    return .finished
  }

  /// The sub-buffer that is held, by where it begins. One that cannot be read is given back, which consumes it, since the
  /// next get would give it again for ever.
  /// - Parameter result: what `GET_MMAP_READ_OFFSET` returned.
  @usableFromInline
  @inline(never)
  mutating func handOver(_ result: Int32, _ offset: UInt) throws(SourceError) -> UnsafeOutcome {
    do throws(SourceError) {
      let packet = try unsafePacket(result, offset)
      let (loss, channel) = losses.account(
        forPacket: packet.header.packetSequenceNumber, discarded: packet.header.eventsDiscarded)
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: PacketHeader.byteCount, loss: loss,
          lossChannel: channel, number: packet.header.packetSequenceNumber,
          put: UnsafePut("ioctl RING_BUFFER_PUT_NEXT_SUBBUF", putContext) {
            clm_call(Int32(Int(bitPattern: $0) - 1), clm_put_next_subbuf_request)
          }))
    } catch {
      losses.takeUnreadable()
      // The error of the packet is reported, also if the packet cannot be put back.
      _ = stream.unsafePutNextSubbuffer()
      throw error
    }
  }

  /// The address of the held packet, and its header.
  @inline(__always)
  func unsafePacket(
    _ result: Int32, _ offset: UInt
  ) throws(SourceError) -> (start: UnsafeRawPointer, header: PacketHeader) {
    let start = try stream.unsafeBase + stream.unsafeHeldOffset(result, offset)
    do {
      return (start, try PacketHeader(in: RawSpan(_unsafeStart: start, byteCount: geometry.subbufferSize)))
    } catch {
      throw SourceError(error)
    }
  }

  /// Waits with `poll` until a sub-buffer can be taken.
  ///
  /// The file is ready as long as one can. Who waits is woken up by the channel's read timer
  /// (``ModulesChannelAttributes/readTimer``), never if it has none, and at the end of the session.
  ///
  /// The corresponding C function is `poll`.
  /// - Throws: ``SourceError`` with `EIO` where the kernel has switched the channel off (`POLLERR`).
  package mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    if isFinished { return .hungUp }
    let events = Int32(try stream.poll(timeout))
    if events == 0 { return .timedOut }
    if events & (POLLIN | POLLPRI) != 0 { return .ready }
    guard events & POLLHUP != 0 else {
      throw SourceError(
        call: "poll of a stream", errno: .ioError, detail: "events \(events)",
        remedy: "the kernel disabled the channel after a call in the wrong order; see the kernel log for the place")
    }
    return .hungUp
  }

  /// Ends the partial sub-buffer, if an event was written since the last one was ended. The end of the session has done so
  /// already.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_FLUSH`.
  package mutating func flush() throws(SourceError) -> Flush {
    try checked(session.whileAlive { stream.unsafeFlush() } ?? 0, "ioctl RING_BUFFER_FLUSH")
    return .flushed
  }

  /// Ends the sub-buffer in any case, so that there is a packet with the count of events discarded up to now; not where the
  /// session has ended.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_FLUSH_EMPTY`.
  package mutating func flushEmpty() throws(SourceError) -> Flush {
    guard let result = session.whileAlive({ stream.unsafeFlushEmpty() }) else { return .notNeeded }
    try checked(result, "ioctl RING_BUFFER_FLUSH_EMPTY")
    return .flushed
  }

  /// Empties the ring buffer; where the session has ended, nothing is done.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_CLEAR`.
  /// - Returns: 0 or a negative errno.
  package func clear() -> Int32 {
    session.whileAlive { stream.unsafeClear() } ?? 0
  }

  /// The losses that the headers of the packets read so far reported, and how far the writer moved the consumed
  /// position beyond what was taken here. What happened after the end of the last packet read is in no header.
  ///
  /// The corresponding ioctls of the latter are `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_SAMPLE_POSITIONS` and
  /// `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_CONSUMED`.
  package mutating func lossChannels() throws(SourceError) -> [LossReading] {
    try checked(stream.snapshotSamplePositions(), "ioctl RING_BUFFER_SNAPSHOT_SAMPLE_POSITIONS")
    let moved = try (stream.snapshotGetConsumed() &- consumedBefore) / UInt(geometry.subbufferSize)
    return losses.readings + [losses.positions(movedBy: moved)]
  }

  /// The missing packets with the highest `events_discarded` beside them.
  package func totalLoss(of readings: [LossReading]) -> TotalLoss {
    readings.packetsAndEvents
  }
}

extension LTTngModulesSource: PositionalSubbufferSource {
  /// The range between the consumed position and the sub-buffer that the writer is in.
  ///
  /// The corresponding ioctls are `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT`,
  /// `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_CONSUMED` and `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_PRODUCED`.
  package mutating func snapshot() throws(SourceError) -> Range<UInt> {
    try checked(stream.snapshot(), "ioctl RING_BUFFER_SNAPSHOT")
    return try snapshotRange(
      consumed: stream.snapshotGetConsumed(), produced: stream.snapshotGetProduced(),
      call: "ioctl RING_BUFFER_SNAPSHOT", remedy: "open the session again")
  }

  /// Takes the sub-buffer at a position; nothing is said about losses, since positions may be read in any order.
  ///
  /// The corresponding ioctls are `LTTNG_KERNEL_ABI_RING_BUFFER_GET_SUBBUF` and, for the release,
  /// `LTTNG_KERNEL_ABI_RING_BUFFER_PUT_SUBBUF`.
  package mutating func unsafeAcquire(at position: UInt) throws(SourceError) -> UnsafeOutcome {
    let result = stream.unsafeGetSubbuffer(at: position)
    if result == -EAGAIN { return .nothingYet }
    if result == -ENODATA { return .finished }
    try checked(result, "ioctl RING_BUFFER_GET_SUBBUF at \(position)")
    do throws(SourceError) {
      var offset: UInt = 0
      let found = stream.unsafeGetMmapReadOffsetResult(&offset)
      let packet = try unsafePacket(found, offset)
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: PacketHeader.byteCount,
          loss: .notTold, lossChannel: .nowhere, number: packet.header.packetSequenceNumber,
          put: UnsafePut("ioctl RING_BUFFER_PUT_SUBBUF", putContext) {
            clm_call(Int32(Int(bitPattern: $0) - 1), clm_put_subbuf_request)
          }))
    } catch {
      _ = stream.unsafePutSubbuffer()
      throw error
    }
  }
}
