@testable import Report
import Results
import Testing

@Suite struct ExplanationTests {
  private func lines(_ name: String) throws -> [String] {
    let results = Fixture.results
    let cell = try #require(Explanation.cell(named: name, in: results))
    return Explanation(cell, in: results, Fixture.wording, file: "a b.json") { _, _ in CodeLocation("M/File.swift", 7) }
      .lines
  }

  @Test func `a claim is explained with its observations, its places and its repetition`() throws {
    let lines = try lines("tracefs/lost-events-in-meta-page")
    for line in [
      "answer: no | 0 (contradicts its documentation)", "probe: M/File.swift:7",
      "in the results: probes[0]: jq '.probes[0]' 'a b.json'", "severity: S1: \(Severity.s1.meaning)",
      "second opinion: Examples/second-opinions/lost.c",
      "repeat: abi-compare probe lost-events-in-meta-page --backend tracefs",
    ] { #expect(lines.contains(line), "\(line)") }
    #expect(lines.count { $0.hasPrefix("observed: ") } == 13)
    #expect(lines == (try self.lines("probes[0]")))
  }

  @Test func `a loss is explained channel by channel`() throws {
    let lines = try lines("tracefs/overwrite/overrun")
    #expect(lines.contains { $0.hasPrefix("channel: stats overrun (outside the reader ABI)") })
    #expect(lines.contains("repeat: abi-compare run --backend tracefs --scenario overrun --seed \(UInt64.max)"))
  }

  @Test(arguments: ["latency[0]", "deliveryLatency[0]", "throughput[0]", "writerOverhead[0]", "getters[0]"])
  func `a cost is explained trial by trial`(name: String) throws {
    let lines = try lines(name)
    #expect(lines.contains { $0.hasPrefix("trial 1: ") } && lines.contains { $0.hasPrefix("median: ") })
    #expect(lines.contains { $0.hasPrefix("in the results: \(name)") })
  }

  @Test(arguments: [
    "", "tracefs", "tracefs/", "/", "tracefs/no-such-claim", "tracefs/overwrite/no-such-scenario", "latency[999]",
    "latency[-1]", "latency[99999999999999999999]", "runs[0]", "accessCounts[0]", "a/b/c/d",
  ])
  func `a name of no cell finds nothing`(name: String) {
    #expect(Explanation.cell(named: name, in: Fixture.results) == nil)
  }

  @Test func `control characters of the results do not reach the terminal`() throws {
    var results = Fixture.results
    results.probes[0].question = "a\u{1B}[31m\nb"
    let lines = Explanation(.probe(0), in: results, Wording(), file: "x") { _, _ in nil }.lines
    #expect(lines.contains("question: a\\u{1B}[31m") && lines.contains("  b"))
  }
}
