@testable import Report
import Results
import Study
import Testing

/// The wording of the front page, and the answers on which it depends.
@Suite struct FrontPageTests {
  private static let kernel = ABI("kernel")
  private static let lttng = ABI("lttng")

  /// Wording for the answer "yes" of tracefs to "crashes", as in the fixture, and the same wording for "no | 0".
  private static let wording = Wording(
    notes: ["yes", "no | 0"].map { answer in
      Note(
        "crashes", kernel, answer: answer, .s1, "the note for \(answer == "yes" ? "yes" : "no")", consequence: "None.")
    },
    rationales: ["yes", "no | 0"].map { answer in
      Rationale(
        "crashes", [kernel: answer, lttng: "never"], "the reason for \(answer == "yes" ? "yes" : "no")",
        source: "a mail")
    },
    rules: ["yes", "no | 0"].map { answer in
      .do(kernel, "the rule for \(answer == "yes" ? "yes" : "no")", because: "crashes", is: answer)
    },
    changes: [
      DesignChange(claim: "crashes", "the change for yes", source: "a commit"),
      DesignChange(claim: "held-sub-buffer-intact", "the change for no", source: "a commit"),
    ])

  /// Returns the fixture with the answers of tracefs replaced by one answer, and that of LTTng-UST by "never".
  private func results(tracefs answer: String?) -> StudyResults {
    var results = Fixture.results
    for index in results.probes.indices {
      let probe = results.probes[index]
      if probe.id == "crashes", probe.backend == "lttng-ust" { results.probes[index].answer = "never" }
      guard let answer, probe.backend == "tracefs" else { continue }
      if ["crashes", "held-sub-buffer-intact"].contains(probe.id) { results.probes[index].answer = answer }
    }
    return results
  }

  private func page(_ results: StudyResults, _ wording: Wording) throws -> String {
    let pages = MarkdownReport.pages(results, wording, plots: Plot.all(of: results))
    return try #require(pages.first { $0.file == MarkdownReport.frontFile }).text
  }

  @Test(arguments: [(nil, "yes", "no"), ("no | 0", "no", "yes")])
  func `words are on the front page exactly while their answer is the one observed`(
    _ answer: String?, _ shown: String, _ hidden: String
  ) throws {
    let text = try page(results(tracefs: answer), Self.wording).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
    for word in ["note", "reason", "rule", "change"] {
      #expect(text.contains("the \(word) for \(shown)"), "\(word)")
      #expect(!text.contains("the \(word) for \(hidden)"), "\(word)")
    }
  }

  @Test func `words for an answer of another ABI are not shown`() throws {
    var wording = Self.wording
    for index in wording.notes.indices { wording.notes[index].abi = ABI("another") }
    for index in wording.rules.indices { wording.rules[index].abi = ABI("another") }
    let text = try page(results(tracefs: nil), wording)
    #expect(!text.contains("the note for"))
    #expect(!text.contains("the rule for"))
  }

  @Test func `the front page is short, and so is every row of its tables`() throws {
    let text = try page(Fixture.results, Fixture.wording)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 450)
    #expect(text.utf8.count <= 60_000)
    for row in lines where row.hasPrefix("|") { #expect(row.count <= FrontPage.greatestRow, "\(row)") }
  }

  @Test(arguments: [
    (nil, "yes"), ("overwrite: lost", "no (overwrite: lost)"), ("yes, later", "no (later)"),
    ("no: yes", "in part (no: yes)"),
  ])
  func `a use is served exactly if the answer is one of those that it needs`(
    _ answer: String?, _ cell: String
  ) throws {
    let wording = Wording(uses: [Use("a use", .answer(claim: "crashes", oneOf: ["yes"]))])
    let text = try page(results(tracefs: answer), wording)
    let row = try #require(text.split(separator: "\n").first { $0.hasPrefix("| [a use]") })
    #expect(row.contains("| \(cell) "), "\(row)")
    #expect(row.contains("| no (never) "), "\(row)")
  }

  @Test func `a use that nothing in the run answers is not on the front page`() throws {
    let wording = Wording(uses: [Use("a use", .answer(claim: "no-such-claim", oneOf: ["yes"]))])
    #expect(!(try page(Fixture.results, wording).contains("a use")))
  }

  @Test func `a hazard that a cost shows is next to the costs, and else among those not shown`() throws {
    let wording = Wording(hazards: [
      Hazard(
        Self.kernel, .s4, "a hazard", "Its text.", versions: "all", source: "a file", shownBy: .acquireGrowsWithEvents)
    ])
    var results = Fixture.results
    let growing = try page(results, wording)
    #expect(growing.contains("*Note*, `tracefs`: Its text."))
    #expect(!growing.contains("a hazard"))
    results.latency.removeAll { $0.growth != nil }
    let flat = try page(results, wording)
    #expect(!flat.contains("Its text."))
    #expect(flat.contains("- **S4** `tracefs`: a hazard."))
  }

  @Test func `a hazard whose claim the run decides is an answer, and no hazard besides`() throws {
    func shown(_ claim: String) throws -> Bool {
      let hazard = Hazard(
        Self.kernel, .s1, "a hazard", "Its text.", versions: "all", source: "a file", askedBy: claim)
      return try page(results(tracefs: "yes"), Wording(hazards: [hazard])).contains("a hazard")
    }
    #expect(try !shown("crashes"))
    #expect(try shown("no-such-claim"))
  }

  @Test func `a link in a row is given in place if the row has room, else at the end of the page`() {
    let target = LinkResolver.mark("place")
    let rows = ["| [a\(target) | b    |", "| [\(String(repeating: "a", count: 30))\(target) | b |"]
    let text = "<a id=\"place\"></a>\n\(rows.joined(separator: "\n"))\n"
    let page = LinkResolver([("page.md", text)]).resolve(text, on: "front.md", .shortRows(32)).split(separator: "\n")
    #expect(page[1] == "| [a](page.md#place) | b    |")
    #expect(page[2] == "| [\(String(repeating: "a", count: 30))][1] | b |")
    #expect(page.last == "[1]: page.md#place")
  }

  @Test func `a label that goes on in the next line stays one label`() {
    let text = "[two\nwords\(LinkResolver.mark("nowhere"))\n| row |\n"
    #expect(LinkResolver([]).resolve(text, on: "front.md", .shortRows(32)) == "two\nwords\n| row |\n")
  }

  @Test func `padding makes room for a link in a row`() {
    let text = "<a id=\"place\"></a>\n| [a\(LinkResolver.mark("place")) | b            |\n"
    let page = LinkResolver([("page.md", text)]).resolve(text, on: "front.md", .shortRows(32)).split(separator: "\n")
    #expect(page.last == "| [a](page.md#place) | b |")
  }

  @Test func `a cell that is cut keeps its mark`() {
    let cells = FrontPage.fitted(["\(String(repeating: "long ", count: 30))answer (✗)", "no"], reserved: 40)
    #expect(cells[0].hasSuffix("… (✗)") && cells[0].count < 100)
    #expect(cells[1] == "no")
  }

  @Test func `a shared design is named next to the reasons, and only if its ABI ran`() throws {
    var wording = Self.wording
    for (abi, isShown) in [(Self.kernel, true), (ABI("another"), false)] {
      wording.sharedDesigns = [SharedDesign(abi, "One design.", source: "a commit")]
      #expect(try page(results(tracefs: nil), wording).contains("*Note*: One design. (a commit)") == isShown)
    }
  }

  @Test func `findings of one severity are in the order of the claims, those as documented last`() throws {
    var results = results(tracefs: nil)
    let first = try #require(Finding.all(in: results, Self.wording).first)
    #expect(first.note?.severity == .s1)
    let wording = Wording(
      notes: Self.wording.notes
        + results.probes.filter { $0.backend == "lttng-ust" && $0.answer != nil }.map { probe in
          Note(probe.id, Self.lttng, answer: probe.answer ?? "", .s1, "another", consequence: "None.")
        })
    for index in results.probes.indices where results.probes[index].id == first.result.id {
      if results.probes[index].backend == first.result.backend { results.probes[index].outcome = .asDocumented }
    }
    let severe = Finding.all(in: results, wording).filter { $0.severity == .s1 }
    #expect(severe.count > 1)
    #expect(severe.last?.result.outcome == .asDocumented)
    #expect(severe.drop { $0.result.outcome != .asDocumented }.allSatisfy { $0.result.outcome == .asDocumented })
  }

  @Test func `a version that is more than two years older than the run is named as old`() throws {
    let version = try #require(Fixture.results.backends.first { $0.isLive && $0.version != nil }?.version)
    var results = Fixture.results
    results.run.startedAt = "2026-06-01T00:00:00Z"
    for (date, isOld) in [("2023-06-01", true), ("2024-07-01", false)] {
      let wording = Wording(releases: [Release(version, date, source: "a tag")])
      #expect(try page(results, wording).contains("was released 3 years before this run") == isOld)
    }
  }

  @Test func `a question without an answer has its reason under the decision table`() throws {
    let text = try page(Fixture.results, Fixture.wording)
    #expect(text.contains("No answer of `lttng-ust`: "))
    #expect(text.contains("*Intact while held* (the writer did not wrap"))
  }
}
