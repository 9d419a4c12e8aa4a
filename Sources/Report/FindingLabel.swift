import Study

/// What a finding is called in the report: its verdict, in words that say what it was held against.
enum FindingLabel: String, CaseIterable {
  case holds
  case refuted
  case asTaken = "as taken"
  case notAsTaken = "not as taken"
  case same
  case differs
  case inconclusive
  case noCounterpart = "no counterpart"
  case skipped

  init(_ result: ProbeResult) {
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

  /// The label as it stands in the report.
  var inline: Inline {
    self == .refuted ? "**\(rawValue)**" : "\(rawValue)"
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
