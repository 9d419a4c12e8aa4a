import Platform
import Results
import Study
import SubbufferSource

/// A back end of LTTng's design.
package protocol LTTngStudy: DesignStudy where Ring: LTTngRing {}

extension LTTngStudy {
  /// The probes that the live ring buffer and its model answer.
  package var lttngProbes: [Probe] {
    handOverProbes + consumptionProbes + countersProbes + headersProbes + stalenessProbes + lossesProbes
      + positionsProbes
      + finalisationProbes + readinessProbes + readersProbes + misuseProbes + changesProbes + geometryProbes
  }
}

extension LTTngStudy {
  /// One round of reading on a stream that was opened: 16 events are written, flushed, acquired, read and released, and
  /// acquired again.
  /// - Parameter calls: the names of the calls.
  package func recordRound(
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

/// The names of the calls of one round of reading.
package struct RoundCalls {
  package var write: String
  package var get: String
  package var flush: String
  package var wait: String
  /// Observations about a wait after a flush.
  package var waiting: [Observation] = []
  package var offset: String
  package var losses: String
  package var contentSize: String
  package var put: String

  /// The functions of LTTng-UST's library, or their counterparts.
  /// - Parameter prefix: what their names begin with.
  package static func functions(_ prefix: String, write: String) -> RoundCalls {
    RoundCalls(
      write: write, get: "\(prefix)get_next_subbuf", flush: "\(prefix)flush_buffer(stream, 1)",
      wait: "poll(wait fd, POLLIN)",
      waiting: [Observation("after the flush, this process's own wakeup fd", "closed in the set-up")],
      offset: "\(prefix)get_mmap_read_offset", losses: "\(prefix)get_events_discarded, get_sequence_number",
      contentSize: "get_content_size", put: "\(prefix)put_next_subbuf")
  }

  /// The ioctls of the kernel tracer; all names begin with `LTTNG_KERNEL_ABI_RING_BUFFER_`.
  package static let ioctls = RoundCalls(
    write: "write(/proc/lttng-logger), once for each event", get: "ioctl GET_NEXT_SUBBUF", flush: "ioctl FLUSH",
    wait: "poll(stream, POLLIN | POLLPRI)", offset: "ioctl GET_MMAP_READ_OFFSET",
    losses: "ioctl GET_EVENTS_DISCARDED, GET_SEQ_NUM", contentSize: "GET_CONTENT_SIZE", put: "ioctl PUT_NEXT_SUBBUF")
}

extension LTTngStudy {
  /// The recipes of `LTTngUSTSource` and of its model.
  package var lossRecipes: [LossRecipe] {
    let last = "flush_buffer(stream, 1), read to the end, flush_buffer(stream, 0), read the resulting packet"
    let returning =
      "a new reader continues from the last packet_seq_num and counts of its predecessor; without them it expects "
      + "the packet at the consumed position"
    let growth =
      "events_discarded of the header minus the highest earlier value; a lower value is ignored, because a later "
      + "header includes its losses"
    return [
      LossRecipe(
        mode: .overwrite,
        withEachHandover: [
          "packet_seq_num of the header minus the previous one minus 1: the number of lost packets, not of events",
          "in addition, \(growth)",
        ],
        inTotal: [
          last, "the sum of the missing packets, and in addition the highest events_discarded", returning,
        ]),
      LossRecipe(
        mode: .discard, withEachHandover: [growth],
        inTotal: [last, "the highest events_discarded, and the sum of missing packets", returning]),
    ]
  }
}
