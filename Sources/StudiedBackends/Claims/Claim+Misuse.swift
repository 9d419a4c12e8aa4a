import Study

extension Catalogue {
  /// Calls in the wrong order.
  static let misuse: [Claim] = [
    .doubleAcquire, .releaseWithoutAcquire, .putOnEmpty, .putOnPartial, .putTwice, .putNextAfterGetAt, .getAtWhileHeld,
    .sampleWhileHeld,
    .clearWhileHeld, .unalignedPosition, .recordingAfterMisuse, .gettersWithoutGet, .unmappedAcquire,
    .foreignAcquire, .acquireAfterUnmapping, .unknownRequest, .unreadableMemory, .absentPage,
  ]
}

extension Claim {
  static let doubleAcquire = Claim(
    "double-acquire", .misuse, title: "A second acquire without a release",
    question: "What does a second acquire without a release do?",
    source: "S. Rostedt, \(Cited.v11), 2024-01-11: \"I'm done, get me a new reader-sub-buffer\"; undocumented for "
      + "LTTng; lttng-ust, backend_internal.h, update_read_sb_index: a warning; lttng-modules, "
      + "ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Reader is trying to get a subbuffer twice.\", a "
      + "warning and -EBUSY",
    procedure: "Write 500 events; acquire twice; LTTng: then put_next_subbuf once, and get again.",
    [
      .kernel: .assumed(
        "as in v11: the second ioctl releases the first sub-buffer and returns the next",
        reaching: [.subbufferHeld { seen in try seen["events of the first"] != "none" }]
      ) { seen in
        let code = try seen.code("second ioctl")
        if code != "0" { return Answer(code, isExpected: false) }
        if try seen["id after the first"] == seen["id after the second"] {
          return Answer("same again", isExpected: false)
        }
        let isNext = try seen.number("last event of the first") + 1 == seen.number("first event of the second")
        return Answer(isNext ? "next sub-buffer" : "another sub-buffer", expected: "next sub-buffer")
      },
      .lttng: .assumed(
        "from the warning, and from ust-ctl.h's getters \"between get/put or get_next/put_next\": it is refused",
        reaching: [.acquired("overwrite: first get_next_subbuf", "discard: first get_next_subbuf")]
      ) { seen in
        let second = ["overwrite: second get_next_subbuf", "discard: second get_next_subbuf"]
        guard try second.allSatisfy({ try seen.refuses($0) }) else {
          return try Answer(seen.inBothModes { mode in try secondGet(seen, mode) }, isExpected: false)
        }
        let next = try seen.codes(["overwrite: get_next_subbuf then", "discard: get_next_subbuf then"])
        let codes = try seen.codes(second)
        return Answer(next == "-EIO" ? "\(codes), disables the channel" : codes, isExpected: true)
      },
    ])

  private static func secondGet(_ seen: Evidence, _ mode: String) throws -> String {
    let code = try seen.code("\(mode)second get_next_subbuf")
    if code != "0" { return code }
    let held = try seen["\(mode)held after the second"]
    if held.contains("malformed") { return "invalid memory" }
    return try held == seen["\(mode)held after it"] ? "same again" : "next sub-buffer"
  }

  static let releaseWithoutAcquire = Claim(
    "release-without-acquire", .misuse, title: "A release without an acquire",
    question: "What does a release without an acquire do?",
    source: "undocumented; lttng-ust and lttng-modules, lib_ring_buffer_put_subbuf: \"Reader puts a subbuffer it did "
      + "not get.\", then a warning; lttng-modules, frontend_types.h: \"Issue warnings and disable channels upon "
      + "internal error.\"",
    procedure:
      "Write 500 events and flush; sample the positions; put_next_subbuf without a get; sample them again; get.",
    reaching: .nothing,
    [
      .kernel: .doesNotApply(to: "put_next_subbuf", "the kernel has no release call"),
      .lttng: .assumed("from the first warning: it changes nothing, and the first event can still be read") { seen in
        if seen.isSwitchedOff { return Answer(Evidence.disablesChannel, isExpected: false) }
        let answer = try seen.inBothModes { mode in
          switch try seen["\(mode)first event that can be read then"] {
          case "0": "no effect"
          case "none": "nothing is readable"
          default: "skips an unread sub-buffer"
          }
        }
        return Answer(answer, expected: "no effect")
      },
    ])
}
