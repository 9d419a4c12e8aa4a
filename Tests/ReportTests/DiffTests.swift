import Foundation
@testable import Report
import Results
import Testing

@Suite struct DiffTests {
  private let base = Fixture.results

  /// Returns the base with all trials of one row scaled to a percentage of their cost.
  private func scaled(_ index: Int, percent: UInt64) -> StudyResults {
    var results = base
    results.latency[index].trials = results.latency[index].trials.compactMap { trial in
      Distribution(
        trial.distribution.buckets.map {
          Distribution.Bucket(nanoseconds: $0.nanoseconds * percent / 100, count: $0.count)
        }
      ).map { Trial(place: trial.place, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0) }
    }
    return results
  }

  @Test func aRunDoesNotDifferFromItself() {
    let diff = ResultsDiff(base: base, new: base)
    #expect(diff.differences.isEmpty && diff.unmatched.isEmpty)
    // A row of the writer also has a row for its p99.9 if all its trials have enough samples.
    #expect(diff.rows.count == base.costs.count)
    #expect(
      base.costs.count == base.latency.count + 2 * base.deliveryLatency.count + base.throughput.count
        + 2 * base.writerOverhead.count - 1)
    #expect(diff.regressions(threshold: 0).isEmpty && diff.improvements(threshold: 0).isEmpty)
    #expect(diff.judgements.isEmpty && diff.comparedJudgements > 0)
    #expect(!DiffReport.render(diff, threshold: 0.05).contains("that differs"))
  }

  /// Returns results with one row of costs, which can be significant alone.
  private func alone(_ results: StudyResults) -> StudyResults {
    var results = results
    results.latency = [results.latency[0]]
    (results.deliveryLatency, results.throughput, results.writerOverhead) = ([], [], [])
    return results
  }

  @Test func aSlowerRowIsARegression() {
    let slower = ResultsDiff(base: alone(base), new: alone(scaled(0, percent: 120)))
    #expect(slower.regressions(threshold: 0.05).map(\.about) == [base.latency[0].name])
    #expect(slower.improvements(threshold: 0.05).isEmpty)
    #expect(slower.regressions(threshold: 0.25).isEmpty)
    #expect(DiffReport.render(slower, threshold: 0.05).contains("| **slower**"))
    let faster = ResultsDiff(base: alone(scaled(0, percent: 120)), new: alone(base))
    #expect(faster.regressions(threshold: 0.05).isEmpty)
    #expect(faster.improvements(threshold: 0.05).count == 1)
  }

  /// Among about fifty rows of six trials none can be significant after the correction.
  @Test func `a row that is significant only before the correction is no regression`() throws {
    let many = ResultsDiff(base: base, new: scaled(0, percent: 120))
    #expect(many.slower(0.05).map(\.about) == [base.latency[0].name])
    #expect(many.regressions(threshold: 0.05).isEmpty)
    let text = DiffReport.render(many, threshold: 0.05)
    #expect(text.contains("slower, uncorrected") && !text.contains("**slower**"))
    let trials = try #require(many.trialsNeeded)
    #expect(MannWhitney.leastP(trials, trials) * Double(many.family.count) < 0.05)
    #expect(MannWhitney.leastP(trials - 1, trials - 1) * Double(many.family.count) >= 0.05)
    #expect(ResultsDiff(base: alone(base), new: alone(base)).trialsNeeded == nil)
  }

  @Test func aLongerTailOfTheWriterIsARegression() throws {
    var new = base
    let index = try #require(base.writerOverhead.firstIndex { $0.condition == .waitingForSubbuffer })
    new.writerOverhead[index].service = new.writerOverhead[index].service.compactMap { trial in
      let p99 = trial.distribution.value(at: 99)
      return Distribution(
        trial.distribution.buckets.map {
          Distribution.Bucket(nanoseconds: $0.nanoseconds > p99 ? 2 * $0.nanoseconds : $0.nanoseconds, count: $0.count)
        }
      ).map {
        Trial(place: trial.place, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0)
      }
    }
    let slower = ResultsDiff(base: base, new: new).slower(0.05)
    #expect(slower.map(\.about.operation) == ["write, p99.9"])
    #expect(slower.map(\.about.condition) == [WriterCondition.waitingForSubbuffer.rawValue])
  }

  @Test func olderEventsAreARegression() throws {
    var new = base
    new.deliveryLatency[0].age = new.deliveryLatency[0].age.compactMap { trial in
      Distribution(
        trial.distribution.buckets.map {
          Distribution.Bucket(nanoseconds: $0.nanoseconds * 2, count: $0.count)
        }
      ).map { Trial(place: trial.place, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0) }
    }
    let slower = ResultsDiff(base: base, new: new).slower(0.05)
    #expect(slower.map(\.about.operation) == ["age"])
    #expect(slower.first?.about.condition == "polling, 10,000 events/s")
    // A row at another rate is another measurement.
    new.deliveryLatency[0].rate = 20_000
    #expect(ResultsDiff(base: base, new: new).unmatched.count == 4)
  }

  /// With one trial on each side no difference is significant.
  @Test func whatIsNotSignificantIsNoRegression() throws {
    let index = try #require(base.latency.firstIndex { $0.trials.count == 1 })
    let diff = ResultsDiff(base: base, new: scaled(index, percent: 900))
    #expect(diff.slower(0.05).isEmpty)
    let text = DiffReport.render(diff, threshold: 0.05)
    #expect(!text.contains("| slower") && !text.contains("**slower**"))
  }

  @Test func whatDiffersInTheConditionsIsNamed() throws {
    var new = base
    new.run.profile = "thorough"
    new.measurement?.trials = 60
    new.environment.facts.append(Observation("weather", "fine"))
    new.environment.facts.append(Observation(EnvironmentFact.loadAverage, "9.00"))
    let diff = ResultsDiff(base: base, new: new)
    #expect(diff.differences.map(\.name) == ["profile", "trials", "weather"])
    let weather = try #require(diff.differences.last)
    #expect((weather.base, weather.new) == (nil, "fine"))
    #expect(diff.otherConditions == diff.differences)
    #expect(DiffReport.render(diff, threshold: 0.05).contains("weather"))
  }

  @Test func `a difference of the software under test is no condition of the costs`() throws {
    var new = base
    new.environment.facts[0].value = "6.13.0-test"
    new.environment.facts.append(Observation(EnvironmentFact.memory, "1000000 kB"))
    let index = try #require(new.backends.firstIndex { $0.name == "tracefs" })
    new.backends[index].version = "Linux 6.13.0-test"
    var old = base
    old.environment.facts.append(Observation(EnvironmentFact.memory, "1000400 kB"))
    let diff = ResultsDiff(base: old, new: new)
    #expect(diff.differences.map(\.name) == ["kernel", "tracefs: version"])
    #expect(diff.otherConditions.isEmpty)
    new.environment.facts[new.environment.facts.count - 1].value = "2000000 kB"
    #expect(ResultsDiff(base: old, new: new).otherConditions.map(\.name) == ["memory"])
  }

  @Test func `the facts of a back end that ran once only are no differences`() throws {
    var new = base
    let index = try #require(new.backends.firstIndex { $0.name == "tracefs" })
    new.backends[index].status = .skipped
    (new.backends[index].version, new.backends[index].facts) = (nil, [])
    let diff = ResultsDiff(base: base, new: new)
    #expect(diff.differences.map(\.name) == ["tracefs"] && diff.otherConditions.isEmpty)
  }

  @Test func `counts of instructions are never compared with times, and the emulator's host is no condition of them`() {
    var counted = base
    counted.environment.facts.append(Observation(EnvironmentFact.time, "one instruction"))
    let mixed = ResultsDiff(base: base, new: counted)
    #expect(mixed.rows.isEmpty && mixed.unmatched.isEmpty)
    #expect(DiffReport.render(mixed, threshold: 0.05).contains("one run counts ns and the other instructions"))
    var (one, other) = (counted, counted)
    one.environment.facts.append(Observation(EnvironmentFact.host, "one"))
    other.environment.facts.append(Observation(EnvironmentFact.host, "another"))
    let same = ResultsDiff(base: one, new: other)
    #expect(same.differences.isEmpty)
    // Where the CPUs take turns, a row of writer and reader at the same time shows the turns.
    #expect(same.rows.count == base.latency.count + base.throughput.count)
  }

  @Test func aRowUnderOtherConditionsIsNotCompared() {
    var new = base
    new.latency[0].setup.append(Observation("bytes of an event", 32))
    let diff = ResultsDiff(base: base, new: new)
    #expect(diff.rows.count == base.costs.count - 1)
    #expect(diff.unmatched == [base.latency[0].name, new.latency[0].name])
    #expect(DiffReport.render(diff, threshold: 0.05).contains("Not compared"))
  }
}
