import Foundation
import Report
import Study
import Testing

/// A report of a machine whose clock counts instructions.
@Suite struct InstructionCountTests {
  private static let turns = "their CPUs take turns"

  @Test func saysWhereTurnsAreMeasuredToo() {
    var results = Fixture.results
    #expect(!MarkdownReport.render(results).contains(Self.turns))
    results.environment.facts.append(Observation(EnvironmentFact.time, "one instruction"))
    let sections = MarkdownReport.render(results).components(separatedBy: "\n## ")
    let told = sections.filter { $0.contains(Self.turns) }.compactMap { $0.split(separator: "\n").first }
    #expect(told == ["Delivery latency", "Writer overhead"])
    #expect(sections.count { $0.contains("A nanosecond of this run is one instruction") } == 4)
  }
}
