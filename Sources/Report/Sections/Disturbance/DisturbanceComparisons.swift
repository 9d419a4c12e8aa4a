import Study

/// Each condition compared with no reader on the same back end: the median of the service times, and their tail.
struct DisturbanceComparisons {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let pairs = pairs
    let family = TestFamily(pairs.flatMap { [medians($0, $1)] + (tails($0, $1).map { [$0] } ?? []) })
    guard !pairs.isEmpty else { return }
    document.heading(3, "Compared with no reader")
    document.paragraph(
      """
      The median and p99.9 of each trial; the median of these over the trials, divided by that of \
      *\(WriterCondition.noReader.rawValue)* on the same back end in the same mode. In round brackets the range of the ratios \
      of single trials, in square brackets the 95 % interval of a bootstrap over the trials. p99.9 is that of each trial, \
      unlike the p99.9 of all trials above, and only compared if each trial has at least \
      \(Format.grouped(SampleSupport.required(for: 99.9))) samples. \(family.note)
      """)
    var table = MarkdownTable([
      .text("Reader"), .text("Mode"), .text("Back end"), .number("n"), .number("p50 / p50 of no reader"),
      .number("p"), .number("p99.9 of trials / that of no reader"), .number("p"),
    ])
    for (base, row) in pairs { table.add(cells(base, row, family)) }
    document.table(table)
  }

  /// By condition, then by back end.
  private var pairs: [(base: DisturbanceResult, row: DisturbanceResult)] {
    let bases = results.disturbance.filter { $0.condition == .noReader }
    return results.disturbance.filter { $0.condition != .noReader && $0.condition != .noWrite }
      .grouped { [$0.mode, $0.condition.rawValue] }.flatMap { _, rows in
        rows.compactMap { row in
          bases.first { $0.backend == row.backend && $0.mode == row.mode }.map { ($0, row) }
        }
      }
  }

  private func medians(_ base: DisturbanceResult, _ row: DisturbanceResult) -> Comparison {
    Comparison(base: base.service.percentiles(50), other: row.service.percentiles(50))
  }

  private func tails(_ base: DisturbanceResult, _ row: DisturbanceResult) -> Comparison? {
    guard let base = base.service.tails, let other = row.service.tails else { return nil }
    return Comparison(base: base, other: other)
  }

  private func cells(_ base: DisturbanceResult, _ row: DisturbanceResult, _ family: TestFamily) -> [Inline] {
    let medians = medians(base, row)
    let tails = tails(base, row)
    return [
      .text(row.condition.rawValue), .text(row.mode), results.label(row.backend),
      "\(medians.base.count), \(medians.other.count)", LatencyFormat.ratio(medians), family.p(medians),
      tails.map(LatencyFormat.ratio) ?? .absent, tails.map(family.p) ?? .absent,
    ]
  }
}

extension [Trial] {
  /// The p99.9 of each trial; `nil` without trials, or if one has too few samples for it.
  var tails: [Double]? {
    guard !isEmpty, allSatisfy({ SampleSupport.supports(99.9, samples: $0.distribution.count) }) else { return nil }
    return percentiles(99.9)
  }
}
