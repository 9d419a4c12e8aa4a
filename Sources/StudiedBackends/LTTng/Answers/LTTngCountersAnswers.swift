import Study

extension LTTngAnswers {
  static let freeRunning = Claim.freeRunning.answered([
    .lttng: .documented("the counts never fall, and the last is the number of events lost since the beginning") {
      seen in
      if try seen.number("counts that fell") != 0 { return Answer("no, it falls", expected: "yes") }
      let isComplete = try seen.number("last count") == seen.lost
      return Answer(isComplete ? "yes" : "yes, but incomplete", expected: "yes")
    }
  ])
}
