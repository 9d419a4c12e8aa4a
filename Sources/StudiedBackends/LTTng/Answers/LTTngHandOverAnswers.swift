import Study

extension LTTngAnswers {
  static let held = Claim.held.answered([
    .lttngModules: .documented(
      "exclusive access: the bytes do not change between get and put", reaching: wrappedWhileHeld, exclusiveAccess),
    .lttngUST: .documented(
      "exclusive access: the bytes do not change between get and put", reaching: wrappedWhileHeld, exclusiveAccess),
  ])

  static let wrappedWhileHeld: [Mark] = [
    .acquired("get_next_subbuf"), .writerWrapped { seen in try seen.number("bytes produced meanwhile") > 2 * 8 * 4096 },
  ]

  static func exclusiveAccess(_ seen: Evidence) throws -> Answer {
    try .yes(seen.number("bytes of the held sub-buffer that changed") == 0)
  }

  static let partialInvisible = Claim.partialInvisible.answered([
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
    }
  ])

  static let commitAdvances = Claim.commitAdvances.answered([
    .lttng: .assumed("the content size has grown and covers the 4 events", from: "kernel", Claim.lateEvents)
  ])

  static let whereItIs = Claim.whereItIs.answered([
    .lttngModules: .documented(
      "a get returns 0, and GET_MMAP_READ_OFFSET another offset for each sub-buffer", secondCall),
    .lttngUST: .assumed(
      "a get returns 0, and get_mmap_read_offset another offset for each sub-buffer", from: "lttng-modules",
      secondCall),
  ])

  static func secondCall(_ seen: Evidence) throws -> Answer {
    let expected = "a second call returns the offset"
    if try seen["get_next_subbuf returned"] != "0, 0, 0" { return Answer("the get returns it", expected: expected) }
    return try Answer(
      Claim.areDistinct(seen["get_mmap_read_offset returned"], 3) ? expected : "not by the offset", expected: expected)
  }

  static let onceInOrder = Claim.onceInOrder.answered([
    .lttngModules: .documented("the delivered events are the produced ones, without a gap", Claim.everyEventOnce),
    .lttngUST: .assumed(
      "the delivered events are the produced ones, without a gap", from: "lttng-modules", Claim.everyEventOnce),
  ])

  static let extraSubbuffer = Claim.extraSubbuffer.answered([
    .lttng: .documented(
      "overwrite mode: the reader was at one offset more than the writer has sub-buffers; discard mode: at as many"
    ) { seen in
      try Answer(seen.inBothModes { mode in try Claim.extra(seen, mode) }, expected: "overwrite: yes; discard: no")
    },
    .lttngUST2_15: .documented(
      "one more in the mapping, in both modes; overwrite mode: the reader was at all offsets; discard mode: at as many as "
        + "the writer has sub-buffers, since the put exchanges it back"
    ) { seen in
      try Answer(seen.inBothModes { mode in try Claim.extra(seen, mode) }, expected: "overwrite: yes; discard: unused")
    },
  ])
}
