import Study

extension Catalogue {
  /// What an acquire hands over.
  static let handOver: [Claim] = [
    .firstAcquire, .held, .sameID, .partialInvisible, .commitAdvances, .followWithoutAcquire, .readIsEndOfData,
    .pastRead, .restBeforeNext, .whereItIs, .onceInOrder, .extraSubbuffer,
  ]
}

extension Claim {
  static let firstAcquire = Claim(
    "first-acquire-counts", .handOver, title: "The counters of a first acquire, and of the next",
    question: "After an acquire on the empty ring buffer and 16 events, does an acquire show entries 16, overrun 0, "
      + "read 16 and id 1, and the next the same?",
    source: "V. Donnefort, tools/testing/selftests/ring-buffer/map_test.c, TEST_F(map, meta_page_check), Linux 6.10",
    procedure: "Map the empty ring buffer and acquire; write 16 events; acquire twice. After each acquire the counters "
      + "of the meta page are written down.",
    [
      .kernel: .stated("id 0 before; entries 16, overrun 0, read 16, id 1 after, twice") { seen in
        let expected = "entries 16, overrun 0, read 16, id 1"
        return try seen["before the events"].hasSuffix("id 0") && seen["first ioctl after them"] == expected
          && seen["second ioctl"] == expected
      },
      .lttng: .doesNotApply(
        to: "the meta page", "there is no meta page; what is produced and consumed are positions in bytes"),
    ])

  static let held = Claim(
    "held-subbuffer-intact", .handOver, title: "What is held stays intact",
    question: "In overwrite mode, does a full sub-buffer that the reader holds stay as it is while the writer wraps "
      + "around?",
    source: "M. Desnoyers, \(Cited.v11), 2024-01-11 (a \"reader\" extra sub-buffer is exchanged); S. Rostedt, "
      + "[RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping, 2023-12-29: \"writer will only write to the "
      + "other pages\"; Documentation/trace/ring-buffer-design.rst: \"the reader could do what it wants with it, as long as "
      + "a writer has left that page\"; lttng-ust, ustctl.c, lttng_ust_ctl_get_next_subbuf: \"Get exclusive read access\"",
    procedure: "Write 1000 events, acquire, copy the sub-buffer; write 4000 more, which overwrite the ring buffer more "
      + "than once; compare the bytes.",
    [
      .kernel: .stated("the bytes of a full one do not change") { seen in
        try seen.require(seen.number("events overwritten meanwhile") > 1_000, "the writer did not wrap around")
        return try seen.number("bytes of the held sub-buffer that changed") == 0
      },
      .lttng: .stated("from exclusive access: its bytes do not change between get and put") { seen in
        try seen.require(seen.number("bytes produced meanwhile") > 2 * 8 * 4096, "the writer did not wrap around")
        return try seen.number("bytes of the held sub-buffer that changed") == 0
      },
    ])

  static let sameID = Claim(
    "same-id-nothing-new", .handOver, title: "What an unchanged reader.id means",
    question: "Does an acquire that leaves reader.id as it was bring new events only while the writer is still on that "
      + "sub-buffer?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"If it did not change, then there's no new data.\" … \"If the "
      + "writer is still on that page, it acts the same as we do in the kernel. It can still update that page and the "
      + "begging of the sub-buffer has the index of where the writer currently is\"",
    procedure:
      "Write 4 events and acquire; write 4 more and acquire; acquire again; write two sub-buffers, so that the "
      + "writer leaves this one, and acquire; where reader.id stayed, acquire once more.",
    [
      .kernel: .taken(
        "of the exception: under the same id an acquire brings new events only while the writer is on that sub-buffer, "
          + "and not those that it left there (but see rest-comes-before-next)"
      ) { seen in
        try seen.require(
          seen["the writer on it: id"] == seen["first acquire: id"], "the second acquire had another id")
        try seen.require(
          seen["id at last"] != seen["the writer on it: id"], "the writer did not leave the sub-buffer")
        return try seen["nothing new: id, read"] == seen["the writer on it: id, read"]
          && (seen["the writer gone: first acquire: id"] != seen["the writer on it: id"]
            || seen.number("the writer gone: first acquire: new events") == 0)
      },
      .lttng: .doesNotApply(
        to: "reader.id", "a get names no sub-buffer: where it is comes from get_mmap_read_offset"),
    ])

  static let partialInvisible = Claim(
    "partial-not-visible", .handOver, title: "A partial sub-buffer is not visible",
    question: "Is a sub-buffer that is not full yet withheld from the reader until it is full, flushed, or its timer "
      + "fires?",
    source: "lttng-concepts(7), Event record loss mode: \"When there's no space left in a sub-buffer, the tracer marks "
      + "it as consumable\", and Timers; lttng-ust, lib_ring_buffer_switch_slow (flush)",
    procedure: "Write fewer events than fill a sub-buffer and acquire. Of LTTng then flush_buffer, and get again.",
    [
      .kernel: .counterpart("the acquire hands out nothing of a partial sub-buffer") { seen in
        try seen.number("events written") > 0 && seen.number("events handed out") == 0
      },
      .lttng: .stated("get_next_subbuf is refused before the flush and hands out all events after it") { seen in
        try seen["get_next_subbuf before the flush"] != "0"
          && seen["get_next_subbuf after flush_buffer"] == "0"
          && seen.number("events handed out") == seen.number("events written")
      },
    ])

  static let commitAdvances = Claim(
    "commit-advances-without-acquire", .handOver, title: "Late events show in a sub-buffer that was handed out",
    question: "Do events that are written into a sub-buffer after it was handed out show in it without another "
      + "acquire?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29, of the writer on the reader's page: \"It can still update that page "
      + "and the begging of the sub-buffer has the index of where the writer currently is\"; V. Donnefort, "
      + "\(Cited.v2), 2023-03-29: \"it can just check the meta->entries field or the commit field in the reader_page "
      + "header?\"",
    procedure: "Write a few events, less than a sub-buffer, and acquire (of LTTng flush before); write 4 more; look at "
      + "the same sub-buffer up to where its header says that it ends, without another acquire.",
    [
      .kernel: .taken("of the RFC: the commit word has advanced, and the 4 events are in front of it") { seen in
        try seen.number("bytes of data later, without an acquire") > seen.number("bytes of data after the acquire")
          && seen.number("new events") == 4
      },
      .lttng: .counterpart("the content size has grown, and the 4 events are within it") { seen in
        try seen.number("bytes of data later, without an acquire") > seen.number("bytes of data after the acquire")
          && seen.number("new events") == 4
      },
    ])

  static let followWithoutAcquire = Claim(
    "follow-without-acquire", .handOver, title: "A reader could do without the ioctl",
    question: "While nothing was acquired or overwritten yet: can all events that are in the ring buffer be found in "
      + "the mapping by their sub-buffers' commit words, without any ioctl?",
    source: "S. Rostedt, \(Cited.rfc), 2023-12-29: \"I think it will be possible to extend this to a way to avoid the "
      + "ioctl and have the reader just compare the content before and after\" … \"but I'm not so worried about that "
      + "right now\"",
    procedure: "Map the empty ring buffer; write three and a half sub-buffers of events; look at each sub-buffer by "
      + "its id, up to where its commit word says. No ioctl is made.",
    [
      .kernel: .taken("of what was merged, without an extension: every event is found, and none twice") { seen in
        try seen.number("events found without an ioctl") == seen.number("events written")
          && seen.number("gaps between the found, sorted") == 0
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
    "read-is-end-of-data", .handOver, title: "reader.read is the end of the data",
    question: "After an acquire, is reader.read the number of bytes of data that the sub-buffer's header tells?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-30: \"cpu_buffer->reader_page->read = rb_page_size(reader); meta->read "
      + "= cpu_buffer->reader_page->read;\"",
    procedure: "Acquire a partial sub-buffer, then a full one, then a full one before which events were overwritten.",
    [
      .kernel: .taken("of v2: the two are equal each time") { seen in
        try seen.require(seen.number("after a loss: events missing before") > 0, "nothing was lost")
        for kind in ["partial", "full", "after a loss"]
        where try seen.number("\(kind): reader.read") != seen.number("\(kind): bytes of data by commit") {
          return false
        }
        return try seen.number("partial: reader.read") > 0
      },
      .lttng: .doesNotApply(to: "reader.read", "how far a packet is filled is told by its own header alone"),
    ])

  static let pastRead = Claim(
    "past-read-comes-again", .handOver, title: "What is read past reader.read comes again",
    question: "Does a reader that reads past reader.read and then acquires get the same events again?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-29: \"If the reader decides to read events past this value then it "
      + "just can't expect them to not be duplicated?\"; S. Rostedt, the same day: \"Yes\", of taking the events "
      + "from the old to the new value",
    procedure: "Write 4 events and acquire; write 4 more and read up to the commit word; acquire, and read from the "
      + "old to the new reader.read.",
    [
      .kernel: .taken("of v2: the 4 events that were read past reader.read are handed out by the next acquire again") {
        seen in
        try seen.require(seen["read past reader.read"] == "4 … 7 (4)", "they were not in front of the commit word")
        return try seen["handed out by the next acquire"] == "4 … 7 (4)"
      },
      .lttng: .doesNotApply(to: "reader.read", "a packet that is handed out has its content for good"),
    ])

  static let restBeforeNext = Claim(
    "rest-comes-before-next", .handOver, title: "The rest of a sub-buffer comes before the next one",
    question: "When the writer has filled the reader sub-buffer and gone on, does an acquire hand out its rest first?",
    source: "V. Donnefort, \(Cited.v2), 2023-03-30: \"If the writer does anything in-between, wouldn't "
      + "rb_get_reader_page() handle it nicely by returning the same reader as more would be there to read?\"",
    procedure: "Write 4 events and acquire; write two sub-buffers more; acquire twice.",
    [
      .kernel: .taken("of v2: the first acquire hands out the rest under the same id, the second the next sub-buffer") {
        seen in
        let rest = try seen.number("first event of the rest")
        return try seen["id of the rest"] == seen["id at first"] && rest == 4
          && seen.number("first event of the next") == seen.number("last event of the rest") + 1
          && seen["id of the next"] != seen["id at first"]
      },
      .lttng: .doesNotApply(
        to: "a sub-buffer that is handed out while it is written", "a get hands out only what the writer has left"),
    ])

  static let whereItIs = Claim(
    "where-the-subbuffer-is", .handOver, title: "Who tells where the reader sub-buffer is",
    question: "Is where the reader sub-buffer lies returned by a call, or told by the meta page?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"The main difference is that you use an ioctl() that returns "
      + "where to find the reader-sub-buffer, where our ioctl() is just \"I'm done, get me a new "
      + "reader-sub-buffer\". Ours will update the meta page.\"; Documentation/trace/ring-buffer-map.rst: \"This ioctl also "
      + "updates the meta-page fields.\"",
    procedure: "Acquire and release three full sub-buffers. Write down what the calls returned and where each was.",
    [
      .kernel: .stated("the ioctl returns 0 whichever it is, and reader.id of the meta page tells it") { seen in
        try seen["ioctls returned"] == "0, 0, 0" && areDistinct(seen["reader.id of the meta page"], 3)
      },
      .lttng: .taken(
        "of LTTng's kernel tracer, taken of lttng-ust: get_mmap_read_offset returns another offset for each"
      ) {
        seen in
        try seen["get_next_subbuf returned"] == "0, 0, 0" && areDistinct(seen["get_mmap_read_offset returned"], 3)
      },
    ])

  private static func areDistinct(_ list: String, _ count: Int) -> Bool {
    let values = list.split(separator: ",").map { $0.drop { $0 == " " } }
    return values.count == count && Set(values).count == count
  }

  static let onceInOrder = Claim(
    "every-event-once", .handOver, title: "Every event comes once, in order",
    question: "Where nothing is lost, does acquire after acquire hand out every event exactly once, in order, over "
      + "several laps and with partial sub-buffers between?",
    source: "Documentation/trace/ring-buffer-map.rst: \"The application mapping the ring-buffer becomes then a "
      + "consumer for that ring-buffer, in a similar fashion to trace_pipe.\"",
    procedure: "Many times: write from one event to two sub-buffers of them, flush where there is a flush, read "
      + "everything.",
    [
      .kernel: .stated("the events delivered are those produced, without a gap") { seen in try isEveryEventOnce(seen) },
      .lttng: .counterpart("the events delivered are those produced, without a gap") { seen in
        try isEveryEventOnce(seen)
      },
    ])

  private static func isEveryEventOnce(_ seen: Evidence) throws -> Bool {
    try seen.require(
      seen.number("events produced") > 2 * seen.number("events that fit"), "the writer did not wrap around twice")
    return try seen.number("events delivered") == seen.number("events produced")
      && seen.number("gaps between the delivered") == 0 && seen.number("first delivered") == 0
  }

  static let extraSubbuffer = Claim(
    "extra-reader-subbuffer", .handOver, title: "The reader has an extra sub-buffer that is exchanged",
    question: "Is there one sub-buffer more than the writer has, and does each of them become the reader's in its "
      + "turn?",
    source: "M. Desnoyers, \(Cited.v11), 2024-01-11: \"atomically exchanging a \"reader\" extra subbuffer with the "
      + "subbuffer to be read\"; S. Rostedt, the same day: \"You have a reader-sub-buffer as well.\"; trace_mmap.h, "
      + "@nr_subbufs: \"including the reader\"; lttng-ust, ring_buffer_backend.c: \"@extra_reader_sb: need extra subbuffer "
      + "for reader\"",
    procedure: "In overwrite mode, many times: acquire a sub-buffer, write more than fits, so that the writer goes "
      + "past the one that is held, and release it. Count the places at which the reader's sub-buffer was. "
      + "Beforehand the same with nothing written while one is held.",
    [
      .kernel: .stated("the reader was at as many ids as nr_subbufs says, one more than the writer has") { seen in
        try seen.number("different places") == seen.number("the writer's sub-buffers") + 1
          && seen.number("different places") == seen.number("nr_subbufs")
      },
      .lttng: .stated("the reader was at one offset more than the writer has sub-buffers") { seen in
        try seen.number("different places") == seen.number("the writer's sub-buffers") + 1
      },
    ])
}
