/// What a study comes to, as the program tells it by its exit code.
public enum Outcome: Sendable, Equatable, CaseIterable {
  /// The study was made, and nothing below applies.
  case made
  /// Something is broken that has to work: see ``Results/defects``.
  case broken
  /// Asked for strictly: a claim was refuted on a live ABI, see ``Results/findings``.
  case refuted
  /// Asked for strictly: nothing was refuted, and something on a live ABI was not decided.
  case inconclusive
  /// No back end could run.
  case allSkipped
  /// Nothing is broken, and a back end was stopped by what the machine lacks.
  case stopped

  /// The exit code of the program.
  public var exitCode: Int32 {
    switch self {
    case .made: 0
    case .broken, .refuted: 1
    case .inconclusive: 2
    case .allSkipped: 4
    case .stopped: 75
    }
  }
}

extension Results {
  /// What the study comes to; the first that applies of *all skipped*, *broken*, *stopped* and, where it is asked for strictly,
  /// *refuted* and *inconclusive*.
  ///
  /// A refuted claim is a result and no failure of the study, so that it counts only where it is asked for strictly.
  public func outcome(strict: Bool) -> Outcome {
    if !backends.isEmpty, backends.allSatisfy({ $0.status == .skipped }) { return .allSkipped }
    if !defects.isEmpty { return .broken }
    if backends.contains(where: { $0.status == .stopped }) { return .stopped }
    guard strict else { return .made }
    if !findings.isEmpty { return .refuted }
    return isUndecided ? .inconclusive : .made
  }

  /// The indices of ``probes`` in which a claim that its source states of a live ABI was refuted.
  public var findings: [Int] { probes.indices.filter(isFinding) }

  /// Whether a record of ``probes`` is that of a claim that its source states of a live ABI and that was refuted on it.
  public func isFinding(_ index: Int) -> Bool {
    let probe = probes[index]
    return probe.verdict == .refuted && probe.basis == .stated && isLive(probe.backend)
  }

  /// What is broken that has to work, whatever is claimed of an ABI.
  public var defects: [Defect] {
    backends.indices.filter { backends[$0].status == .failed }.map { .backend($0) }
      + losses.indices.filter { losses[$0].isDefect }.map { .loss($0) }
      + clauses.indices.filter { clauses[$0].verdict == .broken }.map { .clause($0) }
      + modelChecks.indices.filter { !modelChecks[$0].violations.isEmpty }.map { .modelCheck($0) }
  }

  private var isUndecided: Bool {
    probes.contains { $0.verdict == .inconclusive && isLive($0.backend) }
      || losses.contains { $0.isInconclusive && isLive($0.backend) }
      || clauses.contains { $0.verdict == .inconclusive && isLive($0.backend) }
      || crossChecks.contains(where: \.hasUnexplained)
  }

  private func isLive(_ backend: String) -> Bool { backends.contains { $0.name == backend && $0.isLive } }
}

/// Something broken, by the index of its record.
public enum Defect: Sendable, Equatable {
  /// A back end that failed, in ``Results/backends``.
  case backend(Int)
  /// Events that came twice, out of order or from nowhere, or that do not add up, in ``Results/losses``.
  case loss(Int)
  /// A broken clause of the protocol, in ``Results/clauses``.
  case clause(Int)
  /// A model that does not agree with itself, in ``Results/modelChecks``.
  case modelCheck(Int)
}
