import Study

extension LTTngAnswers {
  static let clearEmpties = Claim.clearEmpties.answered([
    .lttng: .documented("yes: exactly the 100 later events are read", Claim.readAfterClear)
  ])

  static let clearIsShown = Claim.clearIsShown.answered([
    .lttngUST: .documented(
      "yes: consumed and produced position are in the same sub-buffer", reaching: unreadBefore, clearedPositions),
    .lttngModules: .documented(
      "yes: consumed and produced position are in the same sub-buffer", reaching: unreadBefore, clearedPositions),
  ])

  static let unreadBefore: [Mark] = [
    .somethingToClear { seen in try seen.number("unread sub-buffers before it") > 0 }
  ]

  static let clearedPositions: Expectation.Judge = { seen in
    try .yes(seen.number("unread sub-buffers after it") == 0)
  }

  static let clearIsNoLoss = Claim.clearIsNoLoss.answered([
    .lttng: .assumed("no: events_discarded is 0, and packet_seq_num follows that of the packet before") { seen in
      if try seen.number("events_discarded") != 0 { return Answer("yes, discarded events", isExpected: false) }
      let isNext = try seen.number("packet_seq_num after it") == seen.number("packet_seq_num before it") + 1
      return Answer(isNext ? "no" : "yes, missing packets", expected: "no")
    }
  ])

  static let clearOfAnother = Claim.clearOfAnother.answered([
    .lttng: .assumed(
      "yes: all 300 are read after the first clear, none after the second", from: "kernel", Claim.clearedAlone)
  ])

  static let recordingOff = Claim.recordingOff.answered([
    .lttng: .assumed(
      "those of the pause: the first 100, then the last 100 are read", from: "kernel", reaching: .nothing,
      Claim.pausedEvents)
  ])
}
