import Foundation
import Results
import TestResults
import Testing

@Suite struct TrialTests {
  @Test func `a trial is stored with its buckets as pairs`() throws {
    let trial = try #require(Trial("17 2 95 123456: 96*3 97*45 123456*1"))
    #expect((trial.place, trial.outOfRange, trial.minimum, trial.maximum) == (17, 2, 95, 123_456))
    #expect(trial.distribution.count == 49)
    let json = try JSONEncoder().encode(trial)
    #expect(String(decoding: json, as: UTF8.self).contains(#""distribution":[[96,3],[97,45],[123456,1]]"#))
    #expect(try JSONDecoder().decode(Trial.self, from: json) == trial)
  }

  @Test(arguments: [
    (0, 1, 1, "[[1, 1]]"), (1, 9, 8, "[[9, 1]]"), (1, 1, 9, "[]"), (1, 1, 9, "[[5, 0]]"), (1, 1, 9, "[[5, 1], [4, 1]]"),
    (1, 1, 9, "[[5, 1], [5, 1]]"), (1, 6, 9, "[[5, 1]]"), (1, 1, 4, "[[5, 1]]"), (1, 1, 9, "[[5, -1]]"),
    (1, 1, 9, "[[5]]"), (1, 1, 9, "[[5, 1, 1]]"), (1, 1, 9, "[[4, 18446744073709551615], [5, 1]]"),
  ])
  func `numbers that contradict each other are refused`(place: Int, minimum: Int, maximum: Int, buckets: String) {
    let json =
      #"{"place": \#(place), "outOfRange": 0, "minimum": \#(minimum), "maximum": \#(maximum), "#
      + #""distribution": \#(buckets)}"#
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Trial.self, from: Data(json.utf8)) }
  }

  @Test func `trials are merged and keep their order`() throws {
    let trials = try ["2 0 5 9: 5*1 9*2", "1 0 4 5: 4*3 5*1"].map { try #require(Trial($0)) }
    let all = try #require(trials.distribution)
    #expect(all.buckets.map(\.nanoseconds) == [4, 5, 9])
    #expect(all.buckets.map(\.count) == [3, 2, 2])
    #expect(trials.percentiles(50) == [4, 9])
    #expect([Trial]().distribution == nil)
  }
}
