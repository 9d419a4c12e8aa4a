// The order in which two runs are compared: of two ranks the lower one is worse. A value without a rank is neither better
// nor worse than any other.

extension ProbeResult.Outcome {
  /// The rank of a decided outcome.
  public enum Rank: Sendable, Comparable {
    /// Contradicts its documentation, or not as assumed.
    case unexpected
    /// As documented, or as assumed.
    case expected
  }

  /// The rank; `nil` without a decision.
  public var rank: Rank? {
    switch self {
    case .contradicts, .notAsAssumed: .unexpected
    case .asDocumented, .asAssumed: .expected
    case .undecided, .notTested, .doesNotApply: nil
    }
  }
}

extension ChannelVerdict.Relation {
  /// The rank of a channel's report.
  public enum Rank: Sendable, Comparable {
    /// Events were lost, and no loss is reported.
    case silent
    /// A loss is reported, and not its number; or one is reported where there was none.
    case inexact
    /// The number is reported, or there was nothing to report.
    case exact
  }

  /// The rank; `nil` if the channel counts something else, or nothing can be concluded.
  public var rank: Rank? {
    switch self {
    case .saysNone, .notTold: .silent
    case .upperBound, .underReported, .overReported, .flagOnly, .packetsOnly: .inexact
    case .exact, .nothingLost: .exact
    case .otherQuantity, .inconclusive: nil
    }
  }
}

extension ClauseResult.Verdict {
  /// The rank of a verdict.
  public enum Rank: Sendable, Comparable {
    /// A case shows a breach.
    case broken
    /// No case shows one.
    case kept
  }

  /// The rank; `nil` without a decision.
  public var rank: Rank? {
    switch self {
    case .broken: .broken
    case .kept: .kept
    case .inconclusive, .notApplicable: nil
    }
  }
}
