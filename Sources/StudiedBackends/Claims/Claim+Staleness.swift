import Study

extension Catalogue {
  /// Claims about stale values.
  static let staleness: [Claim] = [
    .metaPageStays, .lostEventsSinceSwap, .lostEventsCleared, .releasedIsEmpty, .flagOfLastLap, .bytesBehindData,
    .freshBytes,
  ]
}

extension Claim {
  static let metaPageStays = Claim(
    "only-a-call-updates", .staleness, title: "Do the reader's counters change without its call?",
    question: "Do the counters and positions of the reader change before its next call when events are written?",
    source: "Documentation/trace/ring-buffer-map.rst: \"This ioctl also updates the meta-page fields.\" Unlike this, "
      + "V. Donnefort of v2, whose meta page the writer updated, \(Cited.v2), 2023-03-29: \"it can just check the "
      + "meta->entries field\"; lttng-modules, include/ringbuffer/vfs.h: \"Get a snapshot of the current ring buffer "
      + "producer and consumer positions\"",
    procedure: "Acquire, or sample the positions; write three times what fits; read the fields or the saved "
      + "positions; acquire or sample again.",
    [
      .kernel: .assumed(
        "no field of the meta page changes before the next ioctl, which changes entries",
        reaching: [.callUpdated("entries", "entries after the next call")]
      ) { seen in
        try .yes(seen["after the events"] != seen["before the events"], expected: false)
      },
      .lttng: .assumed(
        "the saved positions do not change before the next sample, which changes them",
        reaching: [.callUpdated("before the events", "after the next call")]
      ) { seen in
        try .yes(seen["after the events"] != seen["before the events"], expected: false)
      },
    ])

  static let lostEventsSinceSwap = Claim(
    "lost-events-since-the-swap", .staleness, title: "Is reader.lost_events above 0 exactly after a loss?",
    question: "After an acquire that exchanged the sub-buffer, is reader.lost_events above 0 if events were lost since "
      + "the previous exchange, and only then?",
    source: "V. Donnefort, \(Cited.v11), 2024-01-12: \"My idea was to check this value after the ioctl(). If > 0 then "
      + "events were lost between the that ioctl() and the previous swap.\", and then: \"But now if … we put this information in the "
      + "page itself, we can get rid of this field.\"",
    procedure: "Overwrite the ring buffer; acquire the first sub-buffer, before which events are missing, and the "
      + "next, before which none are missing.",
    reaching: lossThenNone,
    [
      .kernelV11: .documented("above 0 after the first, 0 after the second", lostEventsAfterSwaps),
      .kernel: .assumed("as in v11: above 0 after the first, 0 after the second", lostEventsAfterSwaps),
      .lttng: .doesNotApply(to: "reader.lost_events", "only the packet's header reports losses"),
    ])

  private static let lossThenNone: [Mark] = [
    .eventsLost("after a loss: events missing before"), .nothingLost("after none: events missing before"),
  ]

  private static func lostEventsAfterSwaps(_ seen: Evidence) throws -> Answer {
    let isSetByLoss = try seen.number("after a loss: reader.lost_events") > 0
    let isCleared = try seen.number("after none: reader.lost_events") == 0
    let answer =
      switch (isSetByLoss, isCleared) {
      case (true, true): "yes"
      case (false, true): "no, always 0"
      case (true, false): "no, stale afterwards"
      case (false, false): "no, only without a loss"
      }
    return Answer(answer, expected: "yes")
  }

  static let lostEventsCleared = Claim(
    "lost-events-stale", .staleness, title: "reader.lost_events after a swap without a loss",
    question: "Is reader.lost_events 0 after an exchange before which nothing was lost?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"The lost_events may need to be handled differently, as it doesn't "
      + "always get cleared. So it may be stale data.\"",
    procedure: "Overwrite the ring buffer; acquire the first sub-buffer, before which events are missing, and the "
      + "next, before which none are missing.",
    reaching: lossThenNone,
    [
      .kernel: .assumed("handled in the merged version: 0") { seen in
        try Answer(lostEventsAfterNone(seen), expected: "0")
      },
      .kernelV11: .documented("stale: the number of the previous loss") { seen in
        try Answer(lostEventsAfterNone(seen), expected: "the previous loss (stale)")
      },
      .lttng: .doesNotApply(to: "reader.lost_events", "only the packet's header reports losses"),
    ])

  private static func lostEventsAfterNone(_ seen: Evidence) throws -> String {
    let value = try seen.number("after none: reader.lost_events")
    if value == 0 { return "0" }
    return try value == seen.number("after a loss: events missing before")
      ? "the previous loss (stale)" : "another number"
  }

  static let releasedIsEmpty = Claim(
    "released-subbuffer-is-empty", .staleness, title: "Commit word of a released sub-buffer",
    question: "Is the commit word of a sub-buffer 0 after the next one was acquired?",
    source: "kernel/trace/ring_buffer.c, rb_get_reader_page, Linux 6.10: \"Reset the reader page to size zero.\", and "
      + "page->commit is among what is set to 0; this ends with \"tracing: ring_buffer: Rewind persistent ring buffer on reboot\" "
      + "(ca296d32ece3, Linux 6.17), which keeps it",
    procedure: "Write three and a half sub-buffers; acquire them one by one. After each acquire that exchanged the "
      + "reader sub-buffer, decode the previous one, by its id, up to its commit word.",
    reaching: [.subbuffers("sub-buffers released with events", atLeast: 2)],
    [
      .kernel: .assumed("as in Linux 6.10: it is 0, and no event that was handed out is readable there") { seen in
        let released = try seen.number("sub-buffers released with events")
        let nonzero = try seen.number("of them with a commit word that is not 0")
        if nonzero != 0 { return Answer(nonzero == released ? "not 0" : "not always 0", expected: "0") }
        let hasEvents = try seen.number("events in them that were handed out before") != 0
        return Answer(hasEvents ? "0, events still readable" : "0", expected: "0")
      },
      .lttng: .doesNotApply(
        to: "a commit word in the sub-buffer", "counters outside the sub-buffer contain its state"),
    ])

  static let flagOfLastLap = Claim(
    "flag-of-the-last-lap", .staleness, title: "Is the missed-events flag cleared on reuse?",
    question: "Is the flag of a sub-buffer cleared when it is handed out again with nothing missing before?",
    source: "undocumented; kernel/trace/ring_buffer.c, rb_tail_page_update, when the writer moves to the "
      + "sub-buffer: \"No need to worry about races with clearing out the commit.\"",
    procedure: "Overwrite the ring buffer and acquire a flagged sub-buffer; then write sub-buffer by sub-buffer and "
      + "read everything, until it is the reader's again.",
    reaching: [
      .flagSet("bit 31 at first"),
      Mark("subbuffer-reused", "the sub-buffer was the reader's again") { seen in try seen["came again"] == "1" },
      .nothingLost("events missing before it then"),
    ],
    [
      .kernel: .assumed("bit 31 of commit is not set") { seen in
        try .yes(seen["bit 31 when it came again"] == "0")
      },
      .kernelV11: .doesNotApply(to: "flags of the commit word", "as posted in v11 the ioctl sets none"),
      .lttng: .doesNotApply(to: "a flag", "the writer sets events_discarded anew in each packet"),
    ])

  static let bytesBehindData = Claim(
    "bytes-behind-the-data", .staleness, title: "Does old data remain after the data?",
    question: "Are there bytes of the previous lap after the data of a full sub-buffer when the ring buffer was "
      + "overwritten?",
    source:
      "S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"This page may be off to user land. Zero it out here.\"; v4 of "
      + "it, 2024-03-12: \"Removed the zeroing out at the end of the page as the ring buffer is now zeroed out when "
      + "allocated. Not too worried about stale tracing data, but having non tracing data would be a problem.\"",
    procedure: "Write what fits of small events, and then twice what fits of large ones, which leave more room; "
      + "acquire a full sub-buffer before which events are missing, and continue to the partial one, which a flush "
      + "ends on LTTng. Count the bytes that are not 0 after the data and after the count of lost events, if there is "
      + "one.",
    [
      .kernel: .assumed(
        "allowed by v4: nothing clears them, and they are old tracing data",
        reaching: [.eventsLost("full: events missing before"), bytesAfterFull], oldDataAfterFull),
      .kernelV11: .assumed(
        "in the partial one: in v11 the data of a full one extends to its end",
        reaching: [.bytesAfterData("partial: bytes behind the data")]
      ) { seen in
        try .yes(seen.number("partial: of them not 0") > 0)
      },
      .lttng: .assumed("old data remains", from: "kernel", reaching: [bytesAfterFull], oldDataAfterFull),
    ])

  /// The end of a sub-buffer may have a header there, of so many bytes.
  private static let headerAtTheEnd: Int64 = 16
  private static let bytesAfterFull = Mark.bytesAfterData("full: bytes behind the data", moreThan: headerAtTheEnd)

  private static func oldDataAfterFull(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("full: of them not 0") > headerAtTheEnd)
  }

  static let freshBytes = Claim(
    "bytes-of-a-fresh-subbuffer", .staleness, title: "Is a new sub-buffer zero after the data?",
    question: "Are all bytes after the data of a sub-buffer 0 when it is used for the first time?",
    source: "V. Donnefort, [PATCH v13 1/6] ring-buffer: Zero ring-buffer sub-buffers, 2024-01-29: \"In preparation "
      + "for the ring-buffer memory mapping where each subbuf will be accessible to user-space, zero all the page "
      + "allocations.\"",
    procedure: "Write 16 events into a new ring buffer, flush if there is a flush, acquire; count the bytes "
      + "after the data that are not 0.",
    reaching: [.bytesAfterData("bytes behind the data")],
    [
      .kernel: .documented("all of them are 0", zeroAfterData),
      .lttng: .assumed("all bytes between content_size and packet_size are 0", from: "kernel", zeroAfterData),
    ])

  private static func zeroAfterData(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("of them not 0") == 0)
  }
}
