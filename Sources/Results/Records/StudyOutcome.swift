/// The result of a whole study, reported by the program's exit code (`AbiCompareCommand/ExitCodes.swift`).
public enum StudyOutcome: Sendable, Equatable, CaseIterable {
  /// The study was made, and nothing below applies.
  case made
  /// Something is broken that has to work: see ``StudyResults/defects``.
  case broken
  /// With `--strict`: a live ABI contradicts its documentation, see ``StudyResults/contradictions``.
  case contradicts
  /// With `--strict`: no live ABI contradicts its documentation, and something on one was not decided.
  case undecided
  /// No back end could run.
  case allSkipped
  /// Nothing is broken, and a back end was stopped by what the machine lacks.
  case stopped
}

extension StudyResults {
  /// The result of the study; the first that applies of *all skipped*, *broken*, *stopped* and, if `strict`,
  /// *contradicts* and *undecided*.
  ///
  /// An ABI that contradicts its documentation is a result and no failure of the study, so it counts only if `strict`.
  public func outcome(strict: Bool) -> StudyOutcome {
    if !self.backends.isEmpty, self.backends.allSatisfy({ $0.status == .skipped }) { return .allSkipped }
    if !defects.isEmpty { return .broken }
    if self.backends.contains(where: { $0.status == .stopped }) { return .stopped }
    guard strict else { return .made }
    if !contradictions.isEmpty { return .contradicts }
    return isUndecided ? .undecided : .made
  }

  /// The indices of ``probes`` in which a live ABI contradicts its documentation.
  public var contradictions: [Int] { probes.indices.filter(isContradiction) }

  /// `true` if a record of ``probes`` shows that a live ABI contradicts its documentation.
  public func isContradiction(_ index: Int) -> Bool {
    let probe = probes[index]
    return probe.outcome == .contradicts && isLive(probe.backend)
  }

  /// The failures of basic guarantees, independent of the claims about an ABI.
  public var defects: [Defect] {
    self.backends.indices.filter { self.backends[$0].status == .failed }.map { .backend($0) }
      + losses.indices.filter { losses[$0].isDefect }.map { .loss($0) }
      + self.clauses.indices.filter { self.clauses[$0].verdict == .broken }.map { .clause($0) }
      + self.modelChecks.indices.filter { !self.modelChecks[$0].violations.isEmpty }.map { .modelCheck($0) }
  }

  private var isUndecided: Bool {
    probes.contains { $0.outcome == .undecided && isLive($0.backend) }
      || losses.contains { $0.isInconclusive && isLive($0.backend) }
      || self.clauses.contains { $0.verdict == .inconclusive && isLive($0.backend) }
      || self.crossChecks.contains(where: \.hasUnexplained)
  }

  /// `true` if a back end is the real ABI.
  public func isLive(_ backend: String) -> Bool { self.backends.contains { $0.name == backend && $0.isLive } }
}

/// Something broken, by the index of its record.
public enum Defect: Sendable, Equatable {
  /// A back end that failed, in ``StudyResults/backends``.
  case backend(Int)
  /// Events that came twice, out of order or from nowhere, or that do not add up, in ``StudyResults/losses``.
  case loss(Int)
  /// A broken clause of the protocol, in ``StudyResults/clauses``.
  case clause(Int)
  /// A model with a run that violates an invariant or is not reproducible, in ``StudyResults/modelChecks``.
  case modelCheck(Int)
}
