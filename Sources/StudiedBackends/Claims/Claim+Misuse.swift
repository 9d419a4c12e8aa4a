import Study

extension Catalogue {
  /// Calls in the wrong order.
  static let misuse: [Claim] = [
    .doubleAcquire, .releaseWithoutAcquire, .putOnEmpty, .putTwice, .putNextAfterGetAt, .getAtWhileHeld,
    .sampleWhileHeld,
    .clearWhileHeld, .unalignedPosition, .recordingAfterMisuse, .gettersWithoutGet, .unmappedAcquire,
    .foreignAcquire, .acquireAfterUnmapping, .unknownRequest,
  ]
}

extension Claim {
  static let doubleAcquire = Claim(
    "double-acquire", .misuse, title: "Two acquires without a release",
    question: "What does a second acquire without a release do?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"I'm done, get me a new reader-sub-buffer\"; "
      + "of LTTng stated nowhere in words; lttng-ust, backend_internal.h, update_read_sb_index: a warning",
    procedure: "Write 500 events; acquire twice; of LTTng then put_next_subbuf once, and get again.",
    [
      .kernel: .taken("of v11: the second ioctl releases the first sub-buffer, and gives the next") { seen in
        try seen.number("second ioctl") == 0 && seen["id after the first"] != seen["id after the second"]
          && seen.number("last event of the first") + 1 == seen.number("first event of the second")
      },
      .lttng: .taken(
        "from the warning, and from ust-ctl.h's getters \"between get/put or get_next/put_next\": it is refused"
      ) { seen in
        try seen.refuses("overwrite: second get_next_subbuf") && seen.refuses("discard: second get_next_subbuf")
      },
    ])

  static let releaseWithoutAcquire = Claim(
    "release-without-acquire", .misuse, title: "A release without an acquire",
    question: "What does a release without an acquire do?",
    source: "stated nowhere in words; lttng-ust, lib_ring_buffer_put_subbuf: "
      + "\"Reader puts a subbuffer it did not get.\", then a warning",
    procedure:
      "Write 500 events and flush; sample the positions; put_next_subbuf without a get; sample them again; get.",
    [
      .kernel: .doesNotApply(to: "put_next_subbuf", "the kernel has no release call"),
      .lttng: .taken("from the warning: it changes nothing, and the first event can still be read") { seen in
        if seen.isSwitchedOff { return false }
        return try ["overwrite: ", "discard: "].allSatisfy { mode in
          try seen["\(mode)first event that can be read then"] == "0"
        }
      },
    ])
}
