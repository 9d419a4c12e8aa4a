import Study

/// Pairs of series of trials held against each other, and each against itself.
struct ComparisonTable {
  private var table: MarkdownTable
  private var isEmpty = true

  /// One series, one value for each trial in the order of the trials.
  struct Series {
    var name: Inline
    var values: [Double]
  }

  /// A table whose rows begin with some columns of their own.
  init(_ columns: [MarkdownTable.Column]) {
    table = MarkdownTable(
      columns + [
        .text("First"), .text("Second"), .number("n"), .number("second / first [95 %]"), .number("p"),
        .number("first against itself"), .number("p"), .number("second against itself"), .number("p"),
      ])
  }

  /// Adds a pair.
  mutating func add(_ cells: [Inline], _ first: Series, _ second: Series) {
    isEmpty = false
    let between = Comparison(base: first.values, other: second.values)
    let itself = [first, second].map { Comparison.withItself($0.values) }
    table.add(
      cells + [
        first.name, second.name, "\(first.values.count), \(second.values.count)", LatencyFormat.ratio(between),
        LatencyFormat.p(between),
      ] + itself.flatMap { [LatencyFormat.ratio($0), LatencyFormat.p($0)] })
  }

  /// Writes the table and how it is read; nothing without rows.
  /// - Parameter values: what is compared: `Medians of trials`.
  func write(_ values: Inline, to document: inout MarkdownDocument) {
    guard !isEmpty else { return }
    document.heading(3, "Compared")
    document.paragraph(
      """
      \(values): the second's over the first's, with the 95 % interval of a bootstrap over the trials, and p of the test of \
      Mann and Whitney, two-sided. `~`: not significant, p is \(Format.decimal(MannWhitney.significance, digits: 2)) or \
      more; nothing is concluded from such a ratio. `—` as p: with so few trials none can be less. *Against itself*: every other trial over the rest, by the same \
      statistics, which is the noise of this machine in this run. Nothing is corrected for the number of rows.
      """)
    document.table(table)
  }
}
