import Study

extension KernelAnswers {
  /// The reason why claims about positions do not apply to the kernel.
  static let noPositions = "no call of the kernel takes or returns a position"

  static let lookAhead = Claim.lookAhead.answered([
    .kernel: .assumed(
      "the mapping contains all events that were written; none counts as read, and all are delivered afterwards"
    ) { seen in
      try Claim.readAhead(seen, isConsumed: seen.number("stats: read events") != 0)
    }
  ])
}
