import CLTTngUST
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
