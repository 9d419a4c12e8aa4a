/// What is expected of one ABI, as the source of the claim states it, and how it is decided whether it was observed.
///
/// Written before the observation. The judge is a pure function of what was written down, so that results can be judged
/// again without a ring buffer.
public struct Expectation: Sendable {
  /// Decides whether the observations are as expected; throws ``Undecided`` where they decide neither way.
  public typealias Judge = @Sendable (Evidence) throws -> Bool

  /// What is expected; for ``ProbeResult/Basis/noCounterpart`` what the claim is about.
  public var text: String
  /// Where the expectation comes from.
  public var basis: ProbeResult.Basis
  /// Why there is nothing to hold against the claim.
  public private(set) var reason: String?
  /// `nil` where there is nothing to decide.
  var judge: Judge?

  /// The source states it of this ABI.
  public static func stated(_ text: String, _ judge: @escaping Judge) -> Expectation {
    Expectation(text: text, basis: .stated, judge: judge)
  }

  /// No source states it of this ABI; it is how the question was taken.
  public static func taken(_ text: String, _ judge: @escaping Judge) -> Expectation {
    Expectation(text: text, basis: .taken, judge: judge)
  }

  /// The source states it of another ABI; the same is asked here.
  public static func counterpart(_ text: String, _ judge: @escaping Judge) -> Expectation {
    Expectation(text: text, basis: .counterpart, judge: judge)
  }

  /// The claim is about something that this ABI does not have.
  /// - Parameter subject: what the claim is about.
  public static func noCounterpart(to subject: String, _ reason: String) -> Expectation {
    Expectation(text: "none: the claim is about \(subject)", basis: .noCounterpart, reason: reason)
  }

  /// Judges observations.
  func verdict(on evidence: Evidence) -> (ProbeResult.Verdict, reason: String?) {
    guard let judge else { return (.skipped, reason) }
    do {
      return (try judge(evidence) ? .holds : .refuted, nil)
    } catch {
      return (.inconclusive, (error as? Undecided)?.reason ?? "\(error)")
    }
  }
}

/// Observations that decide neither way.
public struct Undecided: Error, Sendable, Equatable {
  /// Why.
  public var reason: String

  /// Why observations decide nothing.
  public init(_ reason: String) {
    self.reason = reason
  }
}
