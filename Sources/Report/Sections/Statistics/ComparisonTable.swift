import Study

/// Pairs of series of trials, compared with each other, and each with itself.
struct ComparisonTable {
  /// One series, one value for each trial in the order of the trials.
  struct Series {
    let name: Inline
    let values: [Double]
    /// Every other trial over the rest.
    let noise: Inline

    init(name: Inline, values: [Double]) {
      self.name = name
      self.values = values
      noise = Comparison.withItself(values).ratio.map { .text(LatencyFormat.short($0)) } ?? .absent
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

  /// Adds a pair.
  mutating func add(_ cells: [Inline], _ first: Series, _ second: Series) {
    let comparison = Comparison(base: first.values, other: second.values)
    rows.append(Row(cells: cells, first: first, second: second, comparison: comparison))
  }

  /// Writes the table and how to read it; nothing without rows.
  /// - Parameter values: what is compared: `Medians of trials`.
  func write(_ values: Inline, to document: inout MarkdownDocument) {
    guard !rows.isEmpty else { return }
    let family = TestFamily(rows.map(\.comparison))
    document.heading(3, "Compared")
    document.paragraph(
      """
      \(values): the second's over the first's. In round brackets the range of the ratios of single trials, in square \
      brackets the 95 % interval of a bootstrap over the trials. \(family.note) *A/A*: every other trial over the rest of \
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
          LatencyFormat.ratio(row.comparison), family.p(row.comparison), row.first.noise, row.second.noise,
        ])
    }
    document.table(table)
  }
}
