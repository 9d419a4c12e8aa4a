import Study

/// Comparisons of rows of two back ends with the same operation, condition and mode.
struct LatencyComparisons {
  let results: Results
  /// The rows at the point from which everything is varied.
  let rows: [LatencyResult]

  func write(to document: inout MarkdownDocument) {
    var table = ComparisonTable([.text("Operation"), .text("Condition"), .text("Mode")])
    for (first, second) in pairs {
      table.add([.text(first.operation), .text(first.condition), .text(first.mode)], series(first), series(second))
    }
    table.write("Medians of trials (\(results.timeUnit))", to: &document)
  }

  /// Different calls of two back ends are the same operation. A baseline is compared with the reader ABI of its own back
  /// end alone.
  private var pairs: [(LatencyResult, LatencyResult)] {
    rows.filter { !$0.trials.isEmpty }.grouped { [$0.operation, $0.condition, $0.mode] }.flatMap { _, rows in
      rows.pairs { $0.isStudied && ($1.isStudied || $0.backend == $1.backend) }
    }
  }

  private func series(_ row: LatencyResult) -> ComparisonTable.Series {
    ComparisonTable.Series(name: results.label(row.backend, reader: row.reader), values: row.trialMedians)
  }
}
