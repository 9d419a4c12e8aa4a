import Study
import SubbufferSource
import Workload

extension LTTngStudy {
  /// One round of reading on a stream that was opened: 16 events are written, flushed, acquired, read and released, and
  /// acquired again.
  /// - Parameter prefix: what the names of the calls begin with.
  func recordRound(
    _ ring: Ring, _ reader: Ring.Stream, prefix: String, writeCall: String, _ log: inout OperationLog
  ) throws(SourceError) {
    let atWrite = try reader.positions()
    let truth = try ring.write(16)
    log.add(
      .write, writeCall, "\(truth.accepted) events",
      atWrite.changes(to: try reader.positions()))
    log.add(
      .acquire, "\(prefix)get_next_subbuf", ErrnoName.result(reader.unsafeGetNextSubbuffer()),
      [Observation("before the flush", "16 events written, less than a sub-buffer")])
    let before = try reader.positions()
    try reader.flush(producerActive: true)
    log.add(.flush, "\(prefix)flush_buffer(stream, 1)", noError, before.changes(to: try reader.positions()))
    log.add(
      .wait, "poll(wait fd, POLLIN)", try reader.pollText(),
      [Observation("after the flush, this process's own wakeup fd", "closed in the set-up")])

    let atGet = try reader.positions()
    let got = reader.unsafeGetNextSubbuffer()
    log.add(.acquire, "\(prefix)get_next_subbuf", ErrnoName.result(got), atGet.changes(to: try reader.positions()))
    let look = try reader.look()
    log.add(
      .locate, "\(prefix)get_mmap_read_offset", noError,
      [
        Observation("offset of the sub-buffer in the mapping", try reader.unsafeGetMmapReadOffset())
      ])
    log.add(
      .losses, "\(prefix)get_events_discarded, get_sequence_number", noError,
      [
        Observation("events_discarded", look.eventsDiscarded),
        Observation("packet_seq_num", look.packetSequenceNumber),
      ])
    log.add(
      .read, "decode the mapped packet", "\(look.sequences.count) events",
      [
        Observation("sequence numbers", look.sequences.asRange),
        Observation("content size in bits (get_content_size)", 8 * look.contentCount),
      ])
    let atPut = try reader.positions()
    try reader.putNext()
    log.add(.release, "\(prefix)put_next_subbuf", noError, atPut.changes(to: try reader.positions()))
    log.add(.acquireAgain, "\(prefix)get_next_subbuf", ErrnoName.result(reader.unsafeGetNextSubbuffer()))
  }
}
