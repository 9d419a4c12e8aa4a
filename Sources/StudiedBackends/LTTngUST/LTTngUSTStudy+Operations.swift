import LTTngUSTBackend
import Study
import SubbufferSource
import Workload

extension LTTngUSTStudy {
  /// One round of reading: 16 events are written, flushed, acquired, read and released, and acquired again.
  public func recordOperations() throws(SourceError) -> [OperationRecord] {
    try LTTngUSTRing.with(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      try round(ring)
    }
  }

  private func round(_ ring: LTTngUSTRing) throws(SourceError) -> [OperationRecord] {
    var log = OperationLog(backend: name)
    let stream = try ring.stream()
    log.add(
      .setUp, "lttng_ust_ctl_create_channel, start_session, stream_close_wakeup_fd", noError, ring.settings())
    log.add(.open, "lttng_ust_ctl_create_stream", "a stream")
    log.add(
      .map, "lttng_ust_ctl_get_mmap_base, get_mmap_len", noError,
      [Observation("mapped bytes", try stream.getMmapLength())])
    try ring.write(16)
    log.add(
      .acquire, "lttng_ust_ctl_get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbufferResult()),
      [Observation("before the flush", "16 events written, less than a sub-buffer")])
    let before = try Positions(stream)
    try stream.flushBuffer(producerActive: true)
    log.add(.flush, "lttng_ust_ctl_flush_buffer(stream, 1)", noError, before.changes(to: try Positions(stream)))
    log.add(
      .wait, "poll(wait fd, POLLIN)", try stream.pollText(),
      [Observation("after the flush, this process's own wakeup fd", "closed in the set-up")])

    let atGet = try Positions(stream)
    let got = stream.unsafeGetNextSubbufferResult()
    log.add(.acquire, "lttng_ust_ctl_get_next_subbuf", ErrnoName.result(got), atGet.changes(to: try Positions(stream)))
    let look = try LTTngUSTLook(stream, ring.session)
    log.add(
      .locate, "lttng_ust_ctl_get_mmap_read_offset", noError,
      [
        Observation("offset of the sub-buffer in the mapping", try stream.unsafeGetMmapReadOffset())
      ])
    log.add(
      .losses, "lttng_ust_ctl_get_events_discarded, get_sequence_number", noError,
      [
        Observation("events_discarded", try stream.unsafeGetEventsDiscarded()),
        Observation("packet_seq_num", try stream.unsafeGetSequenceNumber()),
      ])
    log.add(
      .read, "decode the mapped packet", "\(look.sequences.count) events",
      [
        Observation("sequence numbers", look.sequences.asRange),
        Observation("content size in bits (get_content_size)", try stream.unsafeGetContentSize()),
      ])
    let atPut = try Positions(stream)
    try stream.unsafePutNextSubbuffer()
    log.add(.release, "lttng_ust_ctl_put_next_subbuf", noError, atPut.changes(to: try Positions(stream)))
    log.add(.acquireAgain, "lttng_ust_ctl_get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbufferResult()))
    return log.records
  }
}

/// Where writer and reader stand, in bytes since the ring buffer was made.
struct Positions: Equatable {
  var consumed: UInt
  var produced: UInt

  init(_ stream: borrowing ConsumerStream) throws(SourceError) {
    try stream.snapshotSamplePositions()
    consumed = try stream.snapshotGetConsumed()
    produced = try stream.snapshotGetProduced()
  }

  /// What differs from a later look, as `before → after`.
  func changes(to later: Positions) -> [Observation] {
    var changes: [Observation] = []
    if consumed != later.consumed {
      changes.append(Observation("consumed position", "\(consumed) → \(later.consumed)"))
    }
    if produced != later.produced {
      changes.append(Observation("produced position", "\(produced) → \(later.produced)"))
    }
    return changes.isEmpty
      ? [Observation("positions", "unchanged, consumed \(consumed), produced \(produced)")] : changes
  }
}
