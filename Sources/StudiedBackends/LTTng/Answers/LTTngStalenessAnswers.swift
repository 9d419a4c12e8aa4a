import Study

extension LTTngAnswers {
  static let metaPageStays = Claim.metaPageStays.answered([
    .lttng: .assumed(
      "the saved positions do not change before the next sample, which changes them",
      reaching: [.callUpdated("before the events", "after the next call")]
    ) { seen in
      try .yes(seen["after the events"] != seen["before the events"], expected: false)
    }
  ])

  static let bytesBehindData = Claim.bytesBehindData.answered([
    .lttng: .assumed("old data remains", from: "kernel", reaching: [Claim.bytesAfterFull], Claim.oldDataAfterFull)
  ])

  static let freshBytes = Claim.freshBytes.answered([
    .lttng: .assumed("all bytes between content_size and packet_size are 0", from: "kernel", Claim.zeroAfterData)
  ])
}
