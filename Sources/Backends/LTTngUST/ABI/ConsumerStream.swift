import CLTTngUST
import Glibc
import SubbufferSource
import SystemPackage

/// The reader's ABI of one ring buffer, one method for each C function of `<lttng/ust-ctl.h>`, as in
/// LTTng-UST 2.13 to 2.16.
///
/// Nothing is added and nothing is prevented: calls that are only right in a certain order are named `unsafe…`, and what
/// they answer in the wrong order is for a study to find out. Results are thrown as the library gives them, as an errno.
///
/// Every function that looks into the shared memory saves the signal mask (`sigsetjmp` in `ustctl.c`), which is one
/// system call each.
public struct ConsumerStream: ~Copyable {
  /// The CPU whose ring buffer it is.
  public let cpu: Int
  /// The channel it belongs to, which outlives it.
  public let channel: USTChannel
  @usableFromInline let pointer: OpaquePointer

  init(_ stream: StreamPointer, of channel: USTChannel, cpu: Int) {
    pointer = stream.raw
    self.channel = channel
    self.cpu = cpu
  }

  /// Gives the stream back; another reader may then ask for it.
  ///
  /// The corresponding C function is `lttng_ust_ctl_destroy_stream`.
  deinit {
    clu_destroy_stream(pointer)
  }

  // MARK: Getting and putting

  /// Takes the sub-buffer at the consumed position.
  ///
  /// Where the writer has left that sub-buffer and some event in it is still uncommitted, the library tries eleven times
  /// and waits 10 ms before each of the last six tries (`lib_ring_buffer_get_subbuf` in `ring_buffer_frontend.c`).
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_next_subbuf`.
  /// - Throws: ``SourceError`` with `EAGAIN` where there is nothing to read yet. `ENODATA`, which the library's comments
  ///   give to a finalized buffer, does not come: nothing in 2.13 ever finalizes one.
  public func unsafeGetNextSubbuffer() throws(SourceError) {
    try checked(unsafeGetNextSubbufferResult(), "lttng_ust_ctl_get_next_subbuf")
  }

  /// The same, with the result as the library gives it: 0 or a negative errno.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_next_subbuf`.
  @inlinable
  @inline(__always)
  public func unsafeGetNextSubbufferResult() -> Int32 {
    clu_get_next_subbuf(pointer)
  }

  /// Gives the sub-buffer back, and moves the consumed position after it.
  ///
  /// Without a get it also moves the consumed position, if forward: after the sub-buffer of the consumed
  /// position that was saved last, by ``unsafeGetNextSubbuffer()`` too, or of 0 (`lib_ring_buffer_put_next_subbuf` in
  /// `frontend.h`). Where that is beyond the writer, the ring buffer is spoilt for good.
  ///
  /// The corresponding C function is `lttng_ust_ctl_put_next_subbuf`.
  public func unsafePutNextSubbuffer() throws(SourceError) {
    try checked(clu_put_next_subbuf(pointer), "lttng_ust_ctl_put_next_subbuf")
  }

  /// Takes the sub-buffer at a position, which lies between the consumed and the produced one.
  ///
  /// At any position from the consumed one on whose sub-buffer is not complete, not yet begun included, the library
  /// tries and waits as in ``unsafeGetNextSubbuffer()``.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_subbuf`.
  /// - Parameter position: in bytes since the ring buffer was made, modulo the size of a word.
  /// - Throws: ``SourceError`` with `EAGAIN` where there is nothing to read.
  public func unsafeGetSubbuffer(at position: UInt) throws(SourceError) {
    try checked(unsafeGetSubbufferResult(at: position), "lttng_ust_ctl_get_subbuf at \(position)")
  }

  /// The same, with the result as the library gives it: 0 or a negative errno.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_subbuf`.
  @inline(__always)
  public func unsafeGetSubbufferResult(at position: UInt) -> Int32 {
    clu_get_subbuf(pointer, position)
  }

  /// Gives the sub-buffer back; the consumed position stays.
  ///
  /// The corresponding C function is `lttng_ust_ctl_put_subbuf`.
  public func unsafePutSubbuffer() throws(SourceError) {
    try checked(clu_put_subbuf(pointer), "lttng_ust_ctl_put_subbuf")
  }

  // MARK: Positions

  /// Saves the consumed and the produced position, unless both lie in the same sub-buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_snapshot`.
  /// - Throws: ``SourceError`` with `EAGAIN` where both lie in the same sub-buffer.
  public func snapshot() throws(SourceError) {
    try checked(clu_snapshot(pointer), "lttng_ust_ctl_snapshot")
  }

  /// Saves the consumed and the produced position wherever they are, the latter to the byte.
  ///
  /// The corresponding C function is `lttng_ust_ctl_snapshot_sample_positions`.
  public func snapshotSamplePositions() throws(SourceError) {
    try checked(clu_snapshot_sample_positions(pointer), "lttng_ust_ctl_snapshot_sample_positions")
  }

  /// The consumed position that was saved last, in bytes.
  ///
  /// The corresponding C function is `lttng_ust_ctl_snapshot_get_consumed`.
  public func snapshotGetConsumed() throws(SourceError) -> UInt {
    try read("lttng_ust_ctl_snapshot_get_consumed", clu_snapshot_get_consumed)
  }

  /// The produced position that was saved last, in bytes; ``snapshot()`` saves the beginning of its sub-buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_snapshot_get_produced`.
  public func snapshotGetProduced() throws(SourceError) -> UInt {
    try read("lttng_ust_ctl_snapshot_get_produced", clu_snapshot_get_produced)
  }

  // MARK: Writing on the reader's behalf

  /// Ends the partial sub-buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_flush_buffer`.
  /// - Parameter producerActive: with `true` nothing is done where the last sub-buffer was ended and no event was
  /// written since; with `false` an empty one is ended then, so that its header reports the time and the losses up to
  /// now. A ring
  ///   buffer into which nothing was ever written has a first sub-buffer with a header, which both end
  ///   (`lib_ring_buffer_create` and `lib_ring_buffer_try_switch_slow` in `ring_buffer_frontend.c`).
  public func flushBuffer(producerActive: Bool) throws(SourceError) {
    try checked(clu_flush_buffer(pointer, producerActive), "lttng_ust_ctl_flush_buffer")
  }

  /// Ends the partial sub-buffer and moves the consumed position after everything.
  ///
  /// The corresponding C function is `lttng_ust_ctl_clear_buffer`.
  public func clearBuffer() throws(SourceError) {
    try checked(clu_clear_buffer(pointer), "lttng_ust_ctl_clear_buffer")
  }

  /// Completes the sub-buffers between two positions that a process has left incomplete, so that they can be read.
  ///
  /// The corresponding C function is `lttng_ust_ctl_fixup_stalled_stream`, in LTTng-UST 2.15 and later.
  /// - Parameters:
  ///   - consumed: the consumed position.
  ///   - produced: the produced position.
  ///   - application: the number of a process that has ended (``USTSession/application``).
  /// - Returns: the number of sub-buffers for which it failed.
  /// - Throws: ``SourceError`` with `ENOSYS` before 2.15.
  public func unsafeFixUpStalledStream(
    consumed: UInt, produced: UInt, deadApplication application: UInt32
  ) throws(SourceError) -> Int {
    let result = clu_fixup_stalled_stream(pointer, consumed, produced, application)
    if result < 0 { throw SourceError("lttng_ust_ctl_fixup_stalled_stream", result: result) }
    return Int(result)
  }

  // MARK: The memory map

  /// The address of the ring buffer's memory in this process.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_base`.
  public func getMmapBase() throws(SourceError) -> UnsafeMutableRawPointer {
    guard let base = clu_get_mmap_base(pointer) else {
      throw SourceError(call: "lttng_ust_ctl_get_mmap_base", detail: "no memory map", remedy: "open the stream again")
    }
    return base
  }

  /// The size of the ring buffer's memory in bytes, the reader's own sub-buffer included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_len`.
  public func getMmapLength() throws(SourceError) -> UInt {
    try read("lttng_ust_ctl_get_mmap_len", clu_get_mmap_len)
  }

  /// The offset of the held sub-buffer, in bytes after ``getMmapBase()``.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_read_offset`.
  public func unsafeGetMmapReadOffset() throws(SourceError) -> UInt {
    try read("lttng_ust_ctl_get_mmap_read_offset", clu_get_mmap_read_offset)
  }

  /// The same, with the result as the library gives it: 0 or a negative errno.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_read_offset`.
  @inlinable
  @inline(__always)
  public func unsafeGetMmapReadOffsetResult(_ offset: inout UInt) -> Int32 {
    clu_get_mmap_read_offset(pointer, &offset)
  }

  /// The size of every sub-buffer, in bytes.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_max_subbuf_size`.
  public func getMaxSubbufferSize() throws(SourceError) -> UInt {
    try read("lttng_ust_ctl_get_max_subbuf_size", clu_get_max_subbuf_size)
  }

  /// The content size of the held sub-buffer in bytes, header included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_subbuf_size`.
  public func unsafeGetSubbufferSize() throws(SourceError) -> UInt {
    try read("lttng_ust_ctl_get_subbuf_size", clu_get_subbuf_size)
  }

  /// The same, rounded up to whole pages.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_padded_subbuf_size`.
  public func unsafeGetPaddedSubbufferSize() throws(SourceError) -> UInt {
    try read("lttng_ust_ctl_get_padded_subbuf_size", clu_get_padded_subbuf_size)
  }

  @inline(__always)
  func read<Value: FixedWidthInteger>(
    _ call: StaticString, _ get: (OpaquePointer?, UnsafeMutablePointer<Value>?) -> Int32
  ) throws(SourceError) -> Value {
    var value: Value = 0
    let result = get(pointer, &value)
    if result < 0 { throw SourceError("\(call)", result: result) }
    return value
  }
}

extension ConsumerStream {
  /// The library's own stream, for a call in a process that was forked from this one. It is the stream's as long as this
  /// value lives.
  public var unsafeHandle: UnsafeMutableRawPointer { UnsafeMutableRawPointer(pointer) }

  /// Takes the next sub-buffer of a stream that is given as its ``unsafeHandle``: 0 or a negative errno.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_next_subbuf`.
  public static let unsafeGetNextSubbufferOfHandle: @convention(c) (UnsafeMutableRawPointer?) -> Int32 = {
    clu_get_next_subbuf(OpaquePointer($0))
  }
}

extension ConsumerStream {
  /// The checked offset of the held sub-buffer in the mapping, in bytes: a whole sub-buffer lies within the
  /// mapping from there on.
  /// - Throws: ``SourceError`` of kind `malformed` where it does not.
  package func unsafeHeldOffset(mappedLength: Int, subbufferSize: Int) throws(SourceError) -> Int {
    var offset: UInt = 0
    let result = unsafeGetMmapReadOffsetResult(&offset)
    return try Self.heldOffset(result, offset, mappedLength: mappedLength, subbufferSize: subbufferSize)
  }

  /// The same, by what `lttng_ust_ctl_get_mmap_read_offset` returned and the offset that it gave.
  @inlinable
  @inline(__always)
  static func heldOffset(
    _ result: Int32, _ offset: UInt, mappedLength: Int, subbufferSize: Int
  ) throws(SourceError) -> Int {
    try checked(result, "lttng_ust_ctl_get_mmap_read_offset")
    guard let distance = Int(exactly: offset), distance <= mappedLength - subbufferSize else {
      throw SourceError(
        .malformed, call: "lttng_ust_ctl_get_mmap_read_offset", detail: "\(offset) of \(mappedLength) bytes",
        remedy: "open the session again")
    }
    return distance
  }

  /// The number of bytes of the stream mapped.
  /// - Throws: ``SourceError`` where the library refuses, and of kind `malformed` where the number is no length.
  package func checkedMmapLength() throws(SourceError) -> Int {
    let length = try getMmapLength()
    guard let mappedLength = Int(exactly: length) else {
      throw SourceError(
        .malformed, call: "lttng_ust_ctl_get_mmap_len", detail: "\(length) bytes", remedy: "open the session again")
    }
    return mappedLength
  }
}

/// Values that the library reads from packet headers and from the stream's identity. A packet is a held sub-buffer.
extension ConsumerStream {
  /// When the packet was begun, in nanoseconds of CLOCK_MONOTONIC.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_timestamp_begin`.
  public func unsafeGetTimestampBegin() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_timestamp_begin", clu_get_timestamp_begin)
  }

  /// When the last event of the packet was reserved, in nanoseconds of CLOCK_MONOTONIC.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_timestamp_end`.
  public func unsafeGetTimestampEnd() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_timestamp_end", clu_get_timestamp_end)
  }

  /// The number of events that the stream had discarded when the packet was ended, since the stream was made.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_events_discarded`.
  public func unsafeGetEventsDiscarded() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_events_discarded", clu_get_events_discarded)
  }

  /// The content size of the packet in bits, header included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_content_size`.
  public func unsafeGetContentSize() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_content_size", clu_get_content_size)
  }

  /// The size of the packet in bits, padded to whole pages.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_packet_size`.
  public func unsafeGetPacketSize() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_packet_size", clu_get_packet_size)
  }

  /// The packet's number in its stream, counted from 0.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_sequence_number`.
  public func unsafeGetSequenceNumber() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_sequence_number", clu_get_sequence_number)
  }

  /// The channel's id, ``ChannelAttributes/channelID``, once the traced process has registered the channel.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_stream_id`.
  public func getStreamID() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_stream_id", clu_get_stream_id)
  }

  /// The stream's number in its channel, which is its CPU's.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_instance_id`.
  public func getInstanceID() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_instance_id", clu_get_instance_id)
  }

  /// The time now as the writer would put it into an event, in nanoseconds of CLOCK_MONOTONIC.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_current_timestamp`.
  public func getCurrentTimestamp() throws(SourceError) -> UInt64 {
    try read("lttng_ust_ctl_get_current_timestamp", clu_get_current_timestamp)
  }
}

extension ConsumerStream {
  /// Ends the partial sub-buffer; if the produced position does not move by that, makes a packet without events, outside the
  /// ring buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_flush_events_or_populate_packet`, since 2.14.
  /// - Returns: the bytes of that packet; `nil` if none was made.
  /// - Throws: ``SourceError``, with `ENOSYS` before 2.14.
  public func flushEventsOrPopulatePacket() throws(SourceError) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var length: UInt64 = 0
    var isPopulated = false
    let result = clu_flush_events_or_populate_packet(pointer, &bytes, bytes.count, &length, &isPopulated)
    try checked(result, "lttng_ust_ctl_flush_events_or_populate_packet")
    return isPopulated ? Array(bytes.prefix(Int(clamping: length))) : nil
  }
}

/// The wake-up of a stream's reader: the writer puts a byte into a pipe for each sub-buffer
/// it delivers, and all write ends close when the traced process is gone.
extension ConsumerStream {
  /// The read end of the pipe; negative where it is closed.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_get_wait_fd`.
  public func getWaitDescriptor() -> Int32 {
    clu_stream_get_wait_fd(pointer)
  }

  /// This process's own write end of the pipe; negative where it is closed.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_get_wakeup_fd`.
  public func getWakeupDescriptor() -> Int32 {
    clu_stream_get_wakeup_fd(pointer)
  }

  /// Closes the read end of the pipe. A writer that finds it closed goes on without.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_close_wait_fd`.
  public func unsafeCloseWaitDescriptor() throws(SourceError) {
    try checked(clu_stream_close_wait_fd(pointer), "lttng_ust_ctl_stream_close_wait_fd")
  }

  /// Closes this process's own write end of the pipe.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_close_wakeup_fd`.
  public func closeWakeupDescriptor() throws(SourceError) {
    try checked(clu_stream_close_wakeup_fd(pointer), "lttng_ust_ctl_stream_close_wakeup_fd")
  }

  /// Takes all bytes out of the pipe, whose read end must not block.
  func drainWaitDescriptor() {
    let descriptor = getWaitDescriptor()
    withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      var count = buffer.count
      while count == buffer.count { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) }
    }
  }
}
