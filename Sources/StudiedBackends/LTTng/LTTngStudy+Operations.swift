import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// One round of reading on a stream that was opened: 16 events are written, flushed, acquired, read and released, and
  /// acquired again.
  /// - Parameter calls: the names of the calls.
  func recordRound(
    _ ring: Ring, _ reader: Ring.Stream, calls: RoundCalls, _ log: inout OperationLog
  ) throws(SourceError) {
    let atWrite = try reader.positions()
    let truth = try ring.write(16)
    log.add(
      .write, calls.write, "\(truth.accepted) events",
      atWrite.changes(to: try reader.positions()))
    log.add(
      .acquire, calls.get, ErrnoName.result(reader.unsafeGetNextSubbuffer()),
      [Observation("before the flush", "16 events written, less than a sub-buffer")])
    let before = try reader.positions()
    try reader.flush(producerActive: true)
    log.add(.flush, calls.flush, noError, before.changes(to: try reader.positions()))
    log.add(
      .wait, calls.wait, try reader.pollText(), calls.waiting)

    let atGet = try reader.positions()
    let got = reader.unsafeGetNextSubbuffer()
    log.add(.acquire, calls.get, ErrnoName.result(got), atGet.changes(to: try reader.positions()))
    let look = try reader.look()
    log.add(
      .locate, calls.offset, noError,
      [
        Observation("offset of the sub-buffer in the mapping", try reader.unsafeGetMmapReadOffset())
      ])
    log.add(
      .losses, calls.losses, noError,
      [
        Observation("events_discarded", look.eventsDiscarded),
        Observation("packet_seq_num", look.packetSequenceNumber),
      ])
    log.add(
      .read, "decode the mapped packet", "\(look.sequences.count) events",
      [
        Observation("sequence numbers", look.sequences.asRange),
        Observation("content size in bits (\(calls.contentSize))", 8 * look.contentCount),
      ])
    let atPut = try reader.positions()
    try reader.putNext()
    log.add(.release, calls.put, noError, atPut.changes(to: try reader.positions()))
    log.add(.acquireAgain, calls.get, ErrnoName.result(reader.unsafeGetNextSubbuffer()))
  }
}
