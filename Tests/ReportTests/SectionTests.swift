@testable import Report
import Results
import Testing

/// Statements in the measurement sections.
@Suite struct SectionTests {
  private func text(_ section: some ReportSection) -> String {
    var document = MarkdownDocument()
    section.write(to: &document)
    return document.source
  }

  // MARK: Numbers

  @Test(arguments: [
    (8261.78, 2, "8,300"), (0.0134, 2, "0.013"), (1.04, 2, "1.0"), (0.01, 2, "0.010"), (9.96, 2, "10"),
    (99.96, 3, "100"),
    (0, 2, "0"), (4159, 3, "4,160"), (-12.34, 2, "-12"), (0.000000000108, 2, "1.1e-10"), (.infinity, 2, "—"),
    (3_053_568_096, 3, "3,050,000,000"),
  ])
  func `a number is rounded to significant digits`(_ number: Double, _ digits: Int, _ text: String) {
    #expect(Format.significant(number, digits: digits) == text)
  }

  @Test func `five trials have a range and six an interval`() {
    #expect(CostFormat.median([911, 550, 581, 581]).source() == "581 (550…911)")
    #expect(CostFormat.median([100, 101, 102, 103, 104]).source() == "102 (100…104)")
    #expect(CostFormat.median([100, 101, 102, 103, 104, 105]).source().contains("\\["))
    #expect(CostFormat.median([7]).source() == "7")
  }

  @Test func `a row with two speeds is marked`() {
    #expect(CostFormat.median([561, 401, 561, 391, 401]).source() == "401 (391…561) ‡")
  }

  // MARK: Comparisons

  /// Returns the number of rows in all tables of a section.
  private func rowCount(_ section: some ReportSection) -> Int {
    text(section).split(separator: "\n").count { $0.hasPrefix("| ") }
  }

  @Test func `equal rows are compared once`() throws {
    let (rows, copies) = (Fixture.latency.prefix(3), 100)
    func comparisons(_ rows: [LatencyResult]) -> String {
      var document = MarkdownDocument()
      LatencyComparisons(results: Fixture.results, rows: rows).write(to: &document)
      return document.source
    }
    let once = comparisons(Array(rows))
    #expect(once.contains("### Compared"))
    #expect(comparisons(rows.flatMap { Array(repeating: $0, count: copies) }) == once)
    var results = Fixture.results
    func added<Row>(_ rows: WritableKeyPath<StudyResults, [Row]>, _ section: (StudyResults) -> some ReportSection)
      -> Int
    {
      let before = rowCount(section(results))
      results[keyPath: rows] += (0..<copies).flatMap { _ in results[keyPath: rows].prefix(1) }
      return rowCount(section(results)) - before
    }
    #expect(added(\.throughput) { ThroughputSection(results: $0) } == copies)
    // Three tables: ages, costs and setups.
    #expect(added(\.deliveryLatency) { DeliveryLatencySection(results: $0, plots: []) } == 3 * copies)
  }

  // MARK: Tests

  private let low = [1.0, 2, 3, 4, 5]
  private let high = [6.0, 7, 8, 9, 10]

  @Test func `one test of five trials against five is significant and twenty are not`() {
    let separated = Comparison(base: low, other: high)
    #expect(TestFamily([separated]).p(separated).source() == "0.0079 (5 of 5 above)")
    let many = TestFamily(Array(repeating: separated, count: 20))
    #expect(many.count == 20 && !many.isSignificant(separated))
    #expect(many.p(separated).source() == "\\~ 0.16 (5 of 5 above)")
    #expect(many.note.source().contains("is not significant"))
  }

  @Test func `comparisons of too few trials are no tests`() {
    let few = Comparison(base: [1, 2], other: [3, 4, 5])
    let family = TestFamily([few, Comparison(base: low, other: high)])
    #expect(family.count == 1)
    #expect(family.p(few).source() == "—")
  }

  @Test func `counts that are equal are never significant`() {
    let equal = Comparison(base: [1524, 1524, 1524, 1524, 1524], other: [1525, 1525, 1525, 1525, 1525])
    #expect(equal.isSignificant)
    #expect(TestFamily([equal]).p(equal).source() == "equal")
    #expect(!TestFamily([equal]).isSignificant(equal))
  }

  @Test func `a percentile that one stall makes is not shown`() throws {
    func trial(_ place: Int, _ tail: UInt64) throws -> Trial {
      let buckets = [Distribution.Bucket(nanoseconds: 10, count: 940), .init(nanoseconds: 20 + tail, count: 60)]
      let distribution = try #require(Distribution(buckets))
      return Trial(place: place, outOfRange: 0, minimum: 10, maximum: 20 + tail, distribution: distribution)
    }
    let stalled = try (1...5).map { try trial($0, $0 == 3 ? 9_000 : 0) }
    #expect(CostFormat.percentile(99.9, of: stalled.distribution, stalled).source() == "—")
    #expect(
      CostFormat.percentile(99, of: stalled.distribution, stalled).source() == "— (from 1 of 5 trials)")
    #expect(CostFormat.percentile(90, of: stalled.distribution, stalled).source() == "10")
  }

  // MARK: Delivery latency

  @Test func `only equal readers are paired between back ends`() {
    let rows = Fixture.deliveryLatency
    let pairs = rows.flatMap { first in
      rows.filter { DeliveryLatencyPair.betweenBackends(first, $0) }.map { (first, $0) }
    }
    #expect(!pairs.isEmpty)
    #expect(pairs.allSatisfy { $0.reader == $1.reader && $0.backend != $1.backend })
  }

  @Test func `a bound of 0 is not shown as one`() {
    #expect(DeliveryLatencySection(results: Fixture.results, plots: []).bound(0).source() == "—")
    #expect(DeliveryLatencySection(results: Fixture.results, plots: []).bound(1_000_000).source() == "1,000")
  }

  @Test func `a column of equal cells is left out`() {
    var table = MarkdownTable([.text("Row"), .text("Pareto-optimal"), .number("late"), .number("early")])
    table.add(["a", "yes", "—", "1"])
    table.add(["b", "yes", "—", "—"])
    let headings = table.withoutUniformColumn("Pareto-optimal").withoutEmptyColumns().columns.map {
      $0.heading.source()
    }
    #expect(headings == ["Row", "early"])
    table.add(["c", "no", "—", "—"])
    #expect(table.withoutUniformColumn("Pareto-optimal").columns.count == 4)
  }

  // MARK: Throughput

  @Test func `a reader that touches no event has no rate`() throws {
    let text = text(ThroughputSection(results: Fixture.results))
    let row = try #require(text.split(separator: "\n").first { $0.contains("| nothing") })
    let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    let headings = try #require(text.split(separator: "\n").first { $0.contains("events/s") })
      .split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(cells[try #require(headings.firstIndex(of: "events/s"))] == "—")
  }

  // MARK: Losses

  private var losses: String {
    text(LossesSection(results: Fixture.results, anchors: Anchors(Fixture.results), details: [:]))
  }

  @Test func `a cleared event is not shown as lost`() throws {
    let row = try #require(losses.split(separator: "\n").first { $0.contains("| cleared-unread ") })
    #expect(row.contains("312") && row.contains("no loss") && !row.contains("reports 0"))
  }

  @Test func `racing scenarios of two back ends are in two tables`() throws {
    let lines = losses.split(separator: "\n", omittingEmptySubsequences: false)
    let races = lines.indices.filter { lines[$0].hasPrefix("| races†") }
    #expect(races.count == 2)
    #expect(lines[try #require(races.first)..<(try #require(races.last))].contains(""))
  }

  @Test func `the scenarios left out are those of the results`() {
    #expect(losses.contains("left-out, slow"))
    var results = Fixture.results
    results.lossScenariosLeftOut = []
    let section = LossesSection(results: results, anchors: Anchors(results), details: [:])
    #expect(!text(section).contains("Left out in this run"))
  }

  @Test func `an upper bound equal to the loss is no error`() {
    var results = Fixture.results
    results.losses = [
      Fixture.loss(
        "lttng-ust", .overwrite, "bounded", produced: 100, ["1: 40-99"],
        [("meta page overrun", true, ["1: at most 40 events"])])
    ]
    let text = text(LossRecipesTable(results: results))
    #expect(text.contains("none in 1 of 1 scenarios with a loss and in 0 of 0 without"))
    #expect(!text.contains("at most 0"))
  }

  @Test func `channels that count something else are not in the table`() {
    #expect(losses.contains("Not in the table, because they count something else: stats entries"))
  }

  @Test func `the section contains no word of the old vocabulary`() {
    for word in ["says none", "not told", "packets only", "nothing lost", "under-reported", "over-reported"] {
      #expect(!losses.contains(word), "\(word)")
    }
  }

  // MARK: Cross-checks

  @Test func `where they differ lists only rows in which the two differ`() throws {
    let text = text(CrossChecksSection(results: Fixture.results))
    let differing = try #require(text.components(separatedBy: "### ").first { $0.hasPrefix("Where this program") })
    #expect(differing.contains(" 18 |") && !differing.contains("read(2)"))
    #expect(text.contains("equal to each other, not to the truth: 1"))
  }

  // MARK: The machine

  private func suspicion(_ change: (inout StudyResults) -> Void) -> [String] {
    var results = Fixture.results
    change(&results)
    return MachineSuspicion.all(in: results).map { $0.text.source() }
  }

  @Test func `a loaded machine is suspect and an idle one is not`() {
    func texts(_ load: String) -> [String] {
      suspicion {
        $0.environment.facts += [
          Observation(EnvironmentFact.loadAverage, load), Observation(EnvironmentFact.onlineCPUs, "0-1"),
        ]
      }.filter { $0.contains("load average") }
    }
    #expect(texts("2.20 1.00 0.50 1/100 77").count == 1)
    #expect(texts("0.90 1.00 0.50 1/100 77").isEmpty)
  }

  @Test(arguments: [("0-1", 2), ("0", 1), ("0-3,6", 5), ("", nil), ("1-0", nil), ("a", nil)] as [(String, Int?)])
  func `online CPUs are counted`(_ list: String, _ count: Int?) {
    #expect(MachineSuspicion.count(ofCPUs: list) == count)
  }

  @Test func `the wake-ups of a waiting reader are printed per sub-buffer`() {
    let text = MarkdownReport.render(Fixture.results)
    #expect(text.contains("woken by a full sub-buffer: 321 for 600 sub-buffers, 0.54 per sub-buffer"))
    // 5 trials of 20 waits, for 5 times 600 events with 80 in a sub-buffer.
    #expect(Fixture.deliveryLatency.contains { $0.waitsPerSubbuffer.map { abs($0 - 20 * 80 / 600.0) < 1e-9 } ?? false })
    #expect(Fixture.deliveryLatency.allSatisfy { $0.reader.waiting != .polling || $0.waitsPerSubbuffer == nil })
  }

  @Test func `two speeds and noise are suspect`() throws {
    let texts = suspicion { results in
      results.latency[0].trials = [561, 401, 561, 391, 401].enumerated().compactMap { place, scale in
        Fixture.trial(place + 1, scale: scale, count: 1_000)
      }
    }
    #expect(texts.contains { $0.contains("Two speeds") && $0.contains("in 1 of") })
    #expect(texts.contains { $0.contains("A/A") })
  }

  @Test func `a count of instructions has no speed`() {
    let texts = suspicion { results in
      results.environment.facts.append(Observation(EnvironmentFact.time, "one instruction"))
      results.latency[0].trials = [561, 401, 561, 391, 401].enumerated().compactMap { place, scale in
        Fixture.trial(place + 1, scale: scale, count: 1_000)
      }
    }
    #expect(!texts.contains { $0.contains("Two speeds") })
  }
}
