import CLTTngUST
import CTFPackets
import Glibc
import SubbufferSource
import SystemPackage

/// The ring buffer of one CPU of a traced process as a source, on `get_next_subbuf` and `put_next_subbuf`.
///
/// A sub-buffer is handed out when the writer has filled it, or when somebody ended it: ``flush()``, or the channel's
/// switch timer. It stays the reader's until its release, which is a call of its own.
///
/// ## The end
/// The library never says that a ring buffer is finished. What says it is the hang-up of the wait descriptor, which only
/// ``wait(_:)`` sees: once it returned ``Readiness/hungUp``, ``unsafeAcquire()`` ends the last partial sub-buffer itself,
/// as LTTng's own consumer does, hands out what is left, and from then on says *finished*. An event that the process
/// began and did not commit before it ended leaves its sub-buffer, and those after it, unreadable for good.
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
public struct LTTngUSTSource: SubbufferSource, ~Copyable {
  /// The reader's ABI of the same ring buffer, one to one.
  public let stream: ConsumerStream
  /// Reads the events out of this stream's packets.
  public let decoder: PacketDecoder<SequencePayload>
  /// The shape of the ring buffer.
  public let geometry: Geometry
  /// All but partial visibility: a sub-buffer that the writer fills is the writer's.
  public var capabilities: Capabilities { [.positions, .explicitRelease, .finalization, .flush] }

  private let base: UnsafeRawPointer
  private let mappedLength: Int
  private let waitDescriptor: Int32
  private var losses: LossAccount
  /// The consumed position left by an earlier reader whose memory is gone; 0 if there was none.
  private let consumedBefore: UInt
  @usableFromInline var ending = Ending.notYet
  /// `true` if the pipe was emptied and no acquire has found nothing since: there may be more than one sub-buffer to
  /// read.
  private var mayHoldMore = false

  /// The state of the traced process.
  @usableFromInline
  enum Ending {
    /// Nothing; it may run.
    case notYet
    /// The process is gone, and its last sub-buffer was not ended.
    case hungUp
    /// The process is gone, and its last sub-buffer was ended.
    case flushed
    /// Everything was read.
    case finished
  }

  /// Reads the ring buffer of one CPU.
  /// - Parameter memory: what the last reader of it has left (``memory``), if any.
  /// - Throws: ``SourceError`` with `EBUSY` where somebody reads it already.
  public init(_ session: USTSession, cpu: Int, memory: ReaderMemory? = nil) throws(SourceError) {
    let decoder = PacketDecoder<SequencePayload>(eventHeader: session.eventHeader, sequenceEventID: session.eventID)
    try self.init(session.channel.stream(cpu: cpu), decoder: decoder, memory: memory)
  }

  /// The state that the next reader needs to report the losses in between.
  public var memory: ReaderMemory { losses.memory }

  /// Reads a stream.
  /// - Parameter memory: what its last reader has left (``memory``), if any.
  public init(
    _ stream: consuming ConsumerStream, decoder: PacketDecoder<SequencePayload>, memory: ReaderMemory? = nil
  ) throws(SourceError) {
    let base = UnsafeRawPointer(try stream.getMmapBase())
    let mappedLength = try stream.checkedMmapLength()
    let waitDescriptor = stream.getWaitDescriptor()
    // The pipe is emptied without knowing how much is in it. One that was closed is found closed by wait.
    if waitDescriptor >= 0 { try checked(clu_sys_set_nonblocking(waitDescriptor), "O_NONBLOCK") }
    try stream.snapshotSamplePositions()
    let attributes = stream.channel.attributes
    if let memory {
      losses = LossAccount(mode: attributes.mode, memory: memory)
      consumedBefore = 0
    } else if waitDescriptor >= 0 {
      losses = LossAccount(mode: attributes.mode)
      consumedBefore = 0
    } else {
      consumedBefore = try stream.snapshotGetConsumed()
      losses = LossAccount(
        mode: attributes.mode, consumedUpTo: UInt64(consumedBefore) / UInt64(attributes.subbufferSize))
    }
    self.base = base
    self.mappedLength = mappedLength
    self.waitDescriptor = waitDescriptor
    self.decoder = decoder
    geometry = stream.channel.geometry
    self.stream = stream
  }

  /// Takes the next sub-buffer with `get_next_subbuf`, and reads its header.
  ///
  /// Where an event in the next sub-buffer was begun and not committed, the library itself waits, up to six
  /// times 10 ms (`lib_ring_buffer_get_subbuf`), before it says that there is nothing.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_get_next_subbuf`, `lttng_ust_ctl_get_mmap_read_offset` and, for
  /// the release, `lttng_ust_ctl_put_next_subbuf`.
  @inlinable
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    if case .finished = ending { return .finished }
    // Both calls, in each of which the library makes a system call, lie in the reader's own function: a function in between,
    // which is entered before the system call and left behind it, was measured to cost some 25 ns (Benchmarks/README.md).
    let result = stream.unsafeGetNextSubbufferResult()
    if result != 0 { return try nothing(result) }
    var offset: UInt = 0
    let found = stream.unsafeGetMmapReadOffsetResult(&offset)
    return try handOver(found, offset)
  }

  /// Returns the outcome of a get that returned no sub-buffer.
  @usableFromInline
  @inline(never)
  mutating func nothing(_ result: Int32) throws(SourceError) -> UnsafeOutcome {
    if result == -EAGAIN, case .notYet = ending {
      mayHoldMore = false
      return .nothingYet
    }
    guard result == -EAGAIN || result == -ENODATA else {
      throw SourceError("lttng_ust_ctl_get_next_subbuf", result: result, remedy: "open the session again")
    }
    if result == -EAGAIN, case .hungUp = ending {
      try stream.flushBuffer(producerActive: false)
      ending = .flushed
      return try unsafeAcquire()
    }
    ending = .finished
    return .finished
  }

  /// The sub-buffer that is held, by where it begins. One that cannot be read is given back, which consumes it, since the
  /// next get would give it again for ever.
  /// - Parameter result: what `lttng_ust_ctl_get_mmap_read_offset` returned.
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
          put: UnsafePut("lttng_ust_ctl_put_next_subbuf", UnsafeMutableRawPointer(stream.pointer)) {
            clu_put_next_subbuf(OpaquePointer($0))
          }))
    } catch {
      losses.takeUnreadable()
      // The error of the packet is reported, also if the packet cannot be put back.
      _ = try? stream.unsafePutNextSubbuffer()
      throw error
    }
  }

  /// The address of the held packet, and its header.
  @inline(__always)
  func unsafePacket(
    _ result: Int32, _ offset: UInt
  ) throws(SourceError) -> (start: UnsafeRawPointer, header: PacketHeader) {
    let offset = try ConsumerStream.heldOffset(
      result, offset, mappedLength: mappedLength, subbufferSize: geometry.subbufferSize)
    let start = base + offset
    do {
      return (start, try PacketHeader(in: RawSpan(_unsafeStart: start, byteCount: geometry.subbufferSize)))
    } catch {
      throw SourceError(error)
    }
  }

  /// Waits for a byte in the pipe of the stream, as `lib_ring_buffer_wakeup` of `ring_buffer_frontend.c` demands it of a
  /// reader: empty the pipe, look for data, and only then wait.
  ///
  /// The pipe is emptied when it woke the reader up, whatever number of sub-buffers its bytes announced; so it is ready
  /// from then on, without a look at the pipe, until an acquire has found nothing. A byte of a sub-buffer that was read
  /// without waiting wakes the reader up once for nothing.
  /// - Throws: ``SourceError`` with `EBADF` on a stream that had a reader before, whose pipe is closed.
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    if case .notYet = ending {} else { return .hungUp }
    guard waitDescriptor >= 0 else {
      throw SourceError(
        call: "poll", errno: .badFileDescriptor, detail: "an earlier reader of the stream closed its wait descriptor",
        remedy: "read a stream that had no reader before")
    }
    if mayHoldMore { return .ready }
    var requests = (
      pollfd(fd: waitDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stream.channel.processEnd?.rawValue ?? -1, events: Int16(POLLIN), revents: 0)
    )
    let ready = withUnsafeMutableBytes(of: &requests) { bytes in
      poll(bytes.assumingMemoryBound(to: pollfd.self).baseAddress, 2, timeout)
    }
    if ready < 0 { throw SourceError(call: "poll", errno: Errno(rawValue: errno)) }
    if ready == 0 { return .timedOut }
    if requests.0.revents & Int16(POLLIN) != 0 {
      stream.drainWaitDescriptor()
      mayHoldMore = true
      return .ready
    }
    guard requests.0.revents & Int16(POLLNVAL) == 0 else {
      throw SourceError(
        call: "poll", errno: .badFileDescriptor, detail: "the wait descriptor is closed",
        remedy: "read a stream that had no reader before")
    }
    ending = .hungUp
    return .hungUp
  }

  /// Ends the partial sub-buffer, if an event was written since the last one was ended. The first flush before the first
  /// event makes a sub-buffer without events, since the ring buffer begins with a header.
  ///
  /// The corresponding C function is `lttng_ust_ctl_flush_buffer`.
  public mutating func flush() throws(SourceError) -> Flush {
    try stream.flushBuffer(producerActive: true)
    mayHoldMore = true
    return .flushed
  }

  /// Ends the sub-buffer in any case, so that there is a packet with the count of events discarded up to now.
  ///
  /// The corresponding C function is `lttng_ust_ctl_flush_buffer` with `producer_active` 0.
  public mutating func flushEmpty() throws(SourceError) -> Flush {
    try stream.flushBuffer(producerActive: false)
    mayHoldMore = true
    return .flushed
  }

  /// The losses that the headers of the packets read so far reported, and how far the writer moved the consumed
  /// position beyond what was taken here. What happened after the end of the last packet read is in no header.
  ///
  /// The corresponding C functions of the latter are `lttng_ust_ctl_snapshot_sample_positions` and
  /// `lttng_ust_ctl_snapshot_get_consumed`.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] {
    try stream.snapshotSamplePositions()
    let moved = try (stream.snapshotGetConsumed() &- consumedBefore) / UInt(geometry.subbufferSize)
    return losses.readings + [losses.positions(movedBy: moved)]
  }

  /// The missing packets with the highest `events_discarded` beside them.
  public func totalLoss(of readings: [LossReading]) -> TotalLoss {
    readings.packetsAndEvents
  }
}

extension LTTngUSTSource: PositionalSubbufferSource {
  /// The range between the consumed position and the sub-buffer that the writer is in.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_snapshot`, `lttng_ust_ctl_snapshot_get_consumed` and
  /// `lttng_ust_ctl_snapshot_get_produced`.
  public mutating func snapshot() throws(SourceError) -> Range<UInt> {
    try stream.snapshot()
    return try snapshotRange(
      consumed: stream.snapshotGetConsumed(), produced: stream.snapshotGetProduced(), call: "lttng_ust_ctl_snapshot",
      remedy: "open the session again")
  }

  /// Takes the sub-buffer at a position; nothing is said about losses, since positions may be read in any order.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_get_subbuf` and, for the release, `lttng_ust_ctl_put_subbuf`.
  public mutating func unsafeAcquire(at position: UInt) throws(SourceError) -> UnsafeOutcome {
    let result = stream.unsafeGetSubbufferResult(at: position)
    if result == -EAGAIN { return .nothingYet }
    if result == -ENODATA { return .finished }
    try checked(result, "lttng_ust_ctl_get_subbuf at \(position)")
    do throws(SourceError) {
      var offset: UInt = 0
      let found = stream.unsafeGetMmapReadOffsetResult(&offset)
      let packet = try unsafePacket(found, offset)
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: PacketHeader.byteCount,
          loss: .notTold, lossChannel: .nowhere, number: packet.header.packetSequenceNumber,
          put: UnsafePut("lttng_ust_ctl_put_subbuf", UnsafeMutableRawPointer(stream.pointer)) {
            clu_put_subbuf(OpaquePointer($0))
          }))
    } catch {
      _ = try? stream.unsafePutSubbuffer()
      throw error
    }
  }
}
