import Study

extension Catalogue {
  /// Claims about the sub-buffer that an acquire hands out.
  static let handOver: [Claim] = [
    .firstAcquire, .held, .sameID, .partialInvisible, .commitAdvances, .followWithoutAcquire, .readIsEndOfData,
    .pastRead, .restBeforeNext, .whereItIs, .onceInOrder, .extraSubbuffer, .caughtUpWithUncommitted,
  ]
}

extension Claim {
  static let firstAcquire = Claim(
    "first-acquire-counts", .handOver, title: "Counters after the first acquire of 16 events",
    question: "After an acquire on the empty ring buffer and 16 events: does an acquire show entries 16, overrun 0, "
      + "read 16 and id 1, and the next acquire the same?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(map, meta_page_check), Linux 6.10",
    procedure: "Map the empty ring buffer and acquire; write 16 events; acquire twice. Record the counters of the "
      + "meta page after each acquire.",
    reaching: .nothing,
    [
      .kernel: .documented("id 0 before; entries 16, overrun 0, read 16, id 1 after each of the two acquires") { seen in
        let first = try seen["first ioctl after them"]
        let asInSelftest = "entries 16, read 16, id 1"
        if try !seen["before the events"].hasSuffix("id 0") { return Answer("id not 0 before", expected: asInSelftest) }
        if try seen["second ioctl"] != first { return Answer("second acquire differs", expected: asInSelftest) }
        return Answer(
          first == "entries 16, overrun 0, read 16, id 1" ? asInSelftest : "other counters", expected: asInSelftest)
      },
      .lttng: .doesNotApply(
        to: "the meta page", "there is no meta page; the positions of the writer and of the reader are in bytes"),
    ])

  static let held = Claim(
    "held-subbuffer-intact", .handOver, title: "Is a held sub-buffer left intact?",
    question: "In overwrite mode, does a full sub-buffer that the reader holds stay unchanged while the writer wraps "
      + "around?",
    source: "M. Desnoyers, \(Cited.v11), 2024-01-11 (a \"reader\" extra sub-buffer is exchanged); S. Rostedt, "
      + "[RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping, 2023-12-29: \"writer will only write to the "
      + "other pages\"; Documentation/trace/ring-buffer-design.rst: \"the reader could do what it wants with it, as long as "
      + "a writer has left that page\"; lttng-ust, ustctl.c, lttng_ust_ctl_get_next_subbuf: \"Get exclusive read access\"; "
      + "lttng-modules, include/ringbuffer/vfs.h, GET_NEXT_SUBBUF: \"Get exclusive read access to the next sub-buffer "
      + "that can be read.\"",
    procedure: "Write 1000 events, acquire, copy the sub-buffer; write 4000 more, which overwrite the ring buffer more "
      + "than once; compare the bytes.",
    [
      .kernel: .documented(
        "the bytes of a full sub-buffer do not change",
        reaching: [.eventsOverwritten("events overwritten meanwhile", moreThan: 1_000)]
      ) { seen in
        try .yes(seen.number("bytes of the held sub-buffer that changed") == 0)
      },
      .lttngModules: .documented(
        "exclusive access: the bytes do not change between get and put", reaching: wrappedWhileHeld, exclusiveAccess),
      .lttngUST: .documented(
        "exclusive access: the bytes do not change between get and put", reaching: wrappedWhileHeld, exclusiveAccess),
    ])

  private static let wrappedWhileHeld: [Mark] = [
    .acquired("get_next_subbuf"), .writerWrapped { seen in try seen.number("bytes produced meanwhile") > 2 * 8 * 4096 },
  ]

  private static func exclusiveAccess(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("bytes of the held sub-buffer that changed") == 0)
  }

  static let sameID = Claim(
    "same-id-nothing-new", .handOver, title: "Does an unchanged reader.id mean no new events?",
    question:
      "Does an acquire that leaves reader.id unchanged return new events only while the writer is still on that "
      + "sub-buffer?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"If it did not change, then there's no new data.\" … \"If the "
      + "writer is still on that page, it acts the same as we do in the kernel. It can still update that page and the "
      + "begging of the sub-buffer has the index of where the writer currently is\"",
    procedure:
      "Write 4 events and acquire; write 4 more and acquire; acquire again; write two sub-buffers, so that the "
      + "writer leaves this one, and acquire; if reader.id is unchanged, acquire once more.",
    reaching: [
      .subbufferHeld { seen in try seen["the writer on it: id"] == seen["first acquire: id"] },
      .writerLeft { seen in try seen["id at last"] != seen["first acquire: id"] },
    ],
    [
      .kernel: .assumed(
        "the exception: under the same id an acquire returns new events only while the writer is on that sub-buffer, "
          + "and not those that it left there (but see rest-comes-before-next)"
      ) { seen in
        let id = try seen["the writer on it: id"]
        let expected = "no, while the writer is there"
        if try seen["nothing new: id, read"] != seen["the writer on it: id, read"] {
          return Answer("no, even without writing", expected: expected)
        }
        let hasRest =
          try seen["the writer gone: first acquire: id"] == id
          && seen.number("the writer gone: first acquire: new events") != 0
        return Answer(hasRest ? "no, even after the writer left" : expected, expected: expected)
      },
      .lttng: .doesNotApply(
        to: "reader.id", "a get names no sub-buffer; get_mmap_read_offset returns its place"),
    ])

  static let partialInvisible = Claim(
    "partial-not-visible", .handOver, title: "Is a partial sub-buffer handed out?",
    question: "Is a sub-buffer handed out to the reader before it is full, flushed, or its timer fires?",
    source: "lttng-concepts(7), Event record loss mode: \"When there's no space left in a sub-buffer, the tracer marks "
      + "it as consumable\", and Timers; lttng-ust, lib_ring_buffer_switch_slow (flush); lttng-modules, "
      + "ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Check that we are not about to read the same subbuffer in "
      + "which the writer head is.\"",
    procedure:
      "Write fewer events than fill a sub-buffer and acquire. On LTTng, then call flush_buffer, and get again.",
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("the acquire hands out nothing of a partial sub-buffer", from: "LTTng") { seen in
        let (written, handedOut) = try (seen.number("events written"), seen.number("events handed out"))
        let answer = handedOut == written ? "yes" : handedOut == 0 ? "no" : "yes, in part"
        return Answer(answer, expected: "no")
      },
      .lttng: .documented("get_next_subbuf is refused before the flush and hands out all events after it") { seen in
        let answer =
          if try seen["get_next_subbuf before the flush"] == "0" {
            "yes"
          } else if try seen["get_next_subbuf after flush_buffer"] != "0" {
            "no, not after a flush either"
          } else if try seen.number("events handed out") != seen.number("events written") {
            "in part, after a flush"
          } else {
            "only after a flush"
          }
        return Answer(answer, expected: "only after a flush")
      },
    ])

  static let commitAdvances = Claim(
    "commit-advances-without-acquire", .handOver, title: "Are events appended after delivery visible?",
    question:
      "Do events that are written into a sub-buffer after it was handed out become visible in it without another "
      + "acquire?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29, of the writer on the reader's page: \"It can still update that page "
      + "and the begging of the sub-buffer has the index of where the writer currently is\"; V. Donnefort, "
      + "\(Cited.v2), 2023-03-29: \"it can just check the meta->entries field or the commit field in the reader_page "
      + "header?\"",
    procedure: "Write a few events, less than a sub-buffer, and acquire (on LTTng, flush before); write 4 more; decode "
      + "the same sub-buffer up to the size in its header, without another acquire.",
    reaching: [
      .subbufferHeld { seen in try seen.number("bytes of data after the acquire") > 0 }
    ],
    [
      .kernel: .assumed("as in the RFC: the commit word has advanced and covers the 4 events", lateEvents),
      .lttng: .assumed("the content size has grown and covers the 4 events", from: "kernel", lateEvents),
    ])

  private static func lateEvents(_ seen: Evidence) throws -> Answer {
    let isLonger =
      try seen.number("bytes of data later, without an acquire") > seen.number("bytes of data after the acquire")
    let answer =
      switch try (isLonger, seen.number("new events")) {
      case (true, 4): "yes"
      case (false, 0): "no"
      default: "in part"
      }
    return Answer(answer, expected: "yes")
  }

  static let followWithoutAcquire = Claim(
    "follow-without-acquire", .handOver, title: "Are events readable without the ioctl before a wrap?",
    question:
      "Before anything is acquired or overwritten: can a reader find all events of the ring buffer in the mapping "
      + "through the commit words of the sub-buffers, without any ioctl?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"I think it will be possible to extend this to a way to avoid the "
      + "ioctl and have the reader just compare the content before and after\" … \"but I'm not so worried about that "
      + "right now\"",
    procedure: "Map the empty ring buffer; write three and a half sub-buffers of events; decode each sub-buffer by "
      + "its id, up to its commit word. No ioctl is called.",
    reaching: [.eventsWritten()],
    [
      .kernel: .assumed("as merged, without an extension: every event is found once") { seen in
        let found = try seen.number("events found without an ioctl")
        let areAllFound =
          try found == seen.number("events written") && seen.number("gaps between the found, sorted") == 0
        return Answer(areAllFound ? "yes" : found == 0 ? "no" : "only some", expected: "yes")
      },
      .lttngModules: .doesNotApply(
        to: "a mapping that is read without the call",
        "abi.h: \"Operations applying to the current sub-buffer need to occur between a get/put or get_next/put_next "
          + "ioctl pair.\""),
      .lttngUST: .doesNotApply(
        to: "a mapping that is read without the call",
        "ust-ctl.h: for mmap mode the getters \"operate on the current packet (between get/put or "
          + "get_next/put_next)\""),
    ])

  static let readIsEndOfData = Claim(
    "read-is-end-of-data", .handOver, title: "Is reader.read the end of the data?",
    question: "After an acquire, does reader.read equal the number of bytes of data in the sub-buffer's header?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-30: \"cpu_buffer->reader_page->read = rb_page_size(reader); meta->read "
      + "= cpu_buffer->reader_page->read;\"",
    procedure: "Acquire a partial sub-buffer, a full one, and a full one before which events were overwritten.",
    reaching: [.eventsLost("after a loss: events missing before")],
    [
      .kernel: .assumed("as in v2: the two are equal each time") { seen in
        let differing = try ["partial", "full", "after a loss"].first { kind in
          try seen.number("\(kind): reader.read") != seen.number("\(kind): bytes of data by commit")
        }
        if let differing { return Answer("no, not when \(differing)", expected: "yes") }
        return try .yes(seen.number("partial: reader.read") > 0)
      },
      .lttng: .doesNotApply(to: "reader.read", "only the packet's own header contains its size"),
    ])

  static let pastRead = Claim(
    "past-read-comes-again", .handOver, title: "Are events beyond reader.read delivered twice?",
    question: "Does a reader that reads beyond reader.read and then acquires get the same events again?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-29: \"If the reader decides to read events past this value then it "
      + "just can't expect them to not be duplicated?\"; S. Rostedt, the same day: \"Yes\", of taking the events "
      + "from the old to the new value",
    procedure: "Write 4 events and acquire; write 4 more and read up to the commit word; acquire, and read from the "
      + "old to the new reader.read.",
    reaching: [
      .partRead { seen in try seen["read past reader.read"] == "4 … 7 (4)" }
    ],
    [
      .kernel: .assumed("as in v2: the next acquire hands out the 4 events beyond reader.read again") { seen in
        try .yes(seen["handed out by the next acquire"] == "4 … 7 (4)")
      },
      .lttng: .doesNotApply(to: "reader.read", "the content of a packet is final when it is handed out"),
    ])

  static let restBeforeNext = Claim(
    "rest-comes-before-next", .handOver, title: "Is the rest of a sub-buffer delivered before the next?",
    question:
      "When the writer has filled the reader's sub-buffer and moved on, does an acquire hand out its rest first?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-30: \"If the writer does anything in-between, wouldn't "
      + "rb_get_reader_page() handle it nicely by returning the same reader as more would be there to read?\"",
    procedure: "Write 4 events and acquire; write two sub-buffers more; acquire twice.",
    reaching: .nothing,
    [
      .kernel: .assumed(
        "as in v2: the first acquire hands out the rest under the same id, the second the next sub-buffer"
      ) { seen in
        let isInOrder =
          try seen.number("first event of the rest") == 4
          && seen.number("first event of the next") == seen.number("last event of the rest") + 1
        let hasOneID = try seen["id of the rest"] == seen["id at first"]
        let isExchanged = try seen["id of the next"] != seen["id at first"]
        let expected = "yes, under the same id"
        if !isInOrder { return Answer("no", expected: expected) }
        return Answer(hasOneID && isExchanged ? expected : "yes, with other ids", expected: expected)
      },
      .lttng: .doesNotApply(
        to: "a sub-buffer that is handed out while it is written",
        "a get hands out only sub-buffers that the writer left"),
    ])

  static let whereItIs = Claim(
    "where-the-subbuffer-is", .handOver, title: "How does a reader locate its sub-buffer?",
    question: "Does a call return the place of the reader's sub-buffer, or does the meta page contain it?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"The main difference is that you use an ioctl() that returns "
      + "where to find the reader-sub-buffer, where our ioctl() is just \"I'm done, get me a new "
      + "reader-sub-buffer\". Ours will update the meta page.\"; Documentation/trace/ring-buffer-map.rst: \"This ioctl also "
      + "updates the meta-page fields.\"; lttng-modules, include/ringbuffer/vfs.h, GET_MMAP_READ_OFFSET: \"returns the "
      + "offset of the subbuffer belonging to the mmap reader.\"",
    procedure: "Acquire and release three full sub-buffers. Record what the calls return and the place of each.",
    reaching: .nothing,
    [
      .kernel: .documented("the ioctl returns 0 each time, and reader.id of the meta page names the sub-buffer") {
        seen in
        let expected = "reader.id in the meta page"
        if try seen["ioctls returned"] != "0, 0, 0" { return Answer("the ioctl returns it", expected: expected) }
        return try Answer(
          areDistinct(seen["reader.id of the meta page"], 3) ? expected : "not by reader.id", expected: expected)
      },
      .lttngModules: .documented(
        "a get returns 0, and GET_MMAP_READ_OFFSET another offset for each sub-buffer", secondCall),
      .lttngUST: .assumed(
        "a get returns 0, and get_mmap_read_offset another offset for each sub-buffer", from: "lttng-modules",
        secondCall),
    ])

  private static func secondCall(_ seen: Evidence) throws -> Answer {
    let expected = "a second call returns the offset"
    if try seen["get_next_subbuf returned"] != "0, 0, 0" { return Answer("the get returns it", expected: expected) }
    return try Answer(
      areDistinct(seen["get_mmap_read_offset returned"], 3) ? expected : "not by the offset", expected: expected)
  }

  private static func areDistinct(_ list: String, _ count: Int) -> Bool {
    let values = list.split(separator: ",").map { $0.drop { $0 == " " } }
    return values.count == count && Set(values).count == count
  }

  static let onceInOrder = Claim(
    "every-event-once", .handOver, title: "Is every event delivered once and in order?",
    question: "If nothing is lost, do successive acquires hand out every event exactly once and in order, over several "
      + "laps and with partial sub-buffers in between?",
    source: "Documentation/trace/ring-buffer-map.rst: \"The application mapping the ring-buffer becomes then a "
      + "consumer for that ring-buffer, in a similar fashion to trace_pipe.\"; lttng-modules, include/ringbuffer/vfs.h: "
      + "\"Use LTTNG_KERNEL_ABI_RING_BUFFER_GET_NEXT_SUBBUF / LTTNG_KERNEL_ABI_RING_BUFFER_PUT_NEXT_SUBBUF to read and "
      + "consume sub-buffers sequentially.\"",
    procedure: "Many times: write from one event to two sub-buffers of events, flush if there is a flush, read "
      + "everything.",
    reaching: [
      .writerWrapped { seen in try seen.number("events produced") > 2 * seen.number("events that fit") }
    ],
    [
      .kernel: .documented("the delivered events are the produced ones, without a gap", everyEventOnce),
      .lttngModules: .documented("the delivered events are the produced ones, without a gap", everyEventOnce),
      .lttngUST: .assumed(
        "the delivered events are the produced ones, without a gap", from: "lttng-modules", everyEventOnce),
    ])

  private static func everyEventOnce(_ seen: Evidence) throws -> Answer {
    let (produced, delivered) = try (seen.number("events produced"), seen.number("events delivered"))
    if delivered != produced {
      return Answer(delivered < produced ? "no, some are missing" : "no, some come twice", expected: "yes")
    }
    let isInOrder = try seen.number("gaps between the delivered") == 0 && seen.number("first delivered") == 0
    return Answer(isInOrder ? "yes" : "no, not in order", expected: "yes")
  }

  static let extraSubbuffer = Claim(
    "extra-reader-subbuffer", .handOver, title: "Is there an extra sub-buffer for the reader?",
    question: "Is there one sub-buffer more than the writer has, and does each become the reader's in turn?",
    source: "M. Desnoyers, \(Cited.v11), 2024-01-11: \"atomically exchanging a \"reader\" extra subbuffer with the "
      + "subbuffer to be read\"; S. Rostedt, the same day: \"You have a reader-sub-buffer as well.\"; trace_mmap.h, "
      + "@nr_subbufs: \"including the reader\"; lttng-ust and lttng-modules, ring_buffer_backend.c: \"@extra_reader_sb: "
      + "need extra subbuffer for reader\", which is \"(config->mode == RING_BUFFER_OVERWRITE) ? 1 : 0\" (lttng-ust from "
      + "2.15.0 on: in discard mode too, \"to allow punching holes (reclaiming pages) from subbuffers\", f8767b70); "
      + "lttng-modules: "
      + "\"Exchange the target writer subbuffer with our own unused subbuffer.\"",
    procedure: "In each mode, many times: acquire a sub-buffer, write more than fits, and release it. Count the "
      + "different places of the reader's sub-buffer. Do the same before that with nothing written while one is held.",
    reaching: .nothing,
    [
      .kernel: .documented("in both modes: the reader was at nr_subbufs different ids, one more than the writer has") {
        seen in
        let answer = try seen.inBothModes { mode in
          let (places, count) = try (seen.number("\(mode)different places"), seen.number("\(mode)nr_subbufs"))
          return try places == count ? extra(seen, mode) : "\(places) of \(count)"
        }
        return Answer(answer, expected: "yes")
      },
      .lttng: .documented(
        "overwrite mode: the reader was at one offset more than the writer has sub-buffers; discard mode: at as many"
      ) { seen in
        try Answer(seen.inBothModes { mode in try extra(seen, mode) }, expected: "overwrite: yes; discard: no")
      },
      .lttngUST2_15: .documented(
        "one more in the mapping, in both modes; overwrite mode: the reader was at all offsets; discard mode: at as many as "
          + "the writer has sub-buffers, since the put exchanges it back"
      ) { seen in
        try Answer(seen.inBothModes { mode in try extra(seen, mode) }, expected: "overwrite: yes; discard: unused")
      },
    ])

  private static func extra(_ seen: Evidence, _ mode: String) throws -> String {
    let (places, count) = try (
      seen.number("\(mode)different places"), seen.number("\(mode)the writer's sub-buffers")
    )
    if places == count {
      // Older results have no number of sub-buffers in the mapping.
      return (try? seen.number("\(mode)sub-buffers in the mapping")) == count + 1 ? "unused" : "no"
    }
    return places == count + 1 ? "yes" : "\(places) for \(count)"
  }

  static let caughtUpWithUncommitted = Claim(
    "caught-up-with-uncommitted", .handOver, title: "An acquire that has caught up with an uncommitted event",
    question:
      "If the reader has read everything before an uncommitted event, and events inside it are complete: does an "
      + "acquire hand out nothing, without a warning?",
    source: "S. Rostedt, commit aa997d2d2a0b (\"ring-buffer: Do not warn in ring_buffer_map_get_reader() when reader "
      + "catches up\"), Linux 6.18: \"In this situation, the reader page should not be updated and no warning should "
      + "trigger.\"",
    procedure:
      "In overwrite mode write 4 events and read them, which leaves the reader on the writer's sub-buffer. Have "
      + "the writer interrupted, between reserve and commit of one more event, by others; acquire on another CPU meanwhile. "
      + "Record entries - overrun - read of the meta page, and the kernel's taint before and after (bit 9, letter W: it "
      + "warned). Let the writer commit, and read everything. Again on a new ring buffer, up to eight times, if the acquire "
      + "came after the commit.",
    reaching: [
      // Recorded only if the acquire came before the commit.
      .writerInsideWrite { seen in try seen.number("other events in it after the commit") > 0 },
      .readable { seen in try seen.number("entries - overrun - read") > 0 },
    ],
    [
      .kernel: .documented("nothing new, and no warning") { seen in
        Answer(try hasWarned(seen) ? "nothing new, and a warning" : "nothing new", expected: "nothing new")
      },
      .lttng: .doesNotApply(
        to: "a reader on the writer's sub-buffer",
        "get_next_subbuf returns -EAGAIN until every event in it is committed"),
    ])

  /// Whether the kernel warned; no model does.
  private static func hasWarned(_ seen: Evidence) throws -> Bool {
    let taints = seen.observations.filter { $0.name.hasPrefix("kernel's taint ") }.map(\.value)
    if taints.isEmpty { return false }
    let (before, after) = try (seen["kernel's taint before"], seen["kernel's taint after"])
    if before == "unreadable" || after == "unreadable" { throw Undecided("the kernel's taint could not be read") }
    if before.contains("W") { throw Undecided("the kernel had warned before: taint \(before)") }
    return after.contains("W")
  }
}
