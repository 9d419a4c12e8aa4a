import Report
import Results
import Study
import Testing

/// KTAP version 1, as specified in the kernel's Documentation/dev-tools/ktap.rst.
@Suite struct KTAPTests {
  private typealias Result = (isOK: Bool, number: Int, name: String, rest: String)

  /// Parses one level of nesting and the levels below it as specified, and returns the results of that level.
  private func read(_ lines: inout ArraySlice<String>, indent: String) throws -> [Result] {
    #expect(lines.popFirst() == "\(indent)KTAP version 1")
    var results: [Result] = []
    var nested: [Result]?
    var plan: Int?
    while let line = lines.first, line.hasPrefix(indent) {
      let text = line.dropFirst(indent.count)
      if text == "  KTAP version 1" {
        nested = try read(&lines, indent: indent + "  ")
        continue
      }
      lines.removeFirst()
      if let match = try /1\.\.([0-9]+)/.wholeMatch(in: text) {
        #expect(plan == nil)
        plan = Int(match.output.1)
      } else if let match = try /(ok|not ok) ([0-9]+) ([^#]+?)(?: # (.*))?/.wholeMatch(in: text) {
        let result = Result(
          isOK: match.output.1 == "ok", number: try #require(Int(match.output.2)), name: String(match.output.3),
          rest: String(match.output.4 ?? ""))
        if let nested, nested.contains(where: { !$0.isOK }) { #expect(!result.isOK, "\(line)") }
        nested = nil
        results.append(result)
      } else {
        #expect(text == "#" || text.hasPrefix("# "), "\(line)")
      }
    }
    #expect(plan == results.count)
    #expect(results.map(\.number) == results.indices.map { $0 + 1 })
    return results
  }

  private func top(_ results: StudyResults) throws -> [Result] {
    let text = KTAPReport.render(results)
    #expect(text.hasSuffix("\n"))
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init).dropLast()
    let top = try read(&lines, indent: "")
    #expect(lines.isEmpty)
    return top
  }

  @Test func theDocumentKeepsTheSpecification() throws {
    let top = try top(Fixture.results)
    #expect(
      top.map(\.name) == [
        "tracefs", "lttng-ust", "lttng-modules", "merged (model)", "model|v11 (model)", "lttng-model (model)",
      ])
    #expect(top.map(\.isOK) == [false, false, true, true, false, true])
    #expect(top.map { $0.rest.prefix { $0 != " " } } == ["", "", "SKIP", "", "ERROR", "SKIP"])
    _ = try self.top(Fixture.empty)
  }

  private func line(
    of outcome: ProbeResult.Outcome, _ basis: ProbeRecord.Basis, reason: String? = nil, isModel: Bool = false
  )
    -> String?
  {
    var results = Fixture.empty
    results.backends = [Fixture.backends[1]]
    results.backends[0].isLive = !isModel
    results.probes = Fixture.claim(
      "id", .misuse, "title", source: "source",
      [Fixture.Row("tracefs", basis, outcome, "expected", reason: reason)])
    return KTAPReport.render(results).split(separator: "\n").last { $0.hasPrefix("  ") }.map(String.init)
  }

  @Test func `every outcome has its result line`() {
    #expect(line(of: .asDocumented, .documented) == "  ok 1 claim id # as documented: yes")
    #expect(line(of: .contradicts, .documented) == "  not ok 1 claim id # contradicts its documentation: no | 0")
    #expect(
      line(of: .contradicts, .documented, isModel: true)
        == "  ok 1 claim id # XFAIL contradicts its documentation: no | 0, on a model; expected: expected")
    #expect(line(of: .asAssumed, .assumed) == "  ok 1 claim id # as assumed: yes")
    #expect(line(of: .notAsAssumed, .assumed) == "  ok 1 claim id # XFAIL not as assumed: no | 0; expected: expected")
    #expect(line(of: .undecided, .documented, reason: "a\nb # c") == "  ok 1 claim id # SKIP undecided: a b # c")
    #expect(line(of: .notTested, .documented) == "  ok 1 claim id # SKIP not tested: no reason was recorded")
    #expect(line(of: .doesNotApply, .none, reason: "x") == "  ok 1 claim id # SKIP does not apply: x")
  }

  @Test func namesFromOutsideMakeNoResult() throws {
    var results = Fixture.results
    results.backends[1].name = "a # SKIP\nnot ok 1 b"
    for index in results.probes.indices where results.probes[index].backend == "tracefs" {
      results.probes[index].backend = "a # SKIP\nnot ok 1 b"
      results.probes[index].id += "\u{1B}#\n1..7"
      results.probes[index].source += "\nok 1 more"
    }
    let name = try top(results)[0].name
    #expect(name == "a _ SKIP not ok 1 b")
  }
}
