import Study

/// Each condition against no reader on the same back end: the median of the service times, and their tail.
struct DisturbanceComparisons {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let pairs = pairs
    guard !pairs.isEmpty else { return }
    document.heading(3, "Against no reader")
    document.paragraph(
      """
      Of each trial the median and p99.9; medians of these over trials, over those of *\(WriterCondition.noReader.rawValue)* \
      on the same back end in the same mode, with the 95 % interval of a bootstrap over the trials (none with fewer than \
      \(Bootstrap.fewestTrials)), and p of the test of Mann and Whitney, two-sided. `~`: not significant, p is \(Format.decimal(MannWhitney.significance, digits: 2)) or \
      more; nothing is concluded from such a ratio. p99.9 only where each trial has at least \
      \(Format.grouped(SampleSupport.required(for: 99.9))) samples. Nothing is corrected for the number of rows.
      """)
    var table = MarkdownTable([
      .text("Reader"), .text("Mode"), .text("Back end"), .number("n"), .number("p50 / that of no reader [95 %]"),
      .number("p"), .number("p99.9 / that of no reader [95 %]"), .number("p"), .number("p99.9 of no reader"),
      .number("p99.9 here"),
    ])
    for (base, row) in pairs { table.add(cells(base, row)) }
    document.table(table)
  }

  /// The conditions one after the other, in each the back ends beside each other.
  private var pairs: [(base: DisturbanceResult, row: DisturbanceResult)] {
    let bases = results.disturbance.filter { $0.condition == .noReader }
    return results.disturbance.filter { $0.condition != .noReader && $0.condition != .noWrite }
      .grouped { [$0.mode, $0.condition.rawValue] }.flatMap { _, rows in
        rows.compactMap { row in
          bases.first { $0.backend == row.backend && $0.mode == row.mode }.map { ($0, row) }
        }
      }
  }

  private func cells(_ base: DisturbanceResult, _ row: DisturbanceResult) -> [Inline] {
    let medians = Comparison(base: base.service.percentiles(50), other: row.service.percentiles(50))
    let head: [Inline] = [
      .text(row.condition.rawValue), .text(row.mode), results.label(row.backend),
      "\(medians.base.count), \(medians.other.count)", LatencyFormat.ratio(medians), LatencyFormat.p(medians),
    ]
    guard let base = base.service.tails, let other = row.service.tails else {
      return head + [.absent, .absent, .absent, .absent]
    }
    let tails = Comparison(base: base, other: other)
    return head + [
      LatencyFormat.ratio(tails), LatencyFormat.p(tails), LatencyFormat.median(base), LatencyFormat.median(other),
    ]
  }
}

extension [Trial] {
  /// The p99.9 of each trial; `nil` where there is none, or one that has too few samples for it.
  var tails: [Double]? {
    guard !isEmpty, allSatisfy({ SampleSupport.supports(99.9, samples: $0.distribution.count) }) else { return nil }
    return percentiles(99.9)
  }
}
