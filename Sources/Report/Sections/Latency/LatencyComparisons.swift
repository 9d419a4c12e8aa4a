import Study

/// Comparisons of rows of two back ends with the same operation, condition and mode.
struct LatencyComparisons {
  let results: Results
  /// The rows at the point from which everything is varied.
  let rows: [LatencyResult]

  func write(to document: inout MarkdownDocument) {
    var table = ComparisonTable([.text("Operation"), .text("Condition"), .text("Mode")])
    for (first, second) in pairs {
      table.add(
        [.text(first.row.operation), .text(first.row.condition), .text(first.row.mode)], first.series, second.series)
    }
    table.write("Medians of trials (\(results.timeUnit))", to: &document)
  }

  private typealias Entry = (row: LatencyResult, series: ComparisonTable.Series)

  /// Different calls of two back ends are the same operation. A baseline is compared with the reader ABI of its own back
  /// end alone. Of rows with the same back end and reader the first is compared.
  private var pairs: [(Entry, Entry)] {
    rows.filter { !$0.trials.isEmpty }.grouped { [$0.operation, $0.condition, $0.mode] }.flatMap { _, rows in
      rows.uniqued { [$0.backend, $0.reader] }.map { ($0, series($0)) }
        .pairs { $0.row.isStudied && ($1.row.isStudied || $0.row.backend == $1.row.backend) }
    }
  }

  private func series(_ row: LatencyResult) -> ComparisonTable.Series {
    ComparisonTable.Series(name: results.label(row.backend, reader: row.reader), values: row.trialMedians)
  }
}
