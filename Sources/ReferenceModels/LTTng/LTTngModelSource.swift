import CTFPackets
import Glibc
import SubbufferSource
import SystemPackage

/// The model of LTTng's ring buffer as a source, on `get_next_subbuf` and `put_next_subbuf`.
///
/// A sub-buffer is handed out when the writer has filled it or ``flush()`` ended it, and stays the reader's until its
/// release.
///
/// ## The end
/// What says that there is nothing more to come is the hang-up of the wait descriptor, which only ``wait(_:)`` sees: once
/// it returned ``SubbufferSource/Readiness/hungUp``, ``unsafeAcquire()`` ends the last partial sub-buffer itself, hands
/// out what is left, and from then on says *finished*. An event that was begun and not committed leaves its sub-buffer,
/// and those after it, unreadable for good.
///
/// ## Losses
/// In discard mode a packet's header reports how many events were discarded by the time the packet was ended. In
/// overwrite mode a gap in the numbers of the packets reports how many packets were overwritten, and nothing reports how
/// many events were in them. A packet whose last bytes to be committed are those of an event that was not the last to
/// be reserved reports no number: its header says 0.
package struct LTTngModelSource: SubbufferSource, ~Copyable {
  /// The reader's ABI of the same ring buffer, one to one.
  package let stream: LTTngModelStream
  /// The shape of the ring buffer.
  package let geometry: Geometry
  /// All but partial visibility: a sub-buffer that the writer fills is the writer's.
  package var capabilities: Capabilities { [.positions, .explicitRelease, .finalization, .flush] }
  /// Reads the events out of the packets.
  package var decoder: LTTngModelDecoder { LTTngModelDecoder() }

  private let base: UnsafeRawPointer
  private var losses: LossAccount
  /// The consumed position left by an earlier reader whose memory is gone; 0 if there was none.
  private let consumedBefore: UInt
  private var ending = Ending.notYet
  /// `true` if the pipe was emptied and no acquire has found nothing since: there may be more than one sub-buffer to
  /// read.
  private var mayHoldMore = false

  /// The state of the writer.
  private enum Ending {
    /// Nothing; it may run.
    case notYet
    /// The process is gone, and its last sub-buffer was not ended.
    case hungUp
    /// The process is gone, and its last sub-buffer was ended.
    case flushed
    /// Everything was read.
    case finished
  }

  /// Reads a stream, and closes its own wakeup descriptor so that the hang-up is seen.
  /// - Parameter memory: what its last reader has left (``memory``), if any.
  package init(_ stream: consuming LTTngModelStream, memory: ReaderMemory? = nil) {
    stream.closeWakeupDescriptor()
    base = UnsafeRawPointer(stream.getMmapBase())
    geometry = stream.channel.attributes.geometry
    stream.snapshotSamplePositions()
    let attributes = stream.channel.attributes
    if let memory {
      losses = LossAccount(mode: attributes.mode, memory: memory)
      consumedBefore = 0
    } else if stream.getWaitDescriptor() >= 0 {
      losses = LossAccount(mode: attributes.mode)
      consumedBefore = 0
    } else {
      consumedBefore = stream.snapshotGetConsumed()
      losses = LossAccount(
        mode: attributes.mode, consumedUpTo: UInt64(consumedBefore) / UInt64(attributes.subbufferSize))
    }
    self.stream = stream
  }

  /// The state that the next reader needs to report the losses in between.
  package var memory: ReaderMemory { losses.memory }

  /// Takes the next sub-buffer with `get_next_subbuf`, and reads its header.
  ///
  /// Where an event in the next sub-buffer was begun and not committed, the call itself waits, as the library's does,
  /// before it says that there is nothing: six times 10 ms.
  @inline(__always)
  package mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    if case .finished = ending { return .finished }
    let result = stream.unsafeGetNextSubbufferResult()
    if result == 0 { return .subbuffer(try handover()) }
    if result == -EAGAIN, case .notYet = ending {
      mayHoldMore = false
      return .nothingYet
    }
    return try nothingMore(result)
  }

  /// Returns the outcome of a get that returned nothing when the writer is gone or the ring buffer finalized.
  @inline(never)
  private mutating func nothingMore(_ result: Int32) throws(SourceError) -> UnsafeOutcome {
    if result == -EAGAIN, case .hungUp = ending {
      stream.flushBuffer(producerActive: false)
      ending = .flushed
      return try unsafeAcquire()
    }
    ending = .finished
    return .finished
  }

  /// The sub-buffer that is held. One that cannot be read is given back, which consumes it, since the next get would
  /// give it again for ever.
  @inline(__always)
  private mutating func handover() throws(SourceError) -> UnsafeHandover {
    do throws(SourceError) {
      let packet = try unsafePacket()
      let (loss, channel) = losses.account(
        forPacket: packet.header.packetSequenceNumber, discarded: packet.header.eventsDiscarded)
      return UnsafeHandover(
        start: packet.start, count: packet.header.contentByteCount, unreadOffset: LTTngPacketHeader.byteCount,
        loss: loss, lossChannel: channel, number: packet.header.packetSequenceNumber,
        put: UnsafePut("lttng_ust_ctl_put_next_subbuf", stream.ring.context) {
          LTTngRing.put($0) { PutNextSubbuffer($0) }
        })
    } catch {
      losses.takeUnreadable()
      stream.unsafePutNextSubbuffer()
      throw error
    }
  }

  /// The address of the held packet, and its header.
  @inline(__always)
  func unsafePacket() throws(SourceError) -> (start: UnsafeRawPointer, header: LTTngPacketHeader) {
    let start = base + Int(stream.unsafeGetMmapReadOffset())
    do {
      return (start, try LTTngPacketHeader(in: RawSpan(_unsafeStart: start, byteCount: geometry.subbufferSize)))
    } catch {
      throw SourceError(error)
    }
  }

  /// Waits for a byte in the pipe, as `lib_ring_buffer_wakeup` demands it of a reader: empty the pipe, look for data, and
  /// only then wait. It is ready from then on, without a look at the pipe, until an acquire has found nothing.
  /// - Throws: ``SubbufferSource/SourceError`` with `EBADF` on a stream that had a reader before, whose pipe is closed.
  package mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    if case .notYet = ending {} else { return .hungUp }
    let descriptor = stream.getWaitDescriptor()
    guard descriptor >= 0 else {
      throw SourceError(
        call: "poll", errno: .badFileDescriptor, detail: "an earlier reader of the stream closed its wait descriptor",
        remedy: "read a stream that had no reader before")
    }
    if mayHoldMore { return .ready }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let ready = poll(&request, 1, timeout)
    if ready < 0 { throw SourceError(call: "poll", errno: Errno(rawValue: errno)) }
    if ready == 0 { return .timedOut }
    if request.revents & Int16(POLLIN) != 0 {
      stream.ring.pipe.drain()
      mayHoldMore = true
      return .ready
    }
    ending = .hungUp
    return .hungUp
  }

  /// Ends the partial sub-buffer, if anything was written to it.
  package mutating func flush() throws(SourceError) -> Flush {
    stream.flushBuffer(producerActive: true)
    mayHoldMore = true
    return .flushed
  }

  /// Ends the sub-buffer in any case, so that there is a packet with the count of events discarded up to now.
  package mutating func flushEmpty() throws(SourceError) -> Flush {
    stream.flushBuffer(producerActive: false)
    mayHoldMore = true
    return .flushed
  }

  /// The losses that the headers of the packets read so far reported, and how far the writer moved the consumed
  /// position beyond what was taken here.
  package mutating func lossChannels() throws(SourceError) -> [LossReading] {
    stream.snapshotSamplePositions()
    let moved = (stream.snapshotGetConsumed() &- consumedBefore) / UInt(geometry.subbufferSize)
    return losses.readings + [losses.positions(movedBy: moved)]
  }

  /// The missing packets with the highest `events_discarded` beside them.
  package func totalLoss(of readings: [LossReading]) -> TotalLoss {
    readings.packetsAndEvents
  }
}

extension LTTngModelSource: PositionalSubbufferSource {
  /// The range between the consumed position and the sub-buffer that the writer is in.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_snapshot`, `lttng_ust_ctl_snapshot_get_consumed` and
  /// `lttng_ust_ctl_snapshot_get_produced`.
  package mutating func snapshot() throws(SourceError) -> Range<UInt> {
    try stream.snapshot()
    return try snapshotRange(
      consumed: stream.snapshotGetConsumed(), produced: stream.snapshotGetProduced(), call: "lttng_ust_ctl_snapshot",
      remedy: "create a new channel")
  }

  /// Takes the sub-buffer at a position; nothing is said about losses, since positions may be read in any order.
  ///
  /// The corresponding C functions are `lttng_ust_ctl_get_subbuf` and, for the release, `lttng_ust_ctl_put_subbuf`.
  package mutating func unsafeAcquire(at position: UInt) throws(SourceError) -> UnsafeOutcome {
    let result = stream.unsafeGetSubbufferResult(at: position)
    if result == -EAGAIN { return .nothingYet }
    if result == -ENODATA { return .finished }
    do throws(SourceError) {
      let packet = try unsafePacket()
      return .subbuffer(
        UnsafeHandover(
          start: packet.start, count: packet.header.contentByteCount, unreadOffset: LTTngPacketHeader.byteCount,
          loss: .notTold, lossChannel: .nowhere, number: packet.header.packetSequenceNumber,
          put: UnsafePut("lttng_ust_ctl_put_subbuf", stream.ring.context) { LTTngRing.put($0) { PutSubbuffer($0) } }))
    } catch {
      stream.unsafePutSubbuffer()
      throw error
    }
  }
}

extension LTTngRing {
  /// The context that a hand-over keeps for its release; the source keeps the ring buffer alive.
  var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Runs the operation that releases a hand-over.
  /// - Returns: 0, as the library's calls do whatever happens.
  @inline(__always)
  static func put<Machine: StepMachine>(
    _ context: UnsafeMutableRawPointer, _ machine: (LTTngLayout) -> Machine
  ) -> Int32 {
    let ring = Unmanaged<LTTngRing>.fromOpaque(context).takeUnretainedValue()
    _ = ring.run(machine(ring.layout))
    return 0
  }
}

/// Reads the events out of the model's packets.
package struct LTTngModelDecoder: SubbufferDecoder, Hashable {
  /// The one type of event that the model writes.
  package var sequenceTypeID: UInt32 { 0 }

  /// A decoder; packets of all models of LTTng have the same format.
  package init() {}

  /// Calls `body` for each event of a packet, in order.
  /// - Throws: ``SubbufferSource/MalformedSubbuffer`` with the offset where decoding cannot go on; events before it were
  ///   visited.
  @inline(__always)
  package func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    try forEachEvent(in: subbuffer.bytes, body)
  }

  /// The same, of the bytes of a packet from its header on.
  @inline(__always)
  func forEachEvent(in bytes: RawSpan, _ body: (Event, RawSpan) -> Void) throws(MalformedSubbuffer) {
    let header = try LTTngPacketHeader(in: bytes)
    let end = header.contentByteCount
    var timestamp = header.timestampBegin
    var offset = LTTngPacketHeader.byteCount
    while offset < end {
      // Header and content are multiples of eight bytes, and so is what each turn adds.
      let word = bytes.unsafeLoad64(at: offset)
      let length = UInt64(UInt32(truncatingIfNeeded: word))
      guard length >= 8 else { throw MalformedSubbuffer(offset: offset, reason: .eventTooShort(length)) }
      let payloadOffset = offset + LTTngEvent.headerByteCount
      guard length <= UInt64(end - payloadOffset) else {
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(length))
      }
      timestamp &+= UInt64(UInt32(truncatingIfNeeded: word >> 32) &- UInt32(truncatingIfNeeded: timestamp))
      body(
        Event(timestamp: timestamp, typeID: sequenceTypeID, payloadOffset: payloadOffset, payloadCount: Int(length)),
        bytes)
      offset = payloadOffset + (Int(length) + 7) & ~7
    }
  }
}
