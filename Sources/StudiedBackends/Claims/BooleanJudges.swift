import Study

/// Judges that do not compute an answer yet.
extension Expectation {
  typealias BooleanJudge = @Sendable (Evidence) throws -> Bool

  static func stated(_ text: String, _ judge: @escaping BooleanJudge) -> Expectation {
    documented(text, answering(judge))
  }

  static func taken(_ text: String, _ judge: @escaping BooleanJudge) -> Expectation {
    assumed(text, answering(judge))
  }

  static func counterpart(_ text: String, _ judge: @escaping BooleanJudge) -> Expectation {
    assumed(text, from: "the other ABI", answering(judge))
  }

  private static func answering(_ judge: @escaping BooleanJudge) -> Judge {
    { seen in
      let isExpected = try judge(seen)
      return Answer(isExpected ? "as expected" : "not as expected", isExpected: isExpected)
    }
  }
}
