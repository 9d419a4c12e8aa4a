import Study

/// How the cost of an operation grows with one thing that is varied.
struct LatencyGrowth {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let rows = results.latency.filter { $0.growth != nil }
    guard !rows.isEmpty else { return }
    document.heading(3, "How it grows")
    document.paragraph(
      """
      One thing is varied, all else stays. Each level: the median of trials in ns. The line of least squares through the \
      levels: what is left at 0, and what one more adds with the 95 % interval of a bootstrap over the trials; an interval \
      that holds 0 shows no growth. *Off the line*: by how much of its cost that level is off which is so most; where it is \
      large, the cost is not a line, and the last two columns say little.
      """)
    for series in GrowthSeries.allCases {
      let ofSeries = rows.filter { $0.growth?.series == series }
      guard !ofSeries.isEmpty else { continue }
      document.paragraph("By the number of **\(series.title)**:")
      var table = MarkdownTable([
        .text("Operation"), .text("Back end"), .text("Mode"), .text("\(series.title): ns"), .number("at 0"),
        .number("per one more [95 %]"), .number("off the line"),
      ])
      for (_, rows) in ofSeries.grouped(by: { [$0.operation, $0.plainName, $0.mode] }) { table.add(cells(rows)) }
      document.table(table)
    }
  }

  private func cells(_ rows: [LatencyResult]) -> [Inline] {
    let levels = GrowthLevels(rows)
    let texts = levels.levels.map { "\(Format.grouped(Int($0.level))): \(LatencyFormat.number($0.trials.median ?? 0))" }
    let head: [Inline] = [
      .text(rows[0].operation), results.label(rows[0].backend, reader: rows[0].reader), .text(rows[0].mode),
      .text(texts.joined(separator: "; ")),
    ]
    guard let fit = LinearFit(levels.levels) else { return head + [.absent, .absent, .absent] }
    let slope = fit.slopeInterval.map { " [\(small($0.low)), \(small($0.high))]" } ?? ""
    return head + [
      .text(LatencyFormat.number(fit.intercept)), .text(small(fit.slope) + slope),
      .text("\(Format.decimal(fit.greatestDeviation * 100, digits: 0)) %"),
    ]
  }

  /// A slope may be far below a nanosecond.
  private func small(_ value: Double) -> String {
    abs(value) >= 0.1 || value == 0 ? LatencyFormat.number(value) : Format.decimal(value, digits: 5)
  }
}

/// The levels of one series on one back end, in ascending order.
struct GrowthLevels {
  let levels: [LinearFit.Level]

  init(_ rows: [LatencyResult]) {
    levels = rows.compactMap { row in
      row.growth.map { LinearFit.Level(level: Double($0.level), trials: row.trialMedians) }
    }.sorted { $0.level < $1.level }
  }
}

extension GrowthSeries {
  /// What is counted.
  var title: Inline { "\(rawValue)" }
}
