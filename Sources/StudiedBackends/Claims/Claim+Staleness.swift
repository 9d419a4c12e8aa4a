import Study

extension Catalogue {
  /// What is left over from before.
  static let staleness: [Claim] = [
    .metaPageStays, .lostEventsSinceSwap, .lostEventsCleared, .releasedIsEmpty, .flagOfLastLap, .bytesBehindData,
    .freshBytes,
  ]
}

extension Claim {
  static let metaPageStays = Claim(
    "only-a-call-updates", .staleness, title: "Only a call of the reader updates what it is told",
    question: "Does what the reader was told of counters and positions stay as it was until its next call, whatever is "
      + "written?",
    source: "Documentation/trace/ring-buffer-map.rst: \"This ioctl also updates the meta-page fields.\" Otherwise "
      + "V. Donnefort of v2, whose meta page the writer updated, \(Cited.v2), 2023-03-29: \"it can just check the "
      + "meta->entries field\"",
    procedure: "Acquire, or sample the positions; write three times what fits; look at the fields or the saved "
      + "positions; acquire or sample again.",
    [
      .kernel: .taken("no field of the meta page changes before the next ioctl, which changes entries") { seen in
        try seen.require(seen["entries after the next call"] != seen["entries"], "the next ioctl did not update it")
        return try seen["after the events"] == seen["before the events"]
      },
      .lttng: .taken("the saved positions do not change before the next sample, which changes them") { seen in
        try seen.require(
          seen["after the next call"] != seen["before the events"],
          "the next sample did not update "
            + "them")
        return try seen["after the events"] == seen["before the events"]
      },
    ])

  static let lostEventsSinceSwap = Claim(
    "lost-events-since-the-swap", .staleness, title: "reader.lost_events is above 0 exactly where events were lost",
    question: "After an acquire that exchanged the sub-buffer, is reader.lost_events above 0 exactly where events "
      + "were lost since the exchange before?",
    source: "V. Donnefort, \(Cited.v11), 2024-01-12: \"My idea was to check this value after the ioctl(). If > 0 then "
      + "events were lost between the that ioctl() and the previous swap.\", and then: \"But now if … we put this information in the "
      + "page itself, we can get rid of this field.\"",
    procedure: "Overwrite the ring buffer; acquire the first sub-buffer, before which events are missing, and the "
      + "next, before which none are.",
    [
      .kernelV11: .stated("above 0 after the first, 0 after the second") { seen in try isSetByLossAlone(seen) },
      .kernel: .taken("as of v11: above 0 after the first, 0 after the second") { seen in try isSetByLossAlone(seen) },
      .lttng: .doesNotApply(to: "reader.lost_events", "there is no field of the reader's beside the packet's header"),
    ])

  static let lostEventsCleared = Claim(
    "lost-events-stale", .staleness, title: "reader.lost_events after a swap without a loss",
    question: "Is reader.lost_events 0 after an exchange before which nothing was lost?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"The lost_events may need to be handled differently, as it doesn't "
      + "always get cleared. So it may be stale data.\"",
    procedure: "Overwrite the ring buffer; acquire the first sub-buffer, before which events are missing, and the "
      + "next, before which none are.",
    [
      .kernel: .taken("as merged it is handled: 0") { seen in
        try requireLossThenNone(seen)
        return try seen.number("after none: reader.lost_events") == 0
      },
      .kernelV11: .stated("stale: it is the number of the loss before") { seen in
        try requireLossThenNone(seen)
        return try seen.number("after none: reader.lost_events") == seen.number("after a loss: events missing before")
      },
      .lttng: .doesNotApply(to: "reader.lost_events", "there is no field of the reader's beside the packet's header"),
    ])

  /// `reader.lost_events` after an exchange with a loss before it, and after one without.
  private static func isSetByLossAlone(_ seen: Evidence) throws -> Bool {
    try requireLossThenNone(seen)
    return try seen.number("after a loss: reader.lost_events") > 0
      && seen.number("after none: reader.lost_events") == 0
  }

  private static func requireLossThenNone(_ seen: Evidence) throws {
    try seen.require(seen.number("after a loss: events missing before") > 0, "nothing was lost")
    try seen.require(seen.number("after none: events missing before") == 0, "something was lost again")
  }

  static let releasedIsEmpty = Claim(
    "released-subbuffer-is-empty", .staleness, title: "A sub-buffer that was released is marked as empty",
    question: "Is the commit word of a sub-buffer 0 once the next one was acquired?",
    source: "kernel/trace/ring_buffer.c, rb_get_reader_page, Linux 6.10: \"Reset the reader page to size zero.\", and "
      + "page->commit among what is set to 0; so until \"tracing: ring_buffer: Rewind persistent ring buffer on reboot\" "
      + "(ca296d32ece3, Linux 6.17), which keeps it",
    procedure: "Write three and a half sub-buffers; acquire them one by one. After each acquire that exchanged the "
      + "reader sub-buffer look at the one before, by its id, up to where its commit word says.",
    [
      .kernel: .taken("as in Linux 6.10: it is 0, and no event that was handed out shows there") { seen in
        try seen.require(seen.number("sub-buffers released with events") > 1, "fewer than two were released")
        return try seen.number("of them with a commit word that is not 0") == 0
          && seen.number("events in them that were handed out before") == 0
      },
      .lttng: .doesNotApply(
        to: "a commit word in the sub-buffer", "the state of a sub-buffer lies in counters beside it, and not in it"),
    ])

  static let flagOfLastLap = Claim(
    "flag-of-the-last-lap", .staleness, title: "The flag is gone when the sub-buffer comes round again",
    question: "Is a sub-buffer that was flagged free of the flag when it is handed out again with nothing missing "
      + "before?",
    source: "stated nowhere in words; kernel/trace/ring_buffer.c, rb_tail_page_update, where the writer comes to the "
      + "sub-buffer: \"No need to worry about races with clearing out the commit.\"",
    procedure: "Overwrite the ring buffer and acquire a flagged sub-buffer; then write sub-buffer by sub-buffer and "
      + "read everything, until it is the reader's again.",
    [
      .kernel: .taken("bit 31 of commit is not set") { seen in
        try seen.require(seen["bit 31 at first"] == "1", "it was not flagged")
        try seen.require(seen["came again"] == "1", "it did not come again")
        try seen.require(seen.number("events missing before it then") == 0, "events were missing before it again")
        return try seen["bit 31 when it came again"] == "0"
      },
      .kernelV11: .doesNotApply(to: "flags of the commit word", "as posted in v11 the ioctl sets none"),
      .lttng: .doesNotApply(to: "a flag", "events_discarded is written anew for each packet"),
    ])

  static let bytesBehindData = Claim(
    "bytes-behind-the-data", .staleness, title: "Old data may lie behind the data",
    question: "Are there bytes of the last lap behind the data of a full sub-buffer after the ring buffer was "
      + "overwritten?",
    source:
      "S. Rostedt, \(Cited.missedEvents), 2024-01-09: \"This page may be off to user land. Zero it out here.\"; v4 of "
      + "it, 2024-03-12: \"Removed the zeroing out at the end of the page as the ring buffer is now zeroed out when "
      + "allocated. Not too worried about stale tracing data, but having non tracing data would be a problem.\"",
    procedure: "Write what fits of small events, and then twice what fits of large ones, which leave more room; "
      + "acquire a full sub-buffer before which events are missing, and then up to the partial one, which LTTng is made "
      + "to end by a flush. Count the bytes behind the data, and the count of lost events where there is one, that are "
      + "not 0.",
    [
      .kernel: .taken("of v4, which allows it: nothing zeroes them, and old tracing data lies there") { seen in
        try seen.require(seen.number("full: events missing before") > 0, "nothing was lost")
        return try isOldDataBehind(seen)
      },
      .kernelV11: .taken("of the partial one: a full one's data goes to the end, as v11 tells it") { seen in
        try seen.require(seen.number("partial: bytes behind the data") > 0, "there were none")
        return try seen.number("partial: of them not 0") > 0
      },
      .lttng: .taken("as the kernel's: old data lies there") { seen in try isOldDataBehind(seen) },
    ])

  private static func isOldDataBehind(_ seen: Evidence) throws -> Bool {
    // What ends a sub-buffer may write a header of its own there.
    let header: Int64 = 16
    try seen.require(seen.number("full: bytes behind the data") > header, "there were none")
    return try seen.number("full: of them not 0") > header
  }

  static let freshBytes = Claim(
    "bytes-of-a-fresh-subbuffer", .staleness, title: "A fresh sub-buffer is 0 behind the data",
    question: "Are all bytes 0 behind the data of a sub-buffer that is used for the first time?",
    source: "V. Donnefort, [PATCH v13 1/6] ring-buffer: Zero ring-buffer sub-buffers, 2024-01-29: \"In preparation "
      + "for the ring-buffer memory mapping where each subbuf will be accessible to user-space, zero all the page "
      + "allocations.\"",
    procedure: "Write 16 events into a new ring buffer, flush where there is a flush, acquire; count the bytes "
      + "behind the data that are not 0.",
    [
      .kernel: .stated("all of them are 0") { seen in
        try seen.require(seen.number("bytes behind the data") > 0, "there were none")
        return try seen.number("of them not 0") == 0
      },
      .lttng: .counterpart("all bytes between content_size and packet_size are 0") { seen in
        try seen.require(seen.number("bytes behind the data") > 0, "there were none")
        return try seen.number("of them not 0") == 0
      },
    ])
}
