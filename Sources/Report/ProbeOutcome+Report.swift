import Study

extension ProbeResult.Outcome {
  /// The definition in the report.
  var meaning: Inline {
    switch self {
    case .asDocumented: "a source states an answer of this ABI, and this answer was observed"
    case .contradicts: "a source states an answer of this ABI, and another one was observed"
    case .asAssumed:
      "undocumented: no source states an answer of this ABI; the one that the authors assumed was observed"
    case .notAsAssumed: "undocumented; another answer than the authors assumed was observed"
    case .undecided: "the evidence decides neither way, or the probe failed; the reason is given"
    case .notTested: "the probe was not made; the reason is given"
    case .doesNotApply: "the ABI lacks the subject of the question; the reason says what it has instead"
    }
  }
}

extension ProbeResult {
  /// The answer and the outcome, as a cell of a table shows them: "-EAGAIN; as documented".
  var cell: Inline {
    answer.map { "\($0); \(outcome.rawValue)" } ?? "\(outcome.rawValue)"
  }
}
