import Study

extension LTTngAnswers {
  static let reopened = Claim.reopened.answered([
      .lttng: .assumed("the second reader gets exactly the 4 new events", from: "kernel") { seen in
        try .yes(seen["second reader: events"] == "8 … 11 (4)")
      },
    ])

  static let deadReader = Claim.deadReader.answered([
      .lttng: .assumed(
        "from \"move consumer forward\" at the put: yes, without a put nothing is consumed",
        reaching: [
          .subbufferHeld { seen in
            try ["overwrite", "discard"].allSatisfy { try seen["\($0): first reader: events"] != "none" }
          }
        ]
      ) { seen in
        let discard = try deliveredAgain(seen, "discard")
        let overwrite = try deliveredAgain(seen, "overwrite")
        if overwrite != discard { return Answer("overwrite: \(overwrite); discard: \(discard)", expected: "yes") }
        let isAll = try seen["discard: first reader: events"] == "0 … 7 (8)"
        return Answer(overwrite == "yes" && !isAll ? "yes, in part" : overwrite, expected: "yes")
      },
    ])

  static func deliveredAgain(_ seen: Evidence, _ mode: String) throws -> String {
    let second = try seen["\(mode): second reader: events"]
    if try second == seen["\(mode): first reader: events"] { return "yes" }
    if second.hasPrefix("malformed") { return "invalid memory" }
    if second != "none" { return "in part" }
    let call = "\(mode): second reader: get_next_subbuf"
    return try seen.works(call) ? "no" : "no: \(seen.code(call))"
  }

  static let consumedAtRelease = Claim.consumedAtRelease.answered([
      .lttngModules: .documented(
        "the consumed position stays at the get and moves by one sub-buffer at the put",
        reaching: [.acquired("get_next_subbuf")], consumedPosition),
      .lttngUST: .documented(
        "the consumed position stays at the get and moves by one sub-buffer at the put",
        reaching: [.acquired("get_next_subbuf")], consumedPosition),
    ])

  static func consumedPosition(_ seen: Evidence) throws -> Answer {
    let before = try seen.number("consumed before")
    if try seen.number("consumed after the acquire") != before {
      return Answer("at the acquire", expected: "at the release")
    }
    let isOneFurther =
      try seen.number("consumed after the release") == before + seen.number("bytes of a sub-buffer")
    return Answer(isOneFurther ? "at the release" : "not by one sub-buffer", expected: "at the release")
  }

  static let restKept = Claim.restKept.answered([
      .lttng: .assumed("the two together get every event once", Claim.bothGetAll),
    ])

  static let releasedIsGone = Claim.releasedIsGone.answered([
      .lttngModules: .documented(
        "no: GET_SUBBUF at its position is refused", reaching: [.acquired("get_subbuf at its position before")],
        releasedPosition),
      .lttngUST: .documented(
        "no: get_subbuf at its position is refused", reaching: [.acquired("get_subbuf at its position before")],
        releasedPosition),
    ])

  static func releasedPosition(_ seen: Evidence) throws -> Answer {
    let after = try seen.code("get_subbuf at its position after the put")
    return after == "0" ? .yes(true, expected: false) : Answer("no: \(after)", isExpected: true)
  }

  static let killedOutside = Claim.killedOutside.answered([
      .lttng: .assumed(
        "every event is delivered, the partial sub-buffer by flush_buffer(stream, 0)", Claim.deliveredOfKilled),
    ])

  static let killedInside = Claim(
    "writer-killed-inside-a-write", .consumption, title: "Readable events of a writer killed inside a write",
    question: "What is still readable after a writer was killed between reserve and commit?",
    source: "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Application is killed (SIGTERM, "
      + "SIGINT, SIGKILL) between reserve and commit ring buffer operation.\" … \"no further buffer data will be "
      + "readable by the consumer daemon\"",
    procedure: "In discard mode write two and a half sub-buffers; make the writer end inside its next write, by a "
      + "payload that cannot be read; flush_buffer(stream, 0), and read until a get is refused.",
    reaching: [.writerEnded],
    [
      .lttngModules: .assumed(
        "the packets before it are readable; the one with the uncommitted event is not", from: "lttng-ust",
        packetsBefore),
      .lttngUST: .documented(
        "the packets before it are readable; the one with the uncommitted event is not", packetsBefore),
    ])

  static func packetsBefore(_ seen: Evidence) throws -> Answer {
    let packets = try seen.number("packets delivered")
    let isComplete = try seen.number("events delivered") >= seen.number("events produced")
    let isRefused = try seen["get_next_subbuf behind them"] != "0"
    let answer =
      if isComplete {
        "all"
      } else if packets == 0 {
        "none"
      } else if packets != 2 {
        "another number of packets"
      } else {
        isRefused ? "only the packets before it" : "its packet too"
      }
    return Answer(answer, expected: "only the packets before it")
  }

  static let killedInsideTold = Claim(
    "writer-killed-inside-told", .consumption, title: "Reported loss of a writer killed inside a write",
    question: "Do the counters of the readable packets report the committed events that are lost with a writer killed "
      + "inside a write?",
    source: "a question; lttng-concepts(7), Discard mode: \"LTTng increments a count of lost event records when an "
      + "event record is lost and saves this count to the trace\"",
    procedure: "As for a writer killed inside a write.",
    reaching: [.writerEnded, .eventsLost],
    [
      .lttng: .assumed("events_discarded of the last packet is the number of lost events") { seen in
        try Answer(seen.report("events_discarded of the last packet", of: seen.lost), expected: "exact")
      },
    ])

  static let lostBetweenReaders = Claim.lostBetweenReaders.answered([
      .lttng: .documented(
        "packet_seq_num has a gap between the last packet of the first and the first packet of the second reader"
      ) { seen in
        let hasGap = try seen.number("gap of packet_seq_num") > 0
        return Answer(hasGap ? "packet count only" : "no indication", expected: "packet count only")
      },
    ])
}
