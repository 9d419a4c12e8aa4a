import CLTTngModules
import CTFPackets
import Glibc
import SubbufferSource
import SystemPackage

/// The ring buffer of one CPU of the kernel tracer of LTTng as a source.
///
/// The kernel reports that a ring buffer is finished once its session has ended: `-ENODATA` of a get that finds
/// nothing, and `POLLHUP` of poll. What was partial then was ended when recording was stopped
/// (``ModulesSession/end()``); to end it later is not possible, since the kernel would read freed memory.
package typealias LTTngModulesSource = PacketSource<ModulesPackets>

extension PacketSource where Stream == ModulesPackets {
  /// The reader's ABI of the same ring buffer, one to one.
  package var stream: ModulesStream { _read { yield calls.stream } }

  /// Reads the ring buffer of one CPU.
  /// - Parameter memory: what the last reader of it has left (``memory``), if any.
  /// - Throws: ``SourceError`` with `ENOENT` where somebody reads it already.
  package init(_ session: ModulesSession, cpu: Int, memory: ReaderMemory? = nil) throws(SourceError) {
    try self.init(ModulesPackets(session, cpu: cpu), memory: memory)
  }

  /// Empties the ring buffer; where the session has ended, nothing is done.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_CLEAR`.
  /// - Returns: 0 or a negative errno.
  package func clear() -> Int32 { calls.clear() }
}

/// The ioctls by which a source reads a stream.
package struct ModulesPackets: PacketStream, ~Copyable {
  package typealias Header = PacketHeader

  /// The ioctls of a stream one to one.
  package let stream: ModulesStream
  /// Reads the events out of this stream's packets.
  package let decoder: PacketDecoder<LoggerPayload>

  /// The stream's file for a release (``ModulesStream/unsafeHandle``).
  private let putContext: UnsafeMutableRawPointer
  private let session: ModulesSession

  /// Opens the ring buffer of one CPU.
  init(_ session: ModulesSession, cpu: Int) throws(SourceError) {
    let stream = try session.channel.stream(cpu: cpu)
    guard let putContext = stream.unsafeHandle else {
      throw SourceError(call: "ioctl STREAM", errno: .badFileDescriptor)
    }
    self.putContext = putContext
    decoder = PacketDecoder(eventHeader: session.eventHeader, sequenceEventID: session.eventID)
    self.session = session
    self.stream = stream
  }

  package static var names: PacketCallNames {
    PacketCallNames(
      getNext: "ioctl RING_BUFFER_GET_NEXT_SUBBUF", get: "ioctl RING_BUFFER_GET_SUBBUF",
      snapshot: "ioctl RING_BUFFER_SNAPSHOT", remedy: "open the session again")
  }

  /// The file is ready as long as a sub-buffer can be taken.
  package static var waitConsumesWakeup: Bool { false }

  package var geometry: Geometry { stream.attributes.geometry }
  package var mode: RingMode { stream.attributes.mode }
  package var isFirst: Bool { stream.isFirst }

  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF`.
  @inlinable
  @inline(__always)
  package func unsafeGetNextSubbufferResult() -> Int32 { stream.unsafeGetNextSubbuffer() }

  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_SUBBUF`.
  package func unsafeGetSubbufferResult(at position: UInt) -> Int32 { stream.unsafeGetSubbuffer(at: position) }

  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_MMAP_READ_OFFSET`.
  @inlinable
  @inline(__always)
  package func unsafeGetMmapReadOffsetResult(_ offset: inout UInt) -> Int32 {
    stream.unsafeGetMmapReadOffsetResult(&offset)
  }

  package func unsafeHeldAddress(_ result: Int32, _ offset: UInt) throws(SourceError) -> UnsafeRawPointer {
    try stream.unsafeBase + stream.unsafeHeldOffset(result, offset)
  }

  package func remedy(forGet result: Int32) -> String {
    result == -Errno.ioError.rawValue ? Self.disabled : Self.names.remedy
  }

  private static let disabled =
    "the kernel disabled the channel after a call in the wrong order; see the kernel log for the place"

  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_PUT_NEXT_SUBBUF`.
  package var unsafePutNext: UnsafePut {
    UnsafePut("ioctl RING_BUFFER_PUT_NEXT_SUBBUF", putContext) {
      clm_call(Int32(Int(bitPattern: $0) - 1), clm_put_next_subbuf_request)
    }
  }

  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_PUT_SUBBUF`.
  package var unsafePutAtPosition: UnsafePut {
    UnsafePut("ioctl RING_BUFFER_PUT_SUBBUF", putContext) {
      clm_call(Int32(Int(bitPattern: $0) - 1), clm_put_subbuf_request)
    }
  }

  /// The corresponding ioctls are `LTTNG_KERNEL_ABI_RING_BUFFER_FLUSH` and `LTTNG_KERNEL_ABI_RING_BUFFER_FLUSH_EMPTY`;
  /// none is made where the session has ended, whose end ends the partial sub-buffer.
  package func endSubbuffer(empty: Bool) throws(SourceError) -> Flush {
    let result = session.whileAlive { empty ? stream.unsafeFlushEmpty() : stream.unsafeFlush() }
    guard let result else { return empty ? .notNeeded : .flushed }
    try checked(result, empty ? "ioctl RING_BUFFER_FLUSH_EMPTY" : "ioctl RING_BUFFER_FLUSH")
    return .flushed
  }

  func clear() -> Int32 { session.whileAlive { stream.unsafeClear() } ?? 0 }

  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_SAMPLE_POSITIONS`.
  package func saveSampledPositions() throws(SourceError) {
    try checked(stream.snapshotSamplePositions(), "ioctl RING_BUFFER_SNAPSHOT_SAMPLE_POSITIONS")
  }
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT`.
  package func saveSnapshot() throws(SourceError) { try checked(stream.snapshot(), Self.names.snapshot) }
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_CONSUMED`.
  package func savedConsumed() throws(SourceError) -> UInt { try stream.snapshotGetConsumed() }
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_PRODUCED`.
  package func savedProduced() throws(SourceError) -> UInt { try stream.snapshotGetProduced() }

  /// Waits with `poll`. Who waits is woken up by the channel's read timer (``ModulesChannelAttributes/readTimer``), never
  /// if it has none, and at the end of the session.
  ///
  /// The corresponding C function is `poll`.
  /// - Throws: ``SourceError`` with `EIO` where the kernel has switched the channel off (`POLLERR`).
  package func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    let events = Int32(try stream.poll(timeout))
    if events == 0 { return .timedOut }
    if events & (POLLIN | POLLPRI) != 0 { return .ready }
    guard events & POLLHUP != 0 else {
      throw SourceError(
        call: "poll of a stream", errno: .ioError, detail: "events \(events)", remedy: Self.disabled)
    }
    return .hungUp
  }
}
