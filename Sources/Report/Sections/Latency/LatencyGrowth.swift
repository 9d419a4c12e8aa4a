import Study

/// The scaling of an operation's cost with one parameter.
struct LatencyGrowth {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let rows = results.latency.filter { $0.growth != nil }
    guard !rows.isEmpty else { return }
    document.heading(3, "Scaling")
    document.paragraph(
      """
      One parameter is varied, all else stays. Each level: the median of the trials. A line is fitted to the levels by least \
      squares: *at 0* is its value at 0, *per one more* its slope, with the range of the slopes of single trials in round \
      brackets, or the 95 % interval of a bootstrap over the trials in square ones; if it contains 0, no growth is shown. \
      *Largest residual*: the distance of the level farthest from the line, as a share of its cost; if it is large, the \
      cost is not linear, and the fit means little.
      """)
    for series in GrowthSeries.allCases {
      let ofSeries = rows.filter { $0.growth?.series == series }
      guard !ofSeries.isEmpty else { continue }
      document.paragraph("By the number of **\(series.title)**:")
      var table = MarkdownTable([
        .text("Operation"), .text("Back end"), .text("Mode"), .text("\(series.title): \(results.timeUnit)"),
        .number("at 0 (\(results.timeUnit))"),
        .number("per one more (\(results.timeUnit))"), .number("largest residual (%)"),
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
    let range = (levels.levels.map(\.trials.count).min() ?? 0) > 1 ? fit.slopeRange : nil
    let slope = LatencyFormat.spread(fit.slopeInterval, range, LatencyFormat.short)
    return head + [
      .text(LatencyFormat.number(fit.intercept)), .text(LatencyFormat.short(fit.slope) + slope),
      .text(Format.decimal(fit.greatestDeviation * 100, digits: 0)),
    ]
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
  /// The subject of the count.
  var title: Inline { "\(rawValue)" }
}
