import Study

/// The rows of two back ends with the same operation, condition and mode, held against each other, and each against itself.
struct LatencyComparisons {
  let results: Results
  /// Those at the point from which everything is varied.
  let rows: [LatencyResult]

  func write(to document: inout MarkdownDocument) {
    let pairs = pairs
    guard !pairs.isEmpty else { return }
    document.heading(3, "Compared")
    document.paragraph(
      """
      Medians of trials: the second back end's over the first's, with the 95 % interval of a bootstrap over the trials, and p \
      of the test of Mann and Whitney, two-sided. `~`: not significant, p is \
      \(Format.decimal(MannWhitney.significance, digits: 2)) or more; nothing is concluded from such a ratio. *Against \
      itself*: every other trial of a back end over the rest, by the same statistics, which is the noise of this machine in \
      this run. Nothing is corrected for the number of rows.
      """)
    var table = MarkdownTable([
      .text("Operation"), .text("Condition"), .text("Mode"), .text("First"), .text("Second"), .number("n"),
      .number("second / first [95 %]"), .number("p"), .number("first against itself"), .number("p"),
      .number("second against itself"), .number("p"),
    ])
    for (first, second) in pairs { table.add(cells(first, second)) }
    document.table(table)
  }

  /// What is called differently on two back ends is the same operation. A baseline is held against the reader ABI of its
  /// back end alone.
  private var pairs: [(LatencyResult, LatencyResult)] {
    rows.filter { !$0.trials.isEmpty }.grouped { [$0.operation, $0.condition, $0.mode] }.flatMap { _, rows in
      rows.indices.flatMap { first in
        rows[(first + 1)...].map { (rows[first], $0) }.filter { first, second in
          first.isStudied && (second.isStudied || first.backend == second.backend)
        }
      }
    }
  }

  private func cells(_ first: LatencyResult, _ second: LatencyResult) -> [Inline] {
    let (base, other) = (first.trialMedians, second.trialMedians)
    let between = Comparison(base: base, other: other)
    let itself = [base, other].map(Comparison.withItself)
    return [
      .text(first.operation), .text(first.condition), .text(first.mode), results.label(first),
      results.label(second), "\(base.count), \(other.count)", LatencyFormat.ratio(between),
      LatencyFormat.p(between),
    ] + itself.flatMap { [LatencyFormat.ratio($0), LatencyFormat.p($0)] }
  }
}
