import Results
import Study

extension ResultsDiff {
  /// The class of a difference between two judgements, in the order of the report: worse first.
  package enum Change: String, Sendable, CaseIterable {
    /// The rank fell.
    case worse
    /// The base has a rank, the new run has none.
    case undecided = "no longer decided"
    /// The new run lacks the record.
    case gone
    /// Another answer or report of the same rank.
    case other = "another answer, same rank"
    /// A scenario lost events in one of the runs only, so that its reports have no common ground.
    case otherLoss = "events lost in one run only"
    /// The rank rose.
    case better
    /// The base has no rank, the new run has one.
    case decided = "now decided"
    /// The base lacks the record.
    case new
  }

  /// A judgement that differs: an answer, the report of a loss channel, the verdict on a clause, the status of a back end, or
  /// trouble in the kernel's log.
  package struct Judgement: Sendable, Equatable {
    package enum Kind: String, Sendable {
      case backend, kernelLog, claim, loss, clause
    }

    package var kind: Kind
    package var change: Change
    package var backend: String
    /// `true` if it is a live ABI.
    package var isLive: Bool
    /// The subject: the title of a claim; the mode and the channel; the clause.
    package var subject: String
    /// The stable names of the subject: the claim; the scenarios.
    package var names: [String]
    /// The words of the base; `nil` without a record.
    package var base: String?
    /// The words of the new run; `nil` without a record.
    package var new: String?
    /// The reason why a run did not decide.
    package var reason: String?
  }
}

/// The judgements of two runs, compared.
struct JudgementComparison {
  private typealias Change = ResultsDiff.Change
  private typealias Judgement = ResultsDiff.Judgement

  private let base: StudyResults
  private let new: StudyResults
  /// The judgements that differ.
  private(set) var changes: [ResultsDiff.Judgement] = []
  /// The number of records on live ABIs that were compared: claims, scenarios, clauses.
  private(set) var compared = 0

  init(base: StudyResults, new: StudyResults) {
    self.base = base
    self.new = new
    let names = (base.backends + new.backends).map(\.name).uniqued()
    for name in names where statusIsComparable(name) {
      compareKernelLogs(name)
      compareClaims(name)
      compareLosses(name)
      compareClauses(name)
    }
  }

  private func isLive(_ backend: String) -> Bool { base.isLive(backend) || new.isLive(backend) }

  private mutating func add(
    _ change: ResultsDiff.Change, _ kind: ResultsDiff.Judgement.Kind, _ backend: String, _ subject: String,
    _ names: [String], _ base: String?, _ new: String?, reason: String? = nil
  ) {
    changes.append(
      ResultsDiff.Judgement(
        kind: kind, change: change, backend: backend, isLive: isLive(backend), subject: subject, names: names,
        base: base, new: new, reason: reason))
  }

  /// Compares the status of a back end.
  /// - Returns: `true` if both runs have records of it.
  private mutating func statusIsComparable(_ backend: String) -> Bool {
    let (old, now) = (base.backend(backend), new.backend(backend))
    let (words, newWords) = (old?.status.rawValue, now?.status.rawValue)
    func add(_ change: ResultsDiff.Change) {
      self.add(change, .backend, backend, "the back end", [], words, newWords, reason: now?.reason ?? old?.reason)
    }
    switch (old?.status, now?.status) {
    case (nil, nil): return false
    case (nil, _): add(.new)
    case (_, nil): add(.gone)
    case (let before?, let after?) where before == after: break
    case (_, .failed?): add(.worse)
    case (.failed?, .ran?): add(.better)
    case (.ran?, _): add(.undecided)
    case (_, .ran?): add(.decided)
    default: add(.other)
    }
    return hasRecords(old) && hasRecords(now)
  }

  private func hasRecords(_ backend: BackendResult?) -> Bool { backend.map { $0.status != .skipped } ?? false }

  /// The class of the difference between two values with ranks; `nil` if they do not differ.
  private static func change<Rank: Comparable>(
    _ base: (rank: Rank?, words: String), _ new: (rank: Rank?, words: String)
  ) -> ResultsDiff.Change? {
    switch (base.rank, new.rank) {
    case (let before?, let after?):
      after < before ? .worse : after > before ? .better : base.words == new.words ? nil : .other
    case (_?, nil): .undecided
    case (nil, _?): .decided
    case (nil, nil): nil
    }
  }

  /// The class of the difference between two records, of which one may be missing.
  private static func change<Record, Rank: Comparable>(
    _ base: Record?, _ new: Record?, _ value: (Record) -> (rank: Rank?, words: String)
  ) -> ResultsDiff.Change? {
    switch (base.map(value), new.map(value)) {
    case (let before?, let after?): change(before, after)
    case (let before?, nil): before.rank.map { _ in .gone }
    case (nil, let after?): after.rank.map { _ in .new }
    case (nil, nil): nil
    }
  }

  // MARK: The kernel's log

  /// Trouble in one of the logs only, if both were read.
  private mutating func compareKernelLogs(_ backend: String) {
    guard isLive(backend), let old = base.kernelTroubles(of: backend), let now = new.kernelTroubles(of: backend) else {
      return
    }
    for title in Set(old.keys).symmetricDifference(now.keys).sorted() {
      let (before, after) = (old[title], now[title])
      // What came by chance may be there and not have come.
      if after == nil, before?.isByChance == true { continue }
      add(
        after == nil ? .better : .worse, .kernelLog, backend, title, [],
        before.map { "\($0.reports) in the kernel's log" } ?? "none",
        after.map { "\($0.reports) in the kernel's log" } ?? "none")
    }
  }

  // MARK: Claims

  private mutating func compareClaims(_ backend: String) {
    let (old, now) = (AnswerTable(base, on: [backend]), AnswerTable(new, on: [backend]))
    for claim in (old.claims + now.claims).uniqued() {
      let (before, after) = (old[claim, backend]?.result, now[claim, backend]?.result)
      if before != nil, after != nil, isLive(backend) { compared += 1 }
      let change = Self.change(before, after) { ($0.outcome.rank, $0.answer ?? "") }
      guard let change, let shown = after ?? before else { continue }
      let reasons = [after, before].compactMap(\.self).filter { !$0.isDecided }.compactMap(\.reason)
      add(
        change, .claim, backend, shown.title, [claim], before.map(Self.words), after.map(Self.words),
        reason: reasons.first)
    }
  }

  private static func words(_ result: ProbeResult) -> String {
    [result.answer, result.outcome.rawValue].compactMap(\.self).joined(separator: "; ")
  }

  // MARK: Losses

  /// One report in one scenario that differs; equal differences of several scenarios are one row.
  private struct LossDifference {
    var change: ResultsDiff.Change
    var subject: String
    var scenario: String
    var base: String?
    var new: String?
    var reason: String?

    var key: [String?] { [change.rawValue, subject, base, new, reason] }
  }

  private mutating func compareLosses(_ backend: String) {
    func scenarios(_ results: StudyResults) -> [MatrixLossName: LossResult] {
      Dictionary(
        firstOf: results.losses.filter { $0.backend == backend }.map {
          (MatrixLossName(mode: $0.mode, scenario: $0.scenario), $0)
        })
    }
    let (old, now) = (scenarios(base), scenarios(new))
    let names = (base.losses + new.losses).filter { $0.backend == backend }
      .map { MatrixLossName(mode: $0.mode, scenario: $0.scenario) }.uniqued()
    var differences: [LossDifference] = []
    for name in names {
      if old[name] != nil, now[name] != nil, isLive(backend) { compared += 1 }
      differences += self.differences(name, old[name], now[name])
    }
    for (_, equal) in differences.grouped(by: \.key) {
      let first = equal[0]
      add(
        first.change, .loss, backend, first.subject, equal.map(\.scenario), first.base, first.new, reason: first.reason)
    }
  }

  private func differences(_ name: MatrixLossName, _ old: LossResult?, _ now: LossResult?) -> [LossDifference] {
    func scenario(_ change: ResultsDiff.Change, _ base: String?, _ new: String?, _ reason: String? = nil)
      -> LossDifference
    {
      LossDifference(
        change: change, subject: "losses, \(name.mode): the scenario", scenario: name.scenario, base: base, new: new,
        reason: reason)
    }
    guard let old, let now else {
      guard (old ?? now)?.judgement != nil else { return [] }
      return [old == nil ? scenario(.new, nil, "made") : scenario(.gone, "made", nil)]
    }
    guard let before = old.judgement, let after = now.judgement else {
      if old.judgement == nil, now.judgement == nil { return [] }
      return old.judgement == nil
        ? [scenario(.decided, "skipped", "made", old.skipped)] : [scenario(.undecided, "made", "skipped", now.skipped)]
    }
    let broken = Self.change(
      (ClauseRecord.Verdict.Rank?.some(before.violations.isEmpty ? .kept : .broken), ""),
      (ClauseRecord.Verdict.Rank?.some(after.violations.isEmpty ? .kept : .broken), ""))
    let books = broken.map {
      scenario($0, before.violations.first ?? "adds up", after.violations.first ?? "adds up")
    }
    return (books.map { [$0] } ?? []) + reports(name, (old, before), (now, after))
  }

  private func reports(
    _ name: MatrixLossName, _ old: (result: LossResult, judgement: LossJudgement),
    _ now: (result: LossResult, judgement: LossJudgement)
  ) -> [LossDifference] {
    if old.result.dependsOnSeed == true, base.run.seed != new.run.seed { return [] }
    guard (old.judgement.lost > 0) == (now.judgement.lost > 0) else {
      if old.result.isConcurrent { return [] }
      return [
        LossDifference(
          change: .otherLoss, subject: "losses, \(name.mode): the scenario", scenario: name.scenario,
          base: "\(old.judgement.lost) lost", new: "\(now.judgement.lost) lost")
      ]
    }
    let after = Dictionary(
      firstOf: now.judgement.allChannels.map { ($0.channel, $0.relation) })
    return old.judgement.allChannels.compactMap { verdict in
      let relation = after[verdict.channel]
      let change: ResultsDiff.Change? =
        relation.map {
          Self.change((verdict.relation.rank, verdict.relation.rawValue), ($0.rank, $0.rawValue))
        } ?? .gone
      return change.map {
        LossDifference(
          change: $0, subject: "losses, \(name.mode): \(verdict.channel)", scenario: name.scenario,
          base: verdict.relation.rawValue, new: relation?.rawValue)
      }
    }
  }

  // MARK: Clauses

  private mutating func compareClauses(_ backend: String) {
    let old = base.clauses.filter { $0.backend == backend }
    let now = new.clauses.filter { $0.backend == backend }
    for number in (old + now).map(\.clause).uniqued().sorted() {
      let (before, after) = (old.first { $0.clause == number }, now.first { $0.clause == number })
      if before != nil, after != nil, isLive(backend) { compared += 1 }
      let change = Self.change(before, after) { ($0.verdict.rank, "") }
      guard let change, let shown = after ?? before else { continue }
      add(
        change, .clause, backend, "clause \(number), \(shown.title)", [], before?.verdict.rawValue,
        after?.verdict.rawValue, reason: after?.reason ?? before?.reason)
    }
  }
}
