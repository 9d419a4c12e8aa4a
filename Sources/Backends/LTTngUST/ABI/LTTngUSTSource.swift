import CLTTngUST
import CTFPackets
import Glibc
import SubbufferSource
import SystemPackage

/// The ring buffer of one CPU of a traced process as a source.
///
/// The library never says that a ring buffer is finished: the hang-up of the wait descriptor does. Where an event in the
/// next sub-buffer was begun and not committed, an acquire itself waits, up to six times 10 ms
/// (`lib_ring_buffer_get_subbuf`), before it says that there is nothing.
public typealias LTTngUSTSource = PacketSource<USTPackets>

extension PacketSource where Stream == USTPackets {
  /// The reader's ABI of the same ring buffer, one to one.
  public var stream: ConsumerStream { _read { yield calls.stream } }

  /// Reads the ring buffer of one CPU.
  /// - Parameter memory: what the last reader of it has left (``memory``), if any.
  /// - Throws: ``SourceError`` with `EBUSY` where somebody reads it already.
  public init(_ session: USTSession, cpu: Int, memory: ReaderMemory? = nil) throws(SourceError) {
    let decoder = PacketDecoder<SequencePayload>(eventHeader: session.eventHeader, sequenceEventID: session.eventID)
    try self.init(USTPackets(session.channel.stream(cpu: cpu), decoder: decoder), memory: memory)
  }
}

/// The calls of `<lttng/ust-ctl.h>` by which a source reads a stream.
public struct USTPackets: PacketStream, ~Copyable {
  /// The header of 84 bytes.
  public typealias Header = PacketHeader

  /// The calls of a stream one to one.
  public let stream: ConsumerStream
  /// Reads the events out of this stream's packets.
  public let decoder: PacketDecoder<SequencePayload>
  /// The shape of the ring buffer.
  public let geometry: Geometry

  @usableFromInline let base: UnsafeRawPointer
  @usableFromInline let mappedLength: Int
  private let waitDescriptor: Int32

  /// Maps a stream.
  public init(
    _ stream: consuming ConsumerStream, decoder: PacketDecoder<SequencePayload>
  ) throws(SourceError) {
    let base = UnsafeRawPointer(try stream.getMmapBase())
    let mappedLength = try stream.checkedMmapLength()
    let waitDescriptor = stream.getWaitDescriptor()
    // The pipe is emptied without knowing how much is in it. One that was closed is found closed by wait.
    if waitDescriptor >= 0 { try checked(clu_sys_set_nonblocking(waitDescriptor), "O_NONBLOCK") }
    self.base = base
    self.mappedLength = mappedLength
    self.waitDescriptor = waitDescriptor
    self.decoder = decoder
    geometry = stream.channel.geometry
    self.stream = stream
  }

  /// The functions of the library.
  public static var names: PacketCallNames {
    PacketCallNames(
      getNext: "lttng_ust_ctl_get_next_subbuf", get: "lttng_ust_ctl_get_subbuf", snapshot: "lttng_ust_ctl_snapshot",
      remedy: "open the session again")
  }

  /// A wait empties the pipe.
  public static var waitConsumesWakeup: Bool { true }

  /// The mode of the channel.
  public var mode: RingMode { stream.channel.attributes.mode }

  /// The library closes the pipe with the stream of the first reader.
  public var isFirst: Bool { waitDescriptor >= 0 }

  /// The corresponding C function is `lttng_ust_ctl_get_next_subbuf`.
  @inlinable
  @inline(__always)
  public func unsafeGetNextSubbufferResult() -> Int32 { stream.unsafeGetNextSubbufferResult() }

  /// The corresponding C function is `lttng_ust_ctl_get_subbuf`.
  public func unsafeGetSubbufferResult(at position: UInt) -> Int32 { stream.unsafeGetSubbufferResult(at: position) }

  /// The corresponding C function is `lttng_ust_ctl_get_mmap_read_offset`.
  @inlinable
  @inline(__always)
  public func unsafeGetMmapReadOffsetResult(_ offset: inout UInt) -> Int32 {
    stream.unsafeGetMmapReadOffsetResult(&offset)
  }

  /// The address of the held sub-buffer in the mapping.
  @inlinable
  @inline(__always)
  public func unsafeHeldAddress(_ result: Int32, _ offset: UInt) throws(SourceError) -> UnsafeRawPointer {
    try base
      + ConsumerStream.heldOffset(result, offset, mappedLength: mappedLength, subbufferSize: geometry.subbufferSize)
  }

  /// The corresponding C function is `lttng_ust_ctl_put_next_subbuf`.
  @inlinable
  public var unsafePutNext: UnsafePut {
    UnsafePut("lttng_ust_ctl_put_next_subbuf", UnsafeMutableRawPointer(stream.pointer)) {
      clu_put_next_subbuf(OpaquePointer($0))
    }
  }

  /// The corresponding C function is `lttng_ust_ctl_put_subbuf`.
  public var unsafePutAtPosition: UnsafePut {
    UnsafePut("lttng_ust_ctl_put_subbuf", UnsafeMutableRawPointer(stream.pointer)) { clu_put_subbuf(OpaquePointer($0)) }
  }

  /// The corresponding C function is `lttng_ust_ctl_flush_buffer`, with `producer_active` 0 for an empty sub-buffer.
  public func endSubbuffer(empty: Bool) throws(SourceError) -> Flush {
    try stream.flushBuffer(producerActive: !empty)
    return .flushed
  }

  /// The corresponding C function is `lttng_ust_ctl_snapshot_sample_positions`.
  public func saveSampledPositions() throws(SourceError) { try stream.snapshotSamplePositions() }
  /// The corresponding C function is `lttng_ust_ctl_snapshot`.
  public func saveSnapshot() throws(SourceError) { try stream.snapshot() }
  /// The corresponding C function is `lttng_ust_ctl_snapshot_get_consumed`.
  public func savedConsumed() throws(SourceError) -> UInt { try stream.snapshotGetConsumed() }
  /// The corresponding C function is `lttng_ust_ctl_snapshot_get_produced`.
  public func savedProduced() throws(SourceError) -> UInt { try stream.snapshotGetProduced() }

  /// Waits for a byte in the pipe of the stream, as `lib_ring_buffer_wakeup` of `ring_buffer_frontend.c` demands it of a
  /// reader: empty the pipe, look for data, and only then wait. The pipe is emptied when it woke the reader up, whatever
  /// number of sub-buffers its bytes announced.
  /// - Throws: ``SourceError`` with `EBADF` on a stream that had a reader before, whose pipe is closed.
  public func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    guard waitDescriptor >= 0 else { throw SourceError.closedPipe(waitDescriptor) }
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
      return .ready
    }
    guard requests.0.revents & Int16(POLLNVAL) == 0 else { throw SourceError.closedPipe(waitDescriptor) }
    return .hungUp
  }
}
