import Study

extension Catalogue {
  /// What is gone after a reader has gone.
  static let consumption: [Claim] = [
    .reopened, .deadReader, .consumedAtRelease, .restKept, .releasedIsGone, .idsAnew, .killedOutside, .killedInside,
    .killedInsideTold, .lostBetweenReaders,
  ]
}

extension Claim {
  static let reopened = Claim(
    "reopened-sees-only-new", .consumption, title: "A reader that comes back sees only the new events",
    question: "Does a reader that maps the ring buffer after another one left see only events that the other had not "
      + "acquired?",
    source: "S. Rostedt, Re: [PATCH v2 1/2] ring-buffer: Introducing ring-buffer mapping functions, 2023-03-29: "
      + "\"It should have only read the last 10 that were not read previously.\"",
    procedure: "Write 8 events; a reader acquires, reads and leaves; write 4 more; a second reader acquires and reads "
      + "from reader.read as it was when it mapped. Of LTTng each reader flushes and reads everything.",
    [
      .kernel: .taken("of v2: the second reader gets exactly the 4 new events, from reader.read on") { seen in
        try seen["second reader: events"] == "8 … 11 (4)"
      },
      .lttng: .counterpart("the second reader gets exactly the 4 new events") { seen in
        try seen["first reader: events"] == "0 … 7 (8)" && seen["second reader: events"] == "8 … 11 (4)"
      },
    ])

  static let deadReader = Claim(
    "dead-reader-events-again", .consumption, title: "What a reader dies with",
    question: "Are the events of a reader that dies between the acquire and its look at them delivered again?",
    source: "a question; kernel/trace/ring_buffer.c, ring_buffer_map_get_reader, advances over the sub-buffer at the "
      + "acquire: \"we assume the latter will read everything\"; lttng-ust, ustctl.c, lttng_ust_ctl_put_next_subbuf: "
      + "\"Release exclusive sub-buffer access, move consumer forward.\"",
    procedure: "Write 8 events; a reader acquires, and is gone without having looked or released; a second reader "
      + "acquires; of LTTng it then puts without consuming, and gets once more. What dies is the mapping or the "
      + "stream, not the process: LTTng's ring buffer would go with it.",
    [
      .kernel: .stated("no, the acquire has consumed them; the next reader gets none of them from reader.read on") {
        seen in
        try seen["second reader: events"] == "none"
      },
      .lttng: .taken("from \"move consumer forward\" at the put: yes, without a put nothing is consumed") { seen in
        try seen["overwrite: second reader: events"] == seen["overwrite: first reader: events"]
          && seen["discard: second reader: events"] == seen["discard: first reader: events"]
          && seen["discard: first reader: events"] == "0 … 7 (8)"
      },
    ])

  static let consumedAtRelease = Claim(
    "consumed-at-release", .consumption, title: "Events are consumed at the release",
    question: "Does what counts as consumed grow when a sub-buffer is released, and not when it is acquired?",
    source: "lttng-ust, ustctl.c, lttng_ust_ctl_put_next_subbuf: \"Release exclusive sub-buffer access, move consumer "
      + "forward.\"",
    procedure: "Write two and a half sub-buffers; acquire one; release it. The kernel's release is the next ioctl. "
      + "Write down meta.read or the consumed position at each point.",
    [
      .kernel: .counterpart(
        "meta.read does not count a sub-buffer's events while it is held, but from the next "
          + "ioctl"
      ) {
        seen in
        try seen.require(seen.number("consumed after the release") > 0, "nothing was consumed")
        return try seen.number("consumed after the acquire") == seen.number("consumed before")
      },
      .lttng: .stated("the consumed position stays at the get, and moves by one sub-buffer at the put") { seen in
        try seen.number("consumed after the acquire") == seen.number("consumed before")
          && seen.number("consumed after the release")
            == seen.number("consumed before") + seen.number("bytes of a sub-buffer")
      },
    ])

  static let restKept = Claim(
    "rest-kept-for-the-next", .consumption, title: "What was not acquired is kept for the next reader",
    question: "Does a reader that comes after one that left early get everything from there on?",
    source: "a question; S. Rostedt, \(Cited.v2), 2023-03-29: \"It should have only read the last 10 that were not "
      + "read previously.\"",
    procedure: "Write three and a half sub-buffers; a reader acquires one, releases it and leaves; a second reads "
      + "the rest. The kernel's release is to leave.",
    [
      .kernel: .taken("the two together get every event once") { seen in
        try seen.number("events of both readers") == seen.number("events written")
          && seen.number("gaps between the events") == 0 && seen.number("events of the second reader") > 0
      },
      .lttng: .taken("the two together get every event once") { seen in
        try seen.number("events of both readers") == seen.number("events written")
          && seen.number("gaps between the events") == 0 && seen.number("events of the second reader") > 0
      },
    ])

  static let releasedIsGone = Claim(
    "released-is-the-writers", .consumption, title: "What was released is the writer's again",
    question: "Can a sub-buffer still be relied on after it was released?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"the old reader page is now going to be in the writable portion of "
      + "the ring buffer where the writer can write to it\"; Documentation/trace/ring-buffer-design.rst: \"The old reader page will become "
      + "part of the ring buffer\"; lttng-ust, lib_ring_buffer_get_subbuf: \"Check that the "
      + "buffer we are getting is after or at consumed_cur position.\"",
    procedure: "Acquire a full sub-buffer and release it. Of the kernel then overwrite the ring buffer twice and "
      + "compare its bytes; of LTTng ask for it again by its position.",
    [
      .kernel: .stated("its bytes change") { seen in
        try seen.require(seen.number("events overwritten since") > 0, "the writer did not wrap around")
        return try seen.number("bytes of the released sub-buffer that changed") > 0
      },
      .lttng: .stated("get_subbuf at its position is refused") { seen in
        try seen.require(seen["get_subbuf at its position before"] == "0", "it could not be got before either")
        return try seen["get_subbuf at its position after the put"] != "0"
      },
    ])

  static let idsAnew = Claim(
    "ids-anew-at-mapping", .consumption, title: "Ids are assigned anew",
    question: "Does the reader sub-buffer keep its id when the ring buffer is mapped by another, and when all "
      + "mappings are gone and it is mapped again?",
    source: "V. Donnefort, [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions, 2024-01-11: \"each "
      + "subbuf of the ring-buffer, ordered following their unique ID, assigned during the first mapping.\"",
    procedure: "Map, write two and a half sub-buffers and acquire two; map beside it; unmap both; map again.",
    [
      .kernel: .taken("the same beside a mapping; 0 again at the first mapping after none") { seen in
        try seen.require(seen.number("reader.id before") != 0, "it was 0 before")
        return try seen.number("reader.id in a mapping beside it") == seen.number("reader.id before")
          && seen.number("reader.id when mapped anew") == 0
      },
      .lttng: .doesNotApply(to: "reader.id", "sub-buffers have no ids for the reader"),
    ])

  static let killedOutside = Claim(
    "writer-killed-outside-a-write", .consumption, title: "A writer killed outside a write",
    question: "Is everything that a writer has written still readable after it was killed outside a write?",
    source: "a question; lttng-ust, lib_ring_buffer_get_subbuf: \"In per-PID tracing, the application vanishes with "
      + "the termination, and therefore no more data needs to be written to the buffers.\"",
    procedure: "Write two and a half sub-buffers; kill the writer while it waits; flush where there is a flush, and "
      + "read everything.",
    [
      .kernel: .taken("every event is delivered") { seen in
        try seen.number("events delivered") == seen.number("events produced")
      },
      .lttng: .taken("every event is delivered, the partial sub-buffer by flush_buffer(stream, 0)") { seen in
        try seen.number("events delivered") == seen.number("events produced")
      },
    ])

  static let killedInside = Claim(
    "writer-killed-inside-a-write", .consumption, title: "A writer killed inside a write",
    question: "What is still readable when a writer was killed between reserve and commit?",
    source: "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Application is killed (SIGTERM, "
      + "SIGINT, SIGKILL) between reserve and commit ring buffer operation.\" … \"no further buffer data will be "
      + "readable by the consumer daemon\"",
    procedure: "In discard mode write two and a half sub-buffers; have the writer end inside its next write, by a "
      + "payload that cannot be read; flush_buffer(stream, 0), and read until a get is refused.",
    [
      .kernel: .doesNotApply(
        to: "a process that ends between reserve and commit",
        "the kernel writes the event, with preemption off; a signal is not acted on before the commit"),
      .lttng: .stated("the packets before it can be read; the one with the event that was not committed cannot") {
        seen in
        try seen.number("packets delivered") == 2 && seen.number("events delivered") < seen.number("events produced")
          && seen["get_next_subbuf behind them"] != "0"
      },
    ])

  static let killedInsideTold = Claim(
    "writer-killed-inside-told", .consumption, title: "What is lost with a writer killed inside a write is told",
    question: "Do the counters of the packets that can be read tell the committed events that are lost with a writer "
      + "killed inside a write?",
    source: "a question; lttng-concepts(7), Discard mode: \"LTTng increments a count of lost event records when an "
      + "event record is lost and saves this count to the trace\"",
    procedure: "As for a writer killed inside a write.",
    [
      .kernel: .doesNotApply(
        to: "a process that ends between reserve and commit",
        "the kernel writes the event, with preemption off; a signal is not acted on before the commit"),
      .lttng: .taken("events_discarded of the last packet is their number") { seen in
        try seen.number("events_discarded of the last packet") == seen.requiredLoss()
      },
    ])

  static let lostBetweenReaders = Claim(
    "lost-between-two-readers", .consumption, title: "What is lost between two readers is told to the second",
    question: "Does a reader that comes after one that left learn of the events that were overwritten in between?",
    source: "a question; S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"Add the missed events to the reader "
      + "page/sub-buffer when the IOCTL is done and a new reader page is acquired.\"; lttng-concepts(7), Overwrite "
      + "mode: \"a trace reader can use such sequence numbers to report lost packets\"",
    procedure: "Write one and a half sub-buffers; a first reader reads everything, after a flush where there is one, "
      + "and leaves; overwrite the ring buffer twice; a second reader acquires until events are missing.",
    [
      .kernel: .taken("the header of the first sub-buffer behind the gap has the number of missing events") { seen in
        try seen.require(seen.number("events missing between the two readers") > 0, "nothing was lost")
        return try seen["told to the second"] == seen["events missing between the two readers"]
      },
      .kernelV11: .taken("reader.lost_events has the number of missing events") { seen in
        try seen.require(seen.number("events missing between the two readers") > 0, "nothing was lost")
        return try seen["reader.lost_events"] == seen["events missing between the two readers"]
      },
      .lttng: .stated("packet_seq_num has a gap between the last packet of the first and the first of the second") {
        seen in
        try seen.require(seen.number("events missing between the two readers") > 0, "nothing was lost")
        return try seen.number("gap of packet_seq_num") > 0
      },
    ])
}
