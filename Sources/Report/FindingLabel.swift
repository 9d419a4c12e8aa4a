import Study

/// What came of a claim on one back end, in words that say what it was held against.
public enum FindingLabel: String, CaseIterable, Sendable {
  /// The source states the expectation of this ABI, and it was observed.
  case holds
  /// The source states the expectation of this ABI, and something else was observed.
  case refuted
  /// No source states the expectation of this ABI; it was observed.
  case asTaken = "as taken"
  /// No source states the expectation of this ABI; something else was observed.
  case notAsTaken = "not as taken"
  /// The source states the expectation of the other ABI; the same was observed here.
  case same
  /// The source states the expectation of the other ABI; something else was observed here.
  case differs
  /// The observation decides neither way.
  case inconclusive
  /// There is nothing that the claim could be held against.
  case noCounterpart = "no counterpart"
  /// The probe was not made.
  case skipped

  /// The label of a result.
  public init(_ result: ProbeResult) {
    switch (result.verdict, result.basis) {
    case (.holds, .taken): self = .asTaken
    case (.refuted, .taken): self = .notAsTaken
    case (.holds, .counterpart): self = .same
    case (.refuted, .counterpart): self = .differs
    case (.holds, _): self = .holds
    case (.refuted, _): self = .refuted
    case (.inconclusive, _): self = .inconclusive
    case (.skipped, .noCounterpart): self = .noCounterpart
    case (.skipped, _): self = .skipped
    }
  }

  /// The definition in the report.
  var meaning: Inline {
    switch self {
    case .holds: "the source of the claim states the expectation of this ABI, and it was observed"
    case .refuted: "the source of the claim states the expectation of this ABI, and something else was observed"
    case .asTaken: "no source states the expectation of this ABI, it is how the question was taken; it was observed"
    case .notAsTaken: "likewise, and something else was observed"
    case .same: "the source states the expectation of the other ABI; the same was observed here"
    case .differs: "the source states the expectation of the other ABI; something else was observed here"
    case .inconclusive: "the observation decides neither way; the reason is given"
    case .noCounterpart: "this ABI has nothing that the claim could be held against; the reason is given"
    case .skipped: "the probe was not made; the reason is given"
    }
  }
}

extension Results {
  /// The label of a record of ``probes`` as it stands in the report: findings in bold.
  func label(ofProbe index: Int) -> Inline {
    let label = FindingLabel(probes[index]).rawValue
    return isFinding(index) ? "**\(label)**" : "\(label)"
  }
}
