import Results

/// Pairs of series of trials, compared with each other, and each with itself.
struct ComparisonTable {
  /// One series, one value for each trial in the order of the trials.
  private struct Series {
    let name: Inline
    let values: [Double]
    /// Every other trial over the rest.
    let noise: Inline

    init(name: Inline, values: [Double]) {
      self.name = name
      self.values = values
      noise = Comparison.withItself(values).ratio.map { .text(CostFormat.short($0)) } ?? .absent
    }
  }

  private struct Row {
    var cells: [Inline]
    var first: Series
    var second: Series
    var comparison: Comparison
  }

  private let columns: [MarkdownTable.Column]
  private var rows: [Row] = []

  /// A table whose rows begin with some columns of their own.
  init(_ columns: [MarkdownTable.Column]) {
    self.columns = columns
  }

  /// Adds the pairs of rows of one measurement on several back ends.
  ///
  /// A baseline is compared with the reader ABI of its own back end alone. Of rows with the same back end and reader the
  /// first is compared.
  /// - Parameters:
  ///   - cells: the cells of the columns of its own.
  ///   - name: the name of a back end and a reader.
  mutating func addPairs<Measurement: ReaderMeasurement>(
    of rows: [Measurement], _ cells: [Inline], _ name: (String, String) -> Inline, values: (Measurement) -> [Double]
  ) {
    let entries = rows.uniqued { [$0.backend, $0.reader] }.map { row in
      (row: row, series: Series(name: name(row.backend, row.reader), values: values(row)))
    }
    for (first, second) in entries.pairs(where: { one, other in
      one.row.isStudied && (other.row.isStudied || one.row.backend == other.row.backend)
    }) {
      let comparison = Comparison(base: first.series.values, other: second.series.values)
      self.rows.append(Row(cells: cells, first: first.series, second: second.series, comparison: comparison))
    }
  }

  /// Writes the table and its explanation; nothing without rows.
  /// - Parameter values: the compared values: `Medians of trials`.
  func write(_ values: Inline, to document: inout MarkdownDocument) {
    guard !rows.isEmpty else { return }
    let family = TestFamily(rows.map(\.comparison))
    document.heading(3, "Compared")
    document.paragraph(
      """
      \(values): the second's over the first's. \(TestFamily.bracketsNote) \(family.note) *A/A*: every other trial over the rest of \
      the same row, untested: the noise of this machine in this run.
      """)
    var table = MarkdownTable(
      columns + [
        .text("First"), .text("Second"), .number("n"), .number("second / first"), .number("p"), .number("A/A of first"),
        .number("A/A of second"),
      ])
    for row in rows {
      table.add(
        row.cells + [
          row.first.name, row.second.name, "\(row.first.values.count), \(row.second.values.count)",
          CostFormat.ratio(row.comparison), family.p(row.comparison), row.first.noise, row.second.noise,
        ])
    }
    document.table(table)
  }
}

/// The tests of one page, corrected together.
struct TestFamily {
  /// The number of tests: comparisons with enough trials for a significant result.
  let count: Int
  /// The corrected p by the uncorrected one: Holm's method gives equal ones to equal ones.
  private let corrected: [Double: Double]
  /// The least p that any of these comparisons can have, uncorrected.
  private let floor: Double

  init(_ comparisons: [Comparison]) {
    let tests = comparisons.filter(\.canBeSignificant)
    count = tests.count
    let p = tests.map(\.p)
    corrected = Dictionary(firstOf: zip(p, Holm.adjusted(p)))
    floor = tests.map { MannWhitney.leastP($0.base.count, $0.other.count) }.min() ?? 1
  }

  /// `true` if any result of one of these comparisons is significant after the correction.
  var canBeSignificant: Bool { floor * Double(count) < MannWhitney.significance }

  /// `true` if a difference is significant after the correction.
  func isSignificant(_ comparison: Comparison) -> Bool {
    comparison.canBeSignificant && !comparison.isEqual
      && corrected[comparison.p].map { $0 < MannWhitney.significance } ?? false
  }

  /// `0.0023 (5 of 5 above)`; `~ 0.21`; `equal`; `—` with too few trials.
  func p(_ comparison: Comparison) -> Inline {
    guard comparison.canBeSignificant, let p = corrected[comparison.p] else { return .absent }
    if comparison.isEqual { return "equal" }
    let mark = isSignificant(comparison) ? "" : "~ "
    let text = p < 0.0001 ? "< 0.0001" : p >= 1 ? "1" : Format.significant(p, digits: 2)
    let count = comparison.other.count
    let separation = comparison.separation.map { " (\(count) of \(count) \($0.rawValue))" } ?? ""
    return .text(mark + text + separation)
  }

  /// The explanation of ``CostFormat/ratio(_:)``.
  static let bracketsNote: Inline = """
    In round brackets the range of the ratios of single trials, in square brackets the 95 % interval of a bootstrap over the \
    trials.
    """

  /// The explanation of the p of this page.
  var note: Inline {
    let limit = Format.decimal(MannWhitney.significance, digits: 2)
    let powerless: Inline =
      count > 0 && !canBeSignificant
      ? """
       With so many tests of so few trials, a complete separation of one pair alone (uncorrected p \
      \(Format.significant(floor, digits: 2))) is not significant; a longer profile or more trials (`--runs`) make it so.
      """ : ""
    return """
      *p*: the two-sided test of Mann and Whitney over the trials, corrected by Holm's method for the number of tests on this \
      page, \(count). `~`: not significant (\(limit) or more), the test shows no difference. *5 of 5 above*: each of the 5 \
      trials of the second is above each trial of the first, so that p is at its floor: no values give a lower one. *equal*: \
      the medians differ by less than 0.5 %. `—`: too few trials for any test.\(powerless)
      """
  }
}

extension MarkdownDocument {
  /// Writes the explanation of ``CostFormat/median(_:)``.
  mutating func spreadNote() {
    paragraph(
      """
      *x (a…b)*: the median of the trials and their range, the least and the greatest. *x [a, b]*: with \
      \(Bootstrap.fewestTrials) trials or more, the 95 % interval of a bootstrap over the trials instead of the range. \
      \(CostFormat.twoSpeeds): the trials fall into two clusters, more than \
      \(Format.decimal(TwoSpeeds.leastGap * 100, digits: 0)) % of the median apart: the machine had two speeds (or the code two paths), and the \
      median depends on how many trials met which.
      """)
  }
}
