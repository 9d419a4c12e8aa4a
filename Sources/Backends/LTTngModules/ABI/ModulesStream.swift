import CLTTngModules
import Glibc
import Platform
import SubbufferSource
import SystemPackage

/// The reader's ABI of one ring buffer of the kernel tracer, one method for each ioctl, and its mapping.
///
/// Nothing is added and nothing is prevented: calls that are only right in a certain order are named `unsafe…`. In the
/// wrong order some make the kernel warn and switch the channel off for good (`CHAN_WARN_ON` of
/// `include/ringbuffer/backend_internal.h`).
///
/// Source: lttng-modules 2.13.18, `include/ringbuffer/vfs.h`, `src/lib/ringbuffer/ring_buffer_vfs.c` and
/// `ring_buffer_mmap.c`.
package struct ModulesStream: ~Copyable {
  /// The CPU whose ring buffer it is.
  package let cpu: Int
  /// The attributes of its channel.
  package let attributes: ModulesChannelAttributes
  /// `true` if this stream had no reader before.
  package let isFirst: Bool
  /// The stream's file.
  package let descriptor: FileDescriptor
  /// The address of the mapping. Only pages of the held sub-buffer may be touched first: another page that
  /// was not yet touched raises `SIGBUS` (`lib_ring_buffer_fault_compat` of `ring_buffer_mmap.c`).
  package let unsafeBase: UnsafeRawPointer
  /// The bytes of the mapping: all sub-buffers, the reader's own included.
  package let mappedLength: Int

  private let file: OwnedDescriptor

  /// Takes over a stream's file and maps all of it.
  init(
    _ file: OwnedDescriptor, cpu: Int, _ attributes: ModulesChannelAttributes, isFirst: Bool
  ) throws(SourceError) {
    var length: UInt = 0
    try file.call(clm_get_mmap_len_request, "ioctl RING_BUFFER_GET_MMAP_LEN", &length)
    guard let mappedLength = Int(exactly: length), mappedLength >= attributes.subbufferSize else {
      throw SourceError(
        .malformed, call: "ioctl RING_BUFFER_GET_MMAP_LEN", detail: "\(length) bytes", remedy: "open the session again")
    }
    guard let base = mmap(nil, mappedLength, PROT_READ, MAP_SHARED, file.rawValue, 0), base != MAP_FAILED else {
      throw SourceError(call: "mmap of a stream of \(mappedLength) bytes", errno: Errno(rawValue: errno))
    }
    self.cpu = cpu
    self.attributes = attributes
    self.isFirst = isFirst
    self.file = file
    self.mappedLength = mappedLength
    unsafeBase = UnsafeRawPointer(base)
    descriptor = FileDescriptor(rawValue: file.rawValue)
  }

  /// Unmaps and closes the stream; another reader may then open it.
  deinit {
    munmap(UnsafeMutableRawPointer(mutating: unsafeBase), mappedLength)
  }

  // MARK: Getting and putting

  /// Takes the sub-buffer at the consumed position; it never waits.
  ///
  /// Where this thread runs on another CPU than the writer, the kernel interrupts the writer's CPU and waits for it
  /// (`remote_mb` in `lib_ring_buffer_get_subbuf` of `ring_buffer_frontend.c`).
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF`.
  /// - Returns: 0; `-EAGAIN` where there is nothing to read yet, `-ENODATA` where there will be nothing any more; another
  ///   negative errno.
  @inlinable
  @inline(__always)
  package func unsafeGetNextSubbuffer() -> Int32 {
    clm_call(descriptor.rawValue, clm_get_next_subbuf_request)
  }

  /// Gives the sub-buffer back, and moves the consumed position after it.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_PUT_NEXT_SUBBUF`.
  /// - Returns: 0 or a negative errno.
  @inlinable
  @inline(__always)
  package func unsafePutNextSubbuffer() -> Int32 {
    clm_call(descriptor.rawValue, clm_put_next_subbuf_request)
  }

  /// Takes the sub-buffer at a position, which lies between the consumed and the produced one.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_SUBBUF`.
  /// - Parameter position: in bytes since the ring buffer was made, modulo the size of a word.
  /// - Returns: as ``unsafeGetNextSubbuffer()``.
  package func unsafeGetSubbuffer(at position: UInt) -> Int32 {
    var position = position
    return clm_call_with(descriptor.rawValue, clm_get_subbuf_request, &position)
  }

  /// Gives the sub-buffer back; the consumed position stays.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_PUT_SUBBUF`.
  /// - Returns: 0 or a negative errno.
  package func unsafePutSubbuffer() -> Int32 {
    clm_call(descriptor.rawValue, clm_put_subbuf_request)
  }

  // MARK: Positions

  /// Saves the consumed and the produced position, unless both lie in the same sub-buffer.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT`.
  /// - Returns: 0; `-EAGAIN` where both lie in the same sub-buffer, `-ENODATA` there where the ring buffer is finalized.
  package func snapshot() -> Int32 {
    clm_call(descriptor.rawValue, clm_snapshot_request)
  }

  /// Saves the consumed and the produced position wherever they are, the latter to the byte.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_SAMPLE_POSITIONS`.
  /// - Returns: 0 or a negative errno.
  package func snapshotSamplePositions() -> Int32 {
    clm_call(descriptor.rawValue, clm_snapshot_sample_positions_request)
  }

  /// The consumed position that was saved last, in bytes.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_CONSUMED`.
  package func snapshotGetConsumed() throws(SourceError) -> UInt {
    try number(clm_snapshot_get_consumed_request, "RING_BUFFER_SNAPSHOT_GET_CONSUMED")
  }

  /// The produced position that was saved last, in bytes; ``snapshot()`` saves the beginning of its sub-buffer.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_SNAPSHOT_GET_PRODUCED`.
  package func snapshotGetProduced() throws(SourceError) -> UInt {
    try number(clm_snapshot_get_produced_request, "RING_BUFFER_SNAPSHOT_GET_PRODUCED")
  }

  // MARK: Writing on the reader's behalf
  //
  // Each of these may begin a sub-buffer, whose header takes the uuid from the session. A session that has been closed is
  // freed, also where a stream of it is still open: then they read freed memory, and the kernel may go down
  // (client_buffer_begin of lttng-ring-buffer-client.h, lttng_session_destroy of lttng-events.c, 2.13.18).

  /// Ends the partial sub-buffer, on the writer's CPU. Unsafe once the session has ended: the kernel reads freed memory.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_FLUSH`.
  /// - Returns: 0 or a negative errno.
  package func unsafeFlush() -> Int32 {
    clm_call(descriptor.rawValue, clm_flush_request)
  }

  /// Ends the sub-buffer also where nothing is in it, on the writer's CPU. Unsafe once the session has ended: the kernel
  /// reads freed memory.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_FLUSH_EMPTY`.
  /// - Returns: 0 or a negative errno.
  package func unsafeFlushEmpty() -> Int32 {
    clm_call(descriptor.rawValue, clm_flush_empty_request)
  }

  /// Ends the partial sub-buffer and moves the consumed position after everything. Unsafe once the session has ended:
  /// the kernel reads freed memory.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_CLEAR`.
  /// - Returns: 0 or a negative errno.
  package func unsafeClear() -> Int32 {
    clm_call(descriptor.rawValue, clm_clear_request)
  }

  // MARK: Sizes

  /// The bytes to map: all sub-buffers, the reader's own included.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_MMAP_LEN`.
  package func getMmapLength() throws(SourceError) -> UInt {
    try number(clm_get_mmap_len_request, "RING_BUFFER_GET_MMAP_LEN")
  }

  /// The offset of the held sub-buffer, in bytes after ``unsafeBase``.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_MMAP_READ_OFFSET`.
  package func unsafeGetMmapReadOffset() throws(SourceError) -> UInt {
    try number(clm_get_mmap_read_offset_request, "RING_BUFFER_GET_MMAP_READ_OFFSET")
  }

  /// The same, with the result as the kernel gives it: 0 or a negative errno.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_MMAP_READ_OFFSET`.
  @inlinable
  @inline(__always)
  package func unsafeGetMmapReadOffsetResult(_ offset: inout UInt) -> Int32 {
    clm_call_with(descriptor.rawValue, clm_get_mmap_read_offset_request, &offset)
  }

  /// The size of every sub-buffer, in bytes.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_MAX_SUBBUF_SIZE`.
  package func getMaxSubbufferSize() throws(SourceError) -> UInt {
    try number(clm_get_max_subbuf_size_request, "RING_BUFFER_GET_MAX_SUBBUF_SIZE")
  }

  /// The content size of the held sub-buffer in bytes, header included.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_SUBBUF_SIZE`.
  package func unsafeGetSubbufferSize() throws(SourceError) -> UInt {
    try number(clm_get_subbuf_size_request, "RING_BUFFER_GET_SUBBUF_SIZE")
  }

  /// The same, rounded up to whole pages.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_PADDED_SUBBUF_SIZE`.
  package func unsafeGetPaddedSubbufferSize() throws(SourceError) -> UInt {
    try number(clm_get_padded_subbuf_size_request, "RING_BUFFER_GET_PADDED_SUBBUF_SIZE")
  }

  /// The checked offset of the held sub-buffer in the mapping, in bytes: a whole sub-buffer lies within the
  /// mapping from there on.
  /// - Throws: ``SourceError`` of kind `malformed` where it does not.
  package func unsafeHeldOffset() throws(SourceError) -> Int {
    var offset: UInt = 0
    return try unsafeHeldOffset(unsafeGetMmapReadOffsetResult(&offset), offset)
  }

  /// The same, by what `GET_MMAP_READ_OFFSET` returned and the offset that it gave.
  @inline(__always)
  func unsafeHeldOffset(_ result: Int32, _ offset: UInt) throws(SourceError) -> Int {
    try checked(result, "ioctl RING_BUFFER_GET_MMAP_READ_OFFSET")
    guard let distance = Int(exactly: offset), distance <= mappedLength - attributes.subbufferSize else {
      throw SourceError(
        .malformed, call: "ioctl RING_BUFFER_GET_MMAP_READ_OFFSET", detail: "\(offset) of \(mappedLength) bytes",
        remedy: "open the session again")
    }
    return distance
  }

  /// Waits for the file to become readable.
  ///
  /// The corresponding C function is `poll`, here with `POLLIN` and `POLLPRI`, by which the kernel reports that the
  /// ring buffer is full (`lib_ring_buffer_poll` of `ring_buffer_vfs.c`).
  /// - Returns: the events that came, 0 where the time ran out.
  /// - Throws: ``SourceError``, with `EINTR` where a signal came first.
  package func poll(_ timeout: Milliseconds) throws(SourceError) -> Int16 {
    var request = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN | POLLPRI), revents: 0)
    guard Glibc.poll(&request, 1, timeout) >= 0 else {
      throw SourceError(call: "poll of a stream", errno: Errno(rawValue: errno))
    }
    return request.revents
  }

  /// Reads a number with one of the stream's ioctls.
  @inline(__always)
  func number<Number: FixedWidthInteger>(_ request: UInt, _ name: StaticString) throws(SourceError) -> Number {
    var number: Number = 0
    try checked(clm_call_with(descriptor.rawValue, request, &number), "ioctl \(name)")
    return number
  }
}

/// The stream's file as a pointer, for calls that take one: the descriptor and 1.
extension ModulesStream {
  /// The stream's own file, for a call in a process that was forked from this one. It is open as long as this value lives.
  package var unsafeHandle: UnsafeMutableRawPointer? {
    UnsafeMutableRawPointer(bitPattern: Int(descriptor.rawValue) + 1)
  }

  /// Takes the next sub-buffer of a stream that is given as its ``unsafeHandle``: 0 or a negative errno.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF`.
  package static let unsafeGetNextSubbufferOfHandle: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = {
    clm_call(Int32(Int(bitPattern: $0) - 1), clm_get_next_subbuf_request)
  }
}

/// Values that the kernel reads from packet headers and from the stream's identity. A packet is a held sub-buffer.
extension ModulesStream {
  /// When the packet was begun, in nanoseconds of the trace clock.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_TIMESTAMP_BEGIN`.
  package func unsafeGetTimestampBegin() throws(SourceError) -> UInt64 {
    try number(clm_get_timestamp_begin_request, "RING_BUFFER_GET_TIMESTAMP_BEGIN")
  }

  /// When the packet was closed, in nanoseconds of the trace clock.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_TIMESTAMP_END`.
  package func unsafeGetTimestampEnd() throws(SourceError) -> UInt64 {
    try number(clm_get_timestamp_end_request, "RING_BUFFER_GET_TIMESTAMP_END")
  }

  /// The number of events that the stream had discarded when the packet was ended, since the stream was made.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_EVENTS_DISCARDED`.
  package func unsafeGetEventsDiscarded() throws(SourceError) -> UInt64 {
    try number(clm_get_events_discarded_request, "RING_BUFFER_GET_EVENTS_DISCARDED")
  }

  /// The content size of the packet in bits, header included.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_CONTENT_SIZE`.
  package func unsafeGetContentSize() throws(SourceError) -> UInt64 {
    try number(clm_get_content_size_request, "RING_BUFFER_GET_CONTENT_SIZE")
  }

  /// The size of the packet in bits, padded to whole pages.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_PACKET_SIZE`.
  package func unsafeGetPacketSize() throws(SourceError) -> UInt64 {
    try number(clm_get_packet_size_request, "RING_BUFFER_GET_PACKET_SIZE")
  }

  /// The packet's number in its stream, counted from 0.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_SEQ_NUM`.
  package func unsafeGetSequenceNumber() throws(SourceError) -> UInt64 {
    try number(clm_get_seq_num_request, "RING_BUFFER_GET_SEQ_NUM")
  }

  /// The channel's number in its session.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_STREAM_ID`.
  package func getStreamID() throws(SourceError) -> UInt64 {
    try number(clm_get_stream_id_request, "RING_BUFFER_GET_STREAM_ID")
  }

  /// The stream's number in its channel, which is its CPU's.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_INSTANCE_ID`.
  package func getInstanceID() throws(SourceError) -> UInt64 {
    try number(clm_instance_id_request, "RING_BUFFER_INSTANCE_ID")
  }

  /// The time now as the writer would put it into an event, in nanoseconds of the trace clock.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_GET_CURRENT_TIMESTAMP`.
  package func getCurrentTimestamp() throws(SourceError) -> UInt64 {
    try number(clm_get_current_timestamp_request, "RING_BUFFER_GET_CURRENT_TIMESTAMP")
  }
}

extension ModulesStream {
  /// Ends the partial sub-buffer, on the writer's CPU; if the produced position does not move by that, makes a packet without
  /// events, outside the ring buffer. Unsafe once the session has ended: the kernel reads freed memory.
  ///
  /// The corresponding ioctl is `LTTNG_KERNEL_ABI_RING_BUFFER_FLUSH_OR_POPULATE_PACKET`, since 2.14.
  /// - Returns: the bytes of that packet; `nil` if none was made.
  /// - Throws: ``SourceError``; the kernel does not know the request before 2.14.
  package func unsafeFlushOrPopulatePacket() throws(SourceError) -> [UInt8]? {
    // The kernel requires room for a sub-buffer.
    var bytes = [UInt8](repeating: 0, count: attributes.subbufferSize)
    var arguments = clm_flush_or_populate_packet()
    let result = bytes.withUnsafeMutableBytes { room in
      arguments.packet = UInt64(UInt(bitPattern: room.baseAddress))
      return clm_call_with(descriptor.rawValue, clm_flush_or_populate_packet_request, &arguments)
    }
    try checked(result, "ioctl RING_BUFFER_FLUSH_OR_POPULATE_PACKET")
    return arguments.packet_populated != 0 ? Array(bytes.prefix(Int(clamping: arguments.packet_length))) : nil
  }
}
