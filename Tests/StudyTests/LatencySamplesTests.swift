import Testing

@testable import Study

@Suite struct LatencySamplesTests {
  private func distribution(_ samples: LatencySamples) -> LatencyResult? {
    samples.result(
      backend: "b", mode: "discard", operation: "acquire", condition: "data waiting", call: "c", setup: [],
      clockOverhead: 20)
  }

  @Test func withoutASampleThereIsNoResult() {
    #expect(distribution(LatencySamples()) == nil)
  }

  @Test func percentilesComeFromTheSamples() throws {
    var samples = LatencySamples()
    for value in 1...1_000 { samples.record(UInt64(value)) }
    let result = try #require(distribution(samples))
    #expect(result.count == 1_000)
    #expect(result.minimum == 1)
    #expect(result.maximum == 1_000)
    #expect(result.percentiles.map(\.nanoseconds) == [500, 900, 990, 999])
    #expect(result.buckets.map(\.count).reduce(0, +) == 1_000)
  }

  @Test func noPercentileLiesAboveTheLargestSample() throws {
    var samples = LatencySamples()
    samples.record(1_000_003)
    let result = try #require(distribution(samples))
    #expect(result.percentiles.allSatisfy { $0.nanoseconds == 1_000_003 })
    #expect(result.buckets.map(\.nanoseconds) == [1_000_003])
  }

  @Test func aSampleBeyondTheRangeIsCountedApart() throws {
    var samples = LatencySamples()
    samples.record(5)
    samples.record(.max)
    let result = try #require(distribution(samples))
    #expect(result.count == 1)
    #expect(result.outOfRange == 1)
    #expect(result.maximum == 5)
  }
}
