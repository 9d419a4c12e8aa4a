import Results
@testable import Study
import Testing

@Suite struct LatencySamplesTests {
  @Test func withoutASampleThereIsNoTrial() {
    var samples = LatencySamples()
    let taken = samples.take(place: 1)
    #expect(taken == nil)
  }

  @Test func percentilesComeFromTheSamples() throws {
    var samples = LatencySamples()
    for value in 1...1_000 { samples.record(UInt64(value)) }
    let taken = samples.take(place: 7)
    let trial = try #require(taken)
    #expect(trial.place == 7)
    #expect(trial.distribution.count == 1_000)
    #expect(trial.minimum == 1)
    #expect(trial.maximum == 1_000)
    #expect([50, 90, 99, 99.9].map(trial.distribution.value) == [500, 900, 990, 999])
  }

  @Test func noBucketLiesAboveTheLargestSample() throws {
    var samples = LatencySamples()
    samples.record(1_000_003)
    let taken = samples.take(place: 1)
    let trial = try #require(taken)
    #expect(trial.distribution.value(at: 50) == 1_000_003)
    #expect(trial.distribution.buckets == [Distribution.Bucket(nanoseconds: 1_000_003, count: 1)])
  }

  @Test func aSampleBeyondTheRangeIsCountedApart() throws {
    var samples = LatencySamples()
    samples.record(5)
    samples.record(.max)
    let taken = samples.take(place: 1)
    let trial = try #require(taken)
    #expect(trial.distribution.count == 1)
    #expect(trial.outOfRange == 1)
    #expect(trial.maximum == 5)
  }

  @Test func whatWasTakenIsNotInTheNextTrial() throws {
    var samples = LatencySamples()
    for value in [3, 900, UInt64.max] { samples.record(value) }
    _ = samples.take(place: 1)
    let second = samples.take(place: 2)
    #expect(second == nil)
    samples.record(40)
    let taken = samples.take(place: 3)
    let trial = try #require(taken)
    #expect((trial.minimum, trial.maximum, trial.outOfRange) == (40, 40, 0))
    #expect(trial.distribution.count == 1)
  }
}
