import Study

extension KernelAnswers {
  static let manyWriters =
    "the ring buffer has no single writer: any process may open trace_marker_raw and write; recording-off-told asks "
    + "whether the end of recording is reported"

  static let restAfterEnd = Claim.restAfterEnd.answered([
    .kernel: .assumed("all of them, by acquires alone", from: "LTTng", Claim.allAreThere)
  ])

  static let recordingOffTold = Claim.recordingOffTold.answered([
    .kernel: .assumed(
      "yes: the acquire or poll returns something else than before",
      reaching: [.recordingOff { seen in try seen.number("writes refused then, of 8") == 8 }], Claim.offIsReported)
  ])

  static let noFlush = "an acquire hands out a partial sub-buffer as it is: there is nothing to flush"
}
