import Glibc
import SubbufferSource
import SystemPackage

/// The reader's ABI of the model, one method for each C function of `<lttng/ust-ctl.h>` from LTTng-UST 2.13.5.
///
/// Nothing is added and nothing is prevented: calls that are only right in a certain order are named `unsafe…`, and what
/// they bring about in the wrong order follows from the steps of the design. Calls of one stream are for one thread.
package struct LTTngModelStream: ~Copyable {
  /// The channel it belongs to.
  package let channel: LTTngModelChannel
  let ring: LTTngRing

  init(of channel: LTTngModelChannel) {
    self.channel = channel
    ring = channel.ring
  }

  /// Gives the stream back; another reader may then ask for it.
  ///
  /// The corresponding C function is `lttng_ust_ctl_destroy_stream`.
  deinit {
    ring.pipe.wait.close()
    ring.pipe.wakeup.close()
    ring.run(ReleaseReading(layout: ring.layout))
  }

  // MARK: Getting and putting

  /// Takes the sub-buffer at the consumed position.
  ///
  /// Where the writer has left that sub-buffer and some event in it is still uncommitted, it is tried eleven times, with
  /// 10 ms before each of the last six tries (`lib_ring_buffer_get_subbuf`).
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_next_subbuf`.
  /// - Throws: ``SubbufferSource/SourceError`` with `EAGAIN` where there is nothing to read yet. `ENODATA` does not come,
  ///   since nothing in 2.13.5 finalizes a ring buffer.
  package func unsafeGetNextSubbuffer() throws(SourceError) {
    try checked(unsafeGetNextSubbufferResult(), "lttng_ust_ctl_get_next_subbuf")
  }

  /// The same, with the result as the library gives it: 0 or a negative errno.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_next_subbuf`.
  @inline(__always)
  package func unsafeGetNextSubbufferResult() -> Int32 {
    var words = ring.words
    var get = GetNextSubbuffer(ring.layout)
    while true {
      if get.isDelaying { delay() }
      if let result = get.output(on: &words) { return result.code }
    }
  }

  /// Gives the sub-buffer back, and moves the consumed position after it.
  ///
  /// The corresponding C function is `lttng_ust_ctl_put_next_subbuf`.
  package func unsafePutNextSubbuffer() {
    ring.run(PutNextSubbuffer(ring.layout))
  }

  /// Takes the sub-buffer at a position, which lies between the consumed and the produced one.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_subbuf`.
  /// - Parameter position: in bytes since the ring buffer was made, modulo the size of a word.
  /// - Throws: ``SubbufferSource/SourceError`` with `EAGAIN` where there is nothing to read.
  package func unsafeGetSubbuffer(at position: UInt) throws(SourceError) {
    try checked(unsafeGetSubbufferResult(at: position), "lttng_ust_ctl_get_subbuf at \(position)")
  }

  /// The same, with the result as the library gives it: 0 or a negative errno.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_subbuf`.
  @inline(__always)
  package func unsafeGetSubbufferResult(at position: UInt) -> Int32 {
    var words = ring.words
    var get = GetSubbuffer(ring.layout, position: UInt64(position))
    while true {
      if get.isDelaying { delay() }
      if let result = get.output(on: &words) { return result.code }
    }
  }

  /// Gives the sub-buffer back; the consumed position stays.
  ///
  /// The corresponding C function is `lttng_ust_ctl_put_subbuf`.
  package func unsafePutSubbuffer() {
    ring.run(PutSubbuffer(ring.layout))
  }

  /// `LTTNG_UST_RING_BUFFER_RETRY_DELAY_MS`.
  private func delay() {
    _ = poll(nil, 0, 10)
  }

  // MARK: Positions

  /// Saves the consumed and the produced position, unless both lie in the same sub-buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_snapshot`.
  /// - Throws: ``SubbufferSource/SourceError`` with `EAGAIN` where both lie in the same sub-buffer.
  package func snapshot() throws(SourceError) {
    try checked(ring.run(SnapshotPositions(ring.layout, .subbuffers)).code, "lttng_ust_ctl_snapshot")
  }

  /// Saves the consumed and the produced position wherever they are, the latter to the byte.
  ///
  /// The corresponding C function is `lttng_ust_ctl_snapshot_sample_positions`.
  package func snapshotSamplePositions() {
    _ = ring.run(SnapshotPositions(ring.layout, .positions))
  }

  /// The consumed position that was saved last, in bytes. ``unsafeGetNextSubbufferResult()`` saves it too.
  ///
  /// The corresponding C function is `lttng_ust_ctl_snapshot_get_consumed`.
  package func snapshotGetConsumed() -> UInt {
    UInt(ring.words.readPlain(ring.layout.consumedSnapshot))
  }

  /// The produced position that was saved last, in bytes; ``snapshot()`` saves the beginning of its sub-buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_snapshot_get_produced`.
  package func snapshotGetProduced() -> UInt {
    UInt(ring.words.readPlain(ring.layout.producedSnapshot))
  }

  // MARK: Writing on the reader's behalf

  /// Ends the partial sub-buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_flush_buffer`.
  /// - Parameter producerActive: with `true` a sub-buffer to which nothing was written, not even its header, is left
  ///   alone; with `false` one is ended all the same, so that its header reports the time and the losses up to now.
  package func flushBuffer(producerActive: Bool) {
    if ring.run(SwitchSubbuffer(ring.layout, .consumer, producerActive ? .active : .flush)) {
      ring.pipe.wakeUp(from: .consumer)
    }
  }

  /// Ends the partial sub-buffer and moves the consumed position after everything.
  ///
  /// The corresponding C function is `lttng_ust_ctl_clear_buffer`.
  package func clearBuffer() {
    if ring.run(ClearBuffer(ring.layout)) { ring.pipe.wakeUp(from: .consumer) }
  }

  @inline(__always)
  private func checked(_ result: Int32, _ call: @autoclosure () -> String) throws(SourceError) {
    if result < 0 { throw SourceError(call: call(), errno: Errno(rawValue: -result)) }
  }
}

extension LTTngReadResult {
  /// The result as the library gives it: 0 or a negative errno.
  var code: Int32 {
    switch self {
    case .success: 0
    case .nothing: -EAGAIN
    case .finalized: -ENODATA
    }
  }
}

/// The addresses of the sub-buffers, and the header fields of the reader's one.
extension LTTngModelStream {
  /// The address of the sub-buffers in this process.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_base`.
  package func getMmapBase() -> UnsafeMutableRawPointer {
    ring.words.baseAddress + ring.layout.firstSubbuffer * SharedWords.wordSize
  }

  /// The size of all sub-buffers in bytes, the reader's own included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_len`.
  package func getMmapLength() -> UInt {
    UInt(ring.layout.mappedLength)
  }

  /// The offset of the held sub-buffer, in bytes after ``getMmapBase()``.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_mmap_read_offset`.
  @inline(__always)
  package func unsafeGetMmapReadOffset() -> UInt {
    UInt(heldID.subbuffer) * UInt(ring.layout.subbufferSize)
  }

  /// The size of every sub-buffer, in bytes.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_max_subbuf_size`.
  package func getMaxSubbufferSize() -> UInt {
    UInt(ring.layout.subbufferSize)
  }

  /// The content size of the held sub-buffer in bytes, header included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_subbuf_size`.
  package func unsafeGetSubbufferSize() -> UInt {
    UInt(ring.words.readPlain(ring.layout.dataSize(heldID.subbuffer)))
  }

  /// The same, rounded up to whole pages, or to the sub-buffer where that is smaller.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_padded_subbuf_size`.
  package func unsafeGetPaddedSubbufferSize() -> UInt {
    UInt(ring.layout.pageAligned(UInt64(unsafeGetSubbufferSize())))
  }

  // MARK: The packet that is held

  /// When the packet was begun, in readings of the model's clock.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_timestamp_begin`.
  package func unsafeGetTimestampBegin() -> UInt64 { field(.timestampBegin) }

  /// When the last event of the packet was reserved, in readings of the model's clock.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_timestamp_end`.
  package func unsafeGetTimestampEnd() -> UInt64 { field(.timestampEnd) }

  /// The number of events that had been discarded when the packet was ended, since the ring buffer was made.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_events_discarded`.
  package func unsafeGetEventsDiscarded() -> UInt64 { field(.eventsDiscarded) }

  /// The content size of the packet in bits, header included.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_content_size`.
  package func unsafeGetContentSize() -> UInt64 { field(.contentSize) }

  /// The size of the packet in bits, padded to whole pages.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_packet_size`.
  package func unsafeGetPacketSize() -> UInt64 { field(.packetSize) }

  /// The packet's number, counted from 0.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_sequence_number`.
  package func unsafeGetSequenceNumber() -> UInt64 { field(.packetSequenceNumber) }

  /// The CPU of the ring buffer.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_instance_id`.
  package func getInstanceID() -> UInt64 { UInt64(ring.layout.cpu) }

  /// The time now as the writer would put it into an event, in readings of the model's clock; the clock goes on with
  /// each of them.
  ///
  /// The corresponding C function is `lttng_ust_ctl_get_current_timestamp`.
  package func getCurrentTimestamp() -> UInt64 {
    ring.words.fetchAdd(ring.layout.clock, 1, .relaxed)
  }

  /// The sub-buffer that the reader has; `buf_rsb.id`.
  @inline(__always)
  private var heldID: LTTngSubbufferID {
    LTTngSubbufferID(rawValue: ring.words.readPlain(ring.layout.readerID))
  }

  /// A field of its header; `lib_ring_buffer_read_offset_address`, which finds fault with a sub-buffer that is not held
  /// in overwrite mode, and reads it all the same.
  private func field(_ field: LTTngPacketHeader.Field) -> UInt64 {
    let id = heldID
    if ring.layout.mode == .overwrite, id.isNotReferenced {
      _ = ring.words.fetchAdd(ring.layout.recordDisabled(in: .consumer), 1, .relaxed)
    }
    return ring.words.readPlain(ring.layout.words(ofSubbuffer: id.subbuffer) + field.rawValue)
  }
}

/// The wake-up of the reader: the writer puts a byte into a pipe when it delivers a
/// sub-buffer and the one at the consumed position can be read. All write ends are closed when the writer is gone.
extension LTTngModelStream {
  /// The read end of the pipe, which does not block; negative where it is closed.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_get_wait_fd`.
  package func getWaitDescriptor() -> Int32 {
    ring.pipe.wait.rawValue
  }

  /// The write end of the reader's own process; negative where it is closed.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_get_wakeup_fd`.
  package func getWakeupDescriptor() -> Int32 {
    ring.pipe.wakeup.rawValue
  }

  /// Closes the read end of the pipe. A writer that finds it closed goes on without.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_close_wait_fd`.
  package func unsafeCloseWaitDescriptor() {
    ring.pipe.wait.close()
  }

  /// Closes the write end of the reader's own process, without which the hang-up is not seen.
  ///
  /// The corresponding C function is `lttng_ust_ctl_stream_close_wakeup_fd`.
  package func closeWakeupDescriptor() {
    ring.pipe.wakeup.close()
  }
}
