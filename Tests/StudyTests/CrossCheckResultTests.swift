import Foundation
import Results
import Study
import Testing

@Suite struct CrossCheckResultTests {
  private func row(
    _ ours: UInt64?, _ theirs: UInt64?, _ truth: UInt64? = nil, explain: () -> String? = { nil }
  ) -> CrossCheckResult.Row {
    CrossCheckResult.Row(
      "events", ours: ours, theirs: theirs, truth: truth, oursBy: "us", theirsBy: "them", explain: explain)
  }

  @Test func theSameNumbersNeedNoExplanation() {
    #expect(row(3, 3).explanation == nil)
    #expect(row(3, 3, 3) { "never asked" }.explanation == nil)
    #expect(row(nil, nil).explanation == nil)
  }

  @Test func anythingElseIsUnexplainedWhereNoRuleHolds() {
    for differing in [row(3, 4), row(3, nil), row(nil, 0), row(3, 3, 4), row(nil, nil, 0)] {
      #expect(differing.explanation == CrossCheckResult.Row.unexplained)
    }
    #expect(row(3, 4) { "one more" }.explanation == "one more")
  }

  @Test func `two equal numbers that are not the truth do not differ from each other`() {
    #expect(row(3, 3, 3).agreement == .equal && row(3, 3).agreement == .equal)
    #expect(row(0, 0, 1_734).agreement == .equalAndUntrue && row(nil, nil, 7).agreement == .equalAndUntrue)
    #expect(row(3, 4, 3).agreement == .differ && row(nil, 0).agreement == .differ)
  }

  @Test func atMostTenLinesAreKept() {
    var result = CrossCheckResult(
      backend: "b", mode: .discard, load: .init(name: "l", setup: []), tool: "t", rows: [row(1, 2)])
    result.add(evidence: (0..<7).map(String.init))
    result.add(evidence: (7..<20).map(String.init))
    result.add(evidence: ["more"])
    #expect(result.evidence == (0..<10).map(String.init))
    #expect(result.hasUnexplained)
  }

  @Test func isReadAsItWasWritten() throws {
    var result = CrossCheckResult(
      backend: "b", mode: .discard, load: .init(name: "l", setup: [Observation("payload", 24)]), tool: "t 1",
      rows: [row(1, .max, nil), row(nil, 2, 3) { "so" }])
    result.skipped = .init(reason: "r", remedy: "")
    let read = try JSONDecoder().decode(CrossCheckResult.self, from: JSONEncoder().encode(result))
    #expect(read == result)
  }
}
