import Study

extension Catalogue {
  /// The size and number of sub-buffers.
  static let geometry: [Claim] = [
    .oddSize, .sizeLimits, .fewestSubbuffers, .countIncludesReader, .largeSubbuffers, .largeEvent,
  ]
}

extension Claim {
  static let oddSize = Claim(
    "odd-subbuffer-size", .geometry, title: "A size that is no power of two",
    question: "What becomes of a sub-buffer size of 12 KiB?",
    source:
      "Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: it is \"the minimum size of the subbuffer. The kernel "
      + "may make it bigger due to the implementation details, or simply fail the operation\"; lttng-ust, "
      + "ring_buffer_backend.c, channel_backend_init: \"Make sure the number of subbuffers and subbuffer size are power of "
      + "2, and nonzero.\"",
    procedure: "Set up sub-buffers of 12 KiB. Kernel: read the size back, from the file and from the meta page of a "
      + "mapping. LTTng: create a channel with them, in each mode, and one of 8 KiB as a control.",
    notModelled: "a model is made with a size that it accepts",
    [
      .kernel: .stated("it is refused, or is 12 KiB or more, and file and meta page agree") { seen in
        if try seen.refuses("12 > buffer_subbuf_size_kb") { return true }
        let size = try seen.number("meta.subbuf_size")
        return try size >= 12 * 1024 && size == seen.number("buffer_subbuf_size_kb then") * 1024
      },
      .lttng: .stated("it is refused in both modes; 8 KiB, as a control, is accepted") { seen in
        try seen["8192, overwrite"] == "accepted" && seen["8192, discard"] == "accepted"
          && seen["12288, overwrite"] == "refused" && seen["12288, discard"] == "refused"
      },
    ])

  static let sizeLimits = Claim(
    "subbuffer-size-limits", .geometry, title: "The smallest and the largest sub-buffer",
    question: "Between which sizes are sub-buffers accepted?",
    source: "kernel/trace/trace.c, buffer_subbuf_size_write: \"limit between 1 and 128 system pages\"; lttng-ust, "
      + "ring_buffer_backend.c, channel_backend_init: \"Check that the subbuffer size is larger than a page.\", beside "
      + "code that refuses less than a page",
    procedure:
      "Kernel: set 0, 1, 128 and 129 pages; map with 128. LTTng: create channels with half a page, one page, "
      + "and 128 pages.",
    notModelled: "a model is made with a size that it accepts",
    [
      .kernel: .stated("1 and 128 pages are accepted, and 128 can be mapped; 0 and 129 are refused") { seen in
        try seen.require(
          !seen.refuses("128 pages", with: "ENOMEM"), "there is not enough memory in one piece for 128 pages")
        return try seen.works("1 page") && seen.works("128 pages") && seen.refuses("129 pages")
          && seen.refuses("0 pages")
          && seen["128 pages: meta.subbuf_size"] == seen["128 pages, in bytes"]
      },
      .lttng: .taken("as the code has it: less than a page is refused; a page and more are accepted") { seen in
        try seen["half a page"] == "refused" && seen["1 page"] == "accepted" && seen["128 pages"] == "accepted"
      },
    ])

  static let fewestSubbuffers = Claim(
    "fewest-subbuffers", .geometry, title: "The least number of sub-buffers",
    question: "How few sub-buffers may a writer have?",
    source: "kernel/trace/ring_buffer.c, ring_buffer_resize: \"we need a minimum of two pages\"; lttng-ust, "
      + "ring_buffer_backend.c, channel_backend_init: \"Overwrite mode buffers require at least 2 subbuffers per buffer.\"",
    procedure:
      "Kernel: set buffer_size_kb to 1 and map. LTTng: create channels with one, two and three sub-buffers in each "
      + "mode.",
    notModelled: "a model is made with a number that it accepts",
    [
      .kernel: .stated("two, and the reader's: nr_subbufs is 3") { seen in try seen.number("meta.nr_subbufs") == 3 },
      .lttng: .stated("one in discard and two in overwrite mode; three are refused, being no power of two") { seen in
        try seen["1, overwrite"] == "refused" && seen["1, discard"] == "accepted" && seen["2, overwrite"] == "accepted"
          && seen["3, overwrite"] == "refused" && seen["3, discard"] == "refused"
      },
    ])

  static let countIncludesReader = Claim(
    "count-includes-reader", .geometry, title: "nr_subbufs includes the reader's",
    question: "Is nr_subbufs one more than the number of sub-buffers that the writer has?",
    source:
      "include/uapi/linux/trace_mmap.h, @nr_subbufs: \"Number of subbfs in the ring-buffer, including the reader.\"",
    procedure:
      "Set up 8 sub-buffers of 4 KiB; map; write as many events as fill 8 and half of another, with overwrite on; "
      + "read nr_subbufs, and how many different sub-buffers acquires hand out.",
    [
      .kernel: .stated("nr_subbufs is 9, and ids lie below it") { seen in
        try seen.number("nr_subbufs") == seen.number("sub-buffers of the writer") + 1
          && seen.number("largest id handed out") < seen.number("nr_subbufs")
      },
      .lttng: .doesNotApply(
        to: "nr_subbufs",
        "the reader made the channel and knows; get_mmap_len tells the bytes of all sub-buffers, the reader's included"),
    ])

  static let largeSubbuffers = Claim(
    "subbuffers-of-many-pages", .geometry, title: "Sub-buffers of many pages",
    question: "Are sub-buffers of 64 KiB handed over filled to their end, the next going on where one ends?",
    source:
      "Documentation/trace/ring-buffer-map.rst: sub-buffer id is at meta_page_size + id × subbuf_size; map_test.c, "
      + "FIXTURE_VARIANT_ADD(map, subbuf_size_8k); of LTTng ust-ctl.h, subbuf_size",
    procedure: "With sub-buffers of 64 KiB write as many events as fill two and a half. Acquire twice (and release "
      + "between); write down the events of each, and the room behind the data of the first.",
    [
      .kernel: .taken("the first is full, and the second goes on behind it") { seen in
        try seen.number("room in the first") < seen.number("bytes of an event")
          && seen.number("first of the second") == seen.number("last of the first") + 1 && seen["first"] == "0"
      },
      .lttng: .taken("the first is full, and the second goes on behind it") { seen in
        try seen.number("room in the first") < seen.number("bytes of an event")
          && seen.number("first of the second") == seen.number("last of the first") + 1 && seen["first"] == "0"
      },
    ])

  static let largeEvent = Claim(
    "event-larger-than-a-page", .geometry, title: "An event larger than a page",
    question:
      "Does an event of more than 4096 bytes come through sub-buffers of 8 KiB, and what becomes of it where they "
      + "have 4 KiB?",
    source:
      "Documentation/trace/ftrace.rst, buffer_subbuf_size_kb: \"Changing the sub buffer size allows for events to be "
      + "larger than the page size.\", \"An event can not be bigger than the size of the sub buffer.\"; lttng-ust, "
      + "ring_buffer_frontend.c: \"Record too big for subbuffers, report error, don't complete the sub-buffer switch.\"",
    procedure: "With sub-buffers of 8 KiB, then of 4 KiB: write a small event, one with a payload of 4080 bytes, which "
      + "with its headers is larger than 4096, and another small one; read all. Of the kernel then look for the largest "
      + "write that is taken.",
    notModelled: "the writers of the models have no events of this size",
    [
      .kernel: .stated("all three with 8 KiB; with 4 KiB the large one is refused and the others come") { seen in
        try seen["8 KiB: read"] == "0, 1, 2" && seen["4 KiB: read"] == "0, 2" && seen.number("4 KiB: refused") == 1
      },
      .lttng: .counterpart("all three with 8 KiB; with 4 KiB the large one is left out and the others come") { seen in
        try seen["8 KiB: read"] == "0, 1, 2" && seen["4 KiB: read"] == "0, 2"
      },
    ])
}
