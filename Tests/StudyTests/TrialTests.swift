@testable import Study
import Testing

@Suite struct TrialTests {
  private let text = "17 2 95 123456: 96*3 97*45 123456*1"

  @Test func aTrialIsOneLine() throws {
    let trial = try #require(Trial(text: text))
    #expect((trial.place, trial.outOfRange, trial.minimum, trial.maximum) == (17, 2, 95, 123_456))
    #expect(trial.distribution.count == 49)
    #expect(trial.text == text)
  }

  @Test(arguments: [
    "", "17", "17 2 95 123456", "17 2 95 123456:", "17 2 95: 96*1", "0 0 1 1: 1*1", "1 0 9 8: 9*1", "1 0 1 9: 5*0",
    "1 0 1 9: 5*1 4*1", "1 0 1 9: 5*1 5*1", "1 0 6 9: 5*1", "1 0 1 4: 5*1", "1 0 1 9: 5*-1", "1 0 1 9: 5x1",
    "1 0 1 9: 4*18446744073709551615 5*1", "1 0 1 9: 5*1: 6*1", "1 0 1 99999999999999999999: 5*1",
  ])
  func whatDoesNotGoTogetherIsNoTrial(text: String) {
    #expect(Trial(text: text) == nil)
  }

  @Test func trialsAreMergedAndKeepTheirOrder() throws {
    let trials = try ["2 0 5 9: 5*1 9*2", "1 0 4 5: 4*3 5*1"].map { try #require(Trial(text: $0)) }
    let all = try #require(trials.distribution)
    #expect(all.buckets.map(\.nanoseconds) == [4, 5, 9])
    #expect(all.buckets.map(\.count) == [3, 2, 2])
    #expect(trials.percentiles(50) == [4, 9])
    #expect([Trial]().distribution == nil)
  }
}
