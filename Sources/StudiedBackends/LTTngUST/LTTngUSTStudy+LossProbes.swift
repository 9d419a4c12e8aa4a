import LTTngUSTBackend
import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// What the reader learns of lost events.
  var lossProbes: [Probe] {
    [
      noCounterpart(.counters, to: "per_cpu/cpuN/stats", "LTTng-UST has no file of counters beside the ring buffer"),
      noCounterpart(
        .lostEvents, to: "reader.lost_events",
        "a packet tells losses in its header; there is no field of the reader's beside it"),
      noCounterpart(.lossToldTwice, to: "the meta page", "there is no meta page"),
      noCounterpart(
        .countWhereRoom, to: "a count stored behind the data", "the header of a packet always has its counter"),
      probe(
        .discardCounted, "the count of lost event records, events_discarded of the last packet, is the number dropped",
        mode: .discard
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3_000)
        var packets = try Packets(stream, ring.session)
        let atFirst = packets.discarded
        // Only an event that is written afterwards, or the end of the stream, closes a packet with the last count.
        try stream.flushBuffer(producerActive: false)
        try packets.readOn(stream, ring.session)
        let lost = truth.produced.lost(delivered: packets.sequences.count)
        let evidence = [
          Observation("produced, delivered, lost", "\(truth.produced), \(packets.sequences.count), \(lost.orMore)"),
          Observation(
            "events_discarded of the packets that were full", atFirst.map(String.init).joined(separator: ", ")),
          Observation(
            "events_discarded after flush_buffer(stream, 0)", packets.discarded.map(String.init).joined(separator: ", ")
          ),
        ]
        guard let lost, lost > 0 else { return .nothingLost(evidence) }
        return .decided(packets.discarded.last == lost, evidence)
      },
      probe(
        .overwriteUncounted, "as stated: events_discarded is not the number lost; gaps of packet_seq_num are all"
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        let truth = try ring.write(3_000)
        try stream.flushBuffer(producerActive: true)
        let packets = try Packets(stream, ring.session)
        let lost = truth.produced.lost(delivered: packets.sequences.count)
        let missing = packets.numbers.first ?? 0
        let evidence = [
          Observation("produced, delivered, lost", "\(truth.produced), \(packets.sequences.count), \(lost.orMore)"),
          Observation("events_discarded", packets.discarded.map(String.init).joined(separator: ", ")),
          Observation("packet_seq_num", packets.numbers.asRange),
          Observation("packets missing before the first", missing),
        ]
        guard let lost, lost > 0 else { return .nothingLost(evidence) }
        return .decided(packets.discarded.last != lost && missing > 0, evidence)
      },
    ]
  }
}

/// All packets that can be read at the one-to-one layer, get by get.
private struct Packets {
  var sequences: [UInt64] = []
  var discarded: [UInt64] = []
  var numbers: [UInt64] = []

  init(_ stream: borrowing ConsumerStream, _ session: USTSession) throws(SourceError) {
    try readOn(stream, session)
  }

  mutating func readOn(_ stream: borrowing ConsumerStream, _ session: USTSession) throws(SourceError) {
    while stream.unsafeGetNextSubbufferResult() == 0 {
      let look = try LTTngUSTLook(stream, session)
      sequences += look.sequences
      discarded.append(look.header.eventsDiscarded)
      numbers.append(look.header.packetSequenceNumber)
      try stream.unsafePutNextSubbuffer()
    }
  }
}
