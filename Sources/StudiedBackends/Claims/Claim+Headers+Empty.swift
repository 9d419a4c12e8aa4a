import Study

/// Claims about packets without events.
extension Claim {
  private static let packetHeader =
    "Common Trace Format (CTF) Specification, version 1.8.3, Event Packet Header Description: \"Trace UUID, used to ensure the "
    + "event packet match the metadata used.\""
  private static let noEmptyPacket = "an acquire does not hand out a sub-buffer without events, and a header has no id"
  private static let since2_14 = "the call exists since lttng-ust and lttng-modules 2.14"
  private static let populate = "flush_events_or_populate_packet"

  /// A packet was made outside the ring buffer.
  private static let populated = Mark("packet-populated", "a packet was populated") { seen in
    try seen["populated"] == "yes"
  }

  static let idsOfEmpty = Claim(
    "ids-of-empty-packets", .headers, title: "Ids of packets without events",
    question:
      "Do packets without events, the first one of a new ring buffer among them, have the UUID, the stream id and the "
      + "stream instance id of the channel, as packets with events have?",
    source: packetHeader + "; lttng-ust, ringbuffer-clients/template.h, and lttng-modules, lttng-ring-buffer-client.h, "
      + "client_buffer_begin, which fills in all three",
    procedure:
      "LTTng-UST: make a channel with the id 7. flush_buffer(stream, 0) on the new ring buffer, read; write 8 events, "
      + "flush, read; flush_buffer(stream, 0), read. Compare the three headers, and with get_stream_id and get_instance_id.",
    notModelled: "the header of the model has no ids",
    reaching: [
      .acquired("new: get_next_subbuf", "with events: get_next_subbuf", "emptied: get_next_subbuf"),
      Mark("without-and-with-events", "there were packets without events, and one with events") { seen in
        try seen.number("new: events") == 0 && seen.number("with events: events") == 8
          && seen.number("emptied: events") == 0
      },
    ],
    [
      .kernel: .doesNotApply(to: "packets without events", noEmptyPacket),
      .lttng: .documented("all three headers have the ids of the stream, and a UUID that is not 0") { seen in
        let ids = try ["new", "with events", "emptied"].map { try seen["\($0): ids"] }
        return try sameIDs(ids, ofStream: seen["ids of the stream"])
      },
    ])

  /// Compares ids of packets, written as "UUID, stream S, instance I", with each other and with "stream S, instance I".
  private static func sameIDs(_ ids: [String], ofStream stream: String) throws -> Answer {
    let uuids = ids.map { $0.prefix { $0 != "," } }
    let zeros = "-0"
    let answer =
      if uuids.contains(where: { $0.allSatisfy(zeros.contains) }) {
        "no: the UUID is 0"
      } else if !ids.allSatisfy({ $0.hasSuffix(", \(stream)") }) {
        "no: another stream"
      } else {
        Set(uuids).count == 1 ? "yes" : "no: another UUID"
      }
    return Answer(answer, expected: "yes")
  }

  static let populatedIDs = Claim(
    "ids-of-populated-packet", .headers, title: "Ids of a populated packet",
    question:
      "Does a packet that flush_events_or_populate_packet makes outside the ring buffer have the UUID, the stream id and "
      + "the stream instance id of the packets in it?",
    source: packetHeader
      + "; lttng-modules, \"Fix: ring buffer: zeroed UUID in populated empty packet headers\", 2026-07-16 "
      + "(1d85bf72), in 2.16.0; lttng-ust, \"Fix: stream instance id mismatch for populated packets in per-channel "
      + "ringbuffers\", 2026-04-22 (674d30c2)",
    procedure: "Write 8 events, flush, read; flush_events_or_populate_packet. Compare both headers.",
    notModelled: "the model is one of lttng-ust 2.13",
    reaching: [.acquired("with events: get_next_subbuf"), populated],
    [
      .kernel: .doesNotApply(to: "packets without events", noEmptyPacket),
      .lttng: .doesNotApply(to: populate, since2_14),
      .lttngUST2_14: .documented("both headers have the same ids", idsOfPopulated),
      .lttngModules2_14: .documented("both headers have the same ids", idsOfPopulated),
    ])

  private static let idsOfPopulated: Expectation.Judge = { seen in
    try sameIDs([seen["with events: ids"], seen["populated: ids"]], ofStream: seen["ids of the stream"])
  }

  static let populatedNumber = Claim(
    "number-of-populated-packet", .headers, title: "packet_seq_num of a populated packet",
    question: "Is packet_seq_num of a populated packet that of the next packet of the stream?",
    source:
      "lttng-ust, ustctl.c, lttng_ust_ctl_flush_events_or_populate_packet: \"To compute the sequence number that the "
      + "terminal packet should have, the produced position that was sampled is used to infer the current subbuffer index.\", "
      + "\"If a later packet uses the same sequence number, readers should discard the earlier duplicates\"",
    procedure:
      "Over two and a half laps: write a few events, flush, read, flush_events_or_populate_packet. Compare each number "
      + "with that of the packet before it.",
    notModelled: "the model is one of lttng-ust 2.13",
    reaching: [
      populated,
      .writerWrapped { seen in try seen.number("packets") > 2 * seen.number("sub-buffers") },
    ],
    [
      .kernel: .doesNotApply(to: "packet_seq_num", "the kernel's sub-buffers have no number in the stream"),
      .lttng: .doesNotApply(to: populate, since2_14),
      .lttngUST2_14: .documented("always the number of the last packet plus 1", nextNumber),
      .lttngModules2_14: .assumed("always the number of the last packet plus 1", from: "lttng-ust", nextNumber),
    ])

  private static let nextNumber: Expectation.Judge = { seen in
    let wrong = try (seen.number("not the next number, first lap"), seen.number("not the next number, later"))
    let answer =
      switch wrong {
      case (0, 0): "the next one"
      case (0, _): "in later laps another one"
      default: "another one"
      }
    return Answer(answer, expected: "the next one")
  }

  static let populatedCount = Claim(
    "count-of-populated-packet", .headers, title: "events_discarded of a populated packet",
    question: "Does a populated packet have the number of events that the stream has discarded?",
    source: "\(Cited.ctf): \"Snapshot of a per-stream free-running counter\"; lttng-ust, ustctl.c, "
      + "lttng_ust_ctl_flush_events_or_populate_packet, which passes current_events_discarded to packet_initialize",
    procedure:
      "In discard mode write twice what fits and read everything; flush_buffer(stream, 0), read the packet with the "
      + "last count; flush_events_or_populate_packet.",
    notModelled: "the model is one of lttng-ust 2.13",
    reaching: [.eventsDropped("events_discarded of the last packet"), populated],
    [
      .kernel: .doesNotApply(to: "packets without events", noEmptyPacket),
      .lttng: .doesNotApply(to: populate, since2_14),
      .lttngUST2_14: .documented("the same as the last packet: nothing was discarded since", countOfPopulated),
      .lttngModules2_14: .documented("the same as the last packet: nothing was discarded since", countOfPopulated),
    ])

  private static let countOfPopulated: Expectation.Judge = { seen in
    let last = try seen.number("events_discarded of the last packet")
    return try Answer(seen.report("events_discarded of the populated packet", of: last), expected: "exact")
  }
}
