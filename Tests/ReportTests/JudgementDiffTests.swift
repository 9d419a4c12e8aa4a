@testable import Report
import Results
import Study
import Testing

/// The comparison of answers, loss reports, clauses and back ends of two runs.
@Suite struct JudgementDiffTests {
  private typealias Outcome = ProbeResult.Outcome

  private let base = Fixture.results

  /// Returns the fixture with another outcome of one claim.
  private func answered(
    to claim: String = "held-sub-buffer-intact", on backend: String = "tracefs", _ outcome: Outcome, _ answer: String?
  ) -> StudyResults {
    var results = base
    for index in results.probes.indices
    where results.probes[index].id == claim && results.probes[index].backend == backend {
      results.probes[index].outcome = outcome
      results.probes[index].answer = answer
    }
    return results
  }

  private func changes(_ old: StudyResults, _ new: StudyResults) -> [ResultsDiff.Change] {
    ResultsDiff(base: old, new: new).judgements.map(\.change)
  }

  @Test(
    arguments: [
      (.asAssumed, "yes", .notAsAssumed, "no", .worse), (.asDocumented, "yes", .contradicts, "no", .worse),
      (.contradicts, "no", .asDocumented, "yes", .better), (.asAssumed, "yes", .asAssumed, "yes, later", .other),
      (.notAsAssumed, "no", .contradicts, "never", .other), (.asAssumed, "yes", .undecided, nil, .undecided),
      (.asAssumed, "yes", .notTested, nil, .undecided), (.contradicts, "no", .doesNotApply, nil, .undecided),
      (.undecided, nil, .contradicts, "no", .decided), (.asAssumed, "yes", .asAssumed, "yes", nil),
      (.asAssumed, "yes", .asDocumented, "yes", nil), (.undecided, nil, .notTested, nil, nil),
    ] as [(ProbeResult.Outcome, String?, ProbeResult.Outcome, String?, ResultsDiff.Change?)])
  func `an answer is compared by the rank of its outcome, and by its words within one rank`(
    _ before: ProbeResult.Outcome, _ answer: String?, _ after: ProbeResult.Outcome, _ newAnswer: String?,
    _ change: ResultsDiff.Change?
  ) {
    #expect(changes(answered(before, answer), answered(after, newAnswer)) == (change.map { [$0] } ?? []))
  }

  @Test func `a claim of one run only is new or gone, if it was decided`() {
    var fewer = base
    fewer.probes.removeAll { $0.id == "held-sub-buffer-intact" && ["tracefs", "lttng-ust"].contains($0.backend) }
    // LTTng-UST's was undecided.
    #expect(changes(base, fewer) == [.gone])
    #expect(changes(fewer, base) == [.new])
  }

  @Test func `a model is compared, and is not among the live ABIs`() {
    let diff = ResultsDiff(base: base, new: answered(on: "merged", .notAsAssumed, "no"))
    #expect(diff.judgements.map(\.change) == [.worse])
    #expect(diff.judgements(.worse).isEmpty)
    let text = DiffReport.render(diff, threshold: 0.05)
    #expect(text.contains("Models: 1 differences"))
    #expect(!text.contains("## Worse"))
  }

  // MARK: Losses

  /// Returns results with one scenario on tracefs in which a channel has these readings.
  private func losing(
    _ told: String, _ handovers: [String] = ["4: 300-399"], isConcurrent: Bool = false, seed: UInt64 = 1,
    dependsOnSeed: Bool? = nil
  ) -> StudyResults {
    var results = base
    var row = Fixture.loss(
      "tracefs", .overwrite, "one", produced: 400, handovers, [("meta page overrun", true, [told])])
    row.isConcurrent = isConcurrent
    row.dependsOnSeed = dependsOnSeed
    results.losses = [row]
    results.run.seed = seed
    return results
  }

  @Test(
    arguments: [
      ("1: 300 events", "1: 299 events", .worse), ("1: 300 events", "1: none", .worse),
      ("1: 299 events", "1: none", .worse), ("1: none", "1: some, number not reported", .better),
      ("1: 299 events", "1: 301 events", .other), ("1: 12 packets", "1: 300 events", .better),
      ("1: 300 events", "1: 300 events", nil), ("1: 299 events", "1: 298 events", nil),
    ] as [(String, String, ResultsDiff.Change?)])
  func `a channel's report is compared by its relation to the loss`(
    _ before: String, _ after: String, _ change: ResultsDiff.Change?
  ) {
    let diff = ResultsDiff(base: losing(before), new: losing(after))
    // The channel, and the three totals that consist of it.
    #expect(diff.judgements.map(\.change) == (change.map { Array(repeating: $0, count: 4) } ?? []))
    #expect(diff.judgements.allSatisfy { $0.kind == .loss && $0.names == ["one"] })
  }

  @Test func `a scenario that loses events in one run only has no reports to compare`() {
    let (none, all) = (losing("1: none", ["1: 0-399"]), losing("1: none"))
    #expect(changes(none, all) == [.otherLoss])
    // Writer and reader at the same time: the loss differs from run to run.
    let races = (losing("1: none", ["1: 0-399"], isConcurrent: true), losing("1: none", isConcurrent: true))
    #expect(changes(races.0, races.1).isEmpty)
  }

  @Test func `a scenario that depends on the seed is compared under one seed only`() {
    let exact = losing("1: 300 events", dependsOnSeed: true)
    #expect(changes(exact, losing("1: none", dependsOnSeed: true)).allSatisfy { $0 == .worse })
    #expect(changes(exact, losing("1: none", seed: 2, dependsOnSeed: true)).isEmpty)
    #expect(!changes(losing("1: 300 events"), losing("1: none", seed: 2)).isEmpty)
  }

  @Test func `books that no longer add up are worse, whatever the channels report`() {
    let twice = losing("1: 300 events", ["4: 300-399", "5: 390-399"])
    #expect(ResultsDiff(base: losing("1: 300 events"), new: twice).judgements(.worse).count == 1)
  }

  @Test func `a scenario that is skipped in one run has lost its decision, with the reason`() throws {
    var skipped = losing("1: 300 events")
    (skipped.losses[0].history, skipped.losses[0].skipped) = (nil, "no | call")
    let diff = ResultsDiff(base: losing("1: 300 events"), new: skipped)
    #expect(diff.judgements.map(\.change) == [.undecided])
    #expect(DiffReport.render(diff, threshold: 0.05).contains("skipped (no \\| call)"))
    #expect(changes(skipped, losing("1: 300 events")) == [.decided])
  }

  @Test func `equal differences of several scenarios are one row`() throws {
    func both(_ told: String) -> StudyResults {
      var results = losing(told)
      var again = results.losses[0]
      again.scenario = "two"
      results.losses.append(again)
      return results
    }
    let diff = ResultsDiff(base: both("1: 300 events"), new: both("1: none"))
    #expect(diff.judgements.count == 4)
    #expect(diff.judgements.allSatisfy { $0.names == ["one", "two"] })
  }

  // MARK: Clauses and back ends

  @Test func `a broken clause is worse than one that is kept`() {
    var broken = base
    broken.clauses[0].verdict = .broken
    #expect(changes(base, broken) == [.worse])
    #expect(changes(broken, base) == [.better])
    broken.clauses[0].verdict = .inconclusive
    #expect(changes(base, broken) == [.undecided])
  }

  @Test func `a back end that is missing is one row, and one that failed is worse`() throws {
    let index = try #require(base.backends.firstIndex { $0.name == "tracefs" })
    var other = base
    other.backends[index].status = .failed
    other.backends[index].reason = "ioctl: EFAULT"
    #expect(changes(base, other) == [.worse])
    #expect(changes(other, base) == [.better])
    other.backends[index].status = .skipped
    #expect(changes(base, other) == [.undecided])
    other.backends.remove(at: index)
    other.probes.removeAll { $0.backend == "tracefs" }
    #expect(changes(base, other) == [.gone])
    #expect(changes(other, base) == [.new])
  }

  @Test func `trouble in the kernel's log is worse, unless a log was not read`() throws {
    func run(_ line: Int?, isLogRead: Bool = true) -> StudyResults {
      MatrixFixture.run(
        "6.16.3", isLogRead: isLogRead,
        [MatrixFixture.tracefs("6.16.3", ["c": .expected("yes")], log: line.map(MatrixFixture.warning))])
    }
    let worse = ResultsDiff(base: run(nil), new: run(12)).judgements
    #expect(worse.map(\.change) == [.worse] && worse.map(\.kind) == [.kernelLog])
    #expect(worse[0].subject == "the kernel warned: WARNING at kernel/trace/ring_buffer.c rb_x | y")
    #expect(changes(run(12), run(nil)) == [.better])
    // Another line of the same function.
    #expect(changes(run(12), run(34)).isEmpty)
    #expect(changes(run(nil, isLogRead: false), run(12)).isEmpty)
    #expect(changes(run(12), run(nil, isLogRead: false)).isEmpty)
  }

  @Test func `what is worse comes first, and the conditions last`() throws {
    var new = answered(.notAsAssumed, "no")
    for index in new.probes.indices where new.probes[index].id == "only-on-one" {
      new.probes[index].outcome = .asAssumed
    }
    new.environment.facts.append(Observation("weather", "fine"))
    let text = DiffReport.render(ResultsDiff(base: base, new: new), threshold: 0.05)
    let places = try ["## Worse", "## Better", "## Costs", "## Conditions"].map { heading in
      try #require(text.range(of: heading), "\(heading)").lowerBound
    }
    #expect(places == places.sorted())
  }
}
