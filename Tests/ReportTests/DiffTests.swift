import Foundation
import Study
import Testing

@testable import Report

@Suite struct DiffTests {
  private let base = Fixture.results

  /// Returns the base with all trials of one row scaled to a percentage of their cost.
  private func scaled(_ index: Int, percent: UInt64) -> Results {
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
      base.costs.count == base.latency.count + 2 * base.freshness.count + base.throughput.count
        + 2 * base.disturbance.count - 1)
    #expect(diff.regressions(threshold: 0).isEmpty && diff.improvements(threshold: 0).isEmpty)
    #expect(DiffReport.renderDifferences(diff).isEmpty)
  }

  @Test func aSlowerRowIsARegression() {
    let slower = ResultsDiff(base: base, new: scaled(0, percent: 120))
    #expect(slower.regressions(threshold: 0.05).map(\.about) == [base.latency[0].name])
    #expect(slower.improvements(threshold: 0.05).isEmpty)
    #expect(slower.regressions(threshold: 0.25).isEmpty)
    #expect(DiffReport.render(slower, threshold: 0.05).contains("| slower"))
    let faster = ResultsDiff(base: scaled(0, percent: 120), new: base)
    #expect(faster.regressions(threshold: 0.05).isEmpty)
    #expect(faster.improvements(threshold: 0.05).count == 1)
  }

  /// Among about fifty rows of six trials none can be significant after the correction; a single row can be.
  @Test func `only a row that is significant after the correction is in bold`() {
    let many = ResultsDiff(base: base, new: scaled(0, percent: 120))
    #expect(!DiffReport.render(many, threshold: 0.05).contains("**slower**"))
    func alone(_ results: Results) -> Results {
      var results = results
      results.latency = [results.latency[0]]
      (results.freshness, results.throughput, results.disturbance) = ([], [], [])
      return results
    }
    let one = ResultsDiff(base: alone(base), new: alone(scaled(0, percent: 120)))
    #expect(DiffReport.render(one, threshold: 0.05).contains("**slower**"))
  }

  @Test func aLongerTailOfTheWriterIsARegression() throws {
    var new = base
    let index = try #require(base.disturbance.firstIndex { $0.condition == .waitingForSubbuffer })
    new.disturbance[index].service = new.disturbance[index].service.compactMap { trial in
      let p99 = trial.distribution.value(at: 99)
      return Distribution(
        trial.distribution.buckets.map {
          Distribution.Bucket(nanoseconds: $0.nanoseconds > p99 ? 2 * $0.nanoseconds : $0.nanoseconds, count: $0.count)
        }
      ).map {
        Trial(place: trial.place, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0)
      }
    }
    let slower = ResultsDiff(base: base, new: new).regressions(threshold: 0.05)
    #expect(slower.map(\.about.operation) == ["write, p99.9"])
    #expect(slower.map(\.about.condition) == [WriterCondition.waitingForSubbuffer.rawValue])
  }

  @Test func olderEventsAreARegression() throws {
    var new = base
    new.freshness[0].age = new.freshness[0].age.compactMap { trial in
      Distribution(
        trial.distribution.buckets.map {
          Distribution.Bucket(nanoseconds: $0.nanoseconds * 2, count: $0.count)
        }
      ).map { Trial(place: trial.place, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0) }
    }
    let slower = ResultsDiff(base: base, new: new).regressions(threshold: 0.05)
    #expect(slower.map(\.about.operation) == ["age"])
    #expect(slower.first?.about.condition == "polling, 10,000 events/s")
    // A row at another rate is another measurement.
    new.freshness[0].rate = 20_000
    #expect(ResultsDiff(base: base, new: new).unmatched.count == 4)
  }

  /// With one trial on each side no difference is significant.
  @Test func whatIsNotSignificantIsNoRegression() throws {
    let index = try #require(base.latency.firstIndex { $0.trials.count == 1 })
    let diff = ResultsDiff(base: base, new: scaled(index, percent: 900))
    #expect(diff.regressions(threshold: 0.05).isEmpty)
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
    #expect(DiffReport.renderDifferences(diff).contains("weather"))
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
