import Results

/// The cost of each operation, compared between back ends, and its scaling.
struct LatencySection: ReportSection {
  static let percentiles: [Double] = [50, 90, 99, 99.9]

  let results: StudyResults
  let plots: [Plot]

  func write(to document: inout MarkdownDocument) {
    document.heading(.latency)
    guard !results.latency.isEmpty else {
      return document.paragraph("No latency was recorded: it is measured on live back ends alone.")
    }
    let rows = results.latency.filter { $0.growth == nil }
    document.timeUnitNote(results)
    document.paragraph(
      """
      The reader has a CPU of its own unless the condition says otherwise; the producer is idle during the measurement. The \
      rows are in the order of `latency` in `results.json`, which contains the histogram of each trial.
      """)
    if let measurement = results.measurement { document.paragraph(method(measurement)) }
    // Put together once: of a thorough run it is many buckets.
    let distributions = rows.map(\.trials.distribution)
    document.spreadNote()
    document.paragraph(
      """
      \(SampleSupport.note) *n*: the samples of all trials. It differs between rows: a hand-over with other events than \
      those of the point, such as a partial sub-buffer at the end of a round, is no sample of *acquire*, and a wait that found \
      something ready none of *wait*.
      """)
    document.table(table(rows, distributions))
    for backend in results.backendNames where hasNoRelease(backend) {
      document.paragraph(
        """
        \(results.label(backend)) has no row for *release*: no call was made. Its acquire includes the release of the \
        sub-buffer before; *acquire and release* contains the same steps on every back end.
        """)
    }
    LatencyComparisons(results: results, rows: rows).write(to: &document)
    LatencyGrowth(results: results).write(to: &document)
    LatencyGetters(results: results).write(to: &document)
    for plot in plots where plot.kind == .latency { document.image("\(plot.description)", file: plot.file) }
  }

  private func method(_ measurement: MeasurementResult) -> Inline {
    let round =
      results.latency.contains(where: \.condition.isFirstTime) ? ", after each sub-buffer was acquired once" : ""
    return """
      \(measurement.trials) trials of each ring buffer, in an order drawn from the seed; warm-up \(measurement.warmup) \
      rounds of filling and draining, not recorded, in each trial at each point\(round). Two successive readings of the clock \
      are \(measurement.clockOverhead) \(results.timeUnit) apart (median), which every sample contains; recording a sample \
      takes \(Format.decimal(measurement.recordOverhead, digits: 1)) \(results.timeUnit) (mean), which is excluded. \
      The histograms keep \(measurement.significantDigits) significant digits.
      """
  }

  private func hasNoRelease(_ backend: String) -> Bool {
    let rows = results.latency.filter { $0.backend == backend && $0.isStudied }
    return rows.contains { $0.operation == .acquire } && !rows.contains { $0.operation == .release }
  }

  private func table(_ rows: [LatencyResult], _ distributions: [Distribution?]) -> MarkdownTable {
    var table = MarkdownTable(
      [
        .text("Back end"), .text("Mode"), .text("Operation"), .text("Condition"), .text("Call"), .number("trials"),
        .number("median of trials (\(results.timeUnit))"), .number("outliers"), .number("n"), .number("out of range"),
        .number("min (\(results.timeUnit))"),
      ]
        + LatencySection.percentiles.map {
          .number("all trials: p\(Format.decimal($0, digits: 1)) (\(results.timeUnit))")
        } + [.number("max (\(results.timeUnit))"), .text("Measured under")])
    for (row, all) in zip(rows, distributions) { table.add(cells(row, all)) }
    return table.withoutEmptyColumns(orZero: true)
  }

  private func cells(_ row: LatencyResult, _ all: Distribution?) -> [Inline] {
    let medians = row.trialMedians
    let outliers = Outliers(in: medians)
    return [
      results.label(row.backend, reader: row.reader), .text(row.mode), .text(row.operation.rawValue),
      .text(row.condition.text),
      .code(row.call),
      "\(medians.count)",
      CostFormat.median(medians), CostFormat.outliers(outliers), "\(all?.count ?? 0)", "\(row.outOfRange)",
      .optional(row.trials.map(\.minimum).min().map { CostFormat.number(Double($0)) }),
    ]
      + LatencySection.percentiles.map { CostFormat.percentile($0, of: all, row.trials) } + [
        CostFormat.maximum(row.trials), .text(row.setup.text),
      ]
  }
}

/// Comparisons of rows of two back ends with the same operation, condition and mode.
struct LatencyComparisons {
  let results: StudyResults
  /// The rows at the point from which everything is varied.
  let rows: [LatencyResult]

  func write(to document: inout MarkdownDocument) {
    var table = ComparisonTable([.text("Operation"), .text("Condition"), .text("Mode")])
    // Different calls of two back ends are the same operation.
    for (_, rows) in rows.filter({ !$0.trials.isEmpty }).grouped(by: {
      [$0.operation.rawValue, $0.condition.text, $0.mode.rawValue]
    }) {
      let cells: [Inline] = [.text(rows[0].operation.rawValue), .text(rows[0].condition.text), .text(rows[0].mode)]
      table.addPairs(of: rows, cells, results.label) { $0.trialMedians }
    }
    table.write("Medians of trials (\(results.timeUnit))", to: &document)
  }
}

/// The scaling of an operation's cost with one parameter.
struct LatencyGrowth {
  let results: StudyResults

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
      for (_, rows) in ofSeries.grouped(by: { [$0.operation.rawValue, $0.plainName, $0.mode.rawValue] }) {
        table.add(cells(rows))
      }
      document.table(table)
    }
  }

  private func cells(_ rows: [LatencyResult]) -> [Inline] {
    let levels = GrowthLevels(rows)
    let texts = levels.levels.map { "\(Format.grouped(Int($0.level))): \(CostFormat.number($0.trials.median ?? 0))" }
    let head: [Inline] = [
      .text(rows[0].operation.rawValue), results.label(rows[0].backend, reader: rows[0].reader), .text(rows[0].mode),
      .text(texts.joined(separator: "; ")),
    ]
    guard let fit = LinearFit(levels.levels) else { return head + [.absent, .absent, .absent] }
    let range = (levels.levels.map(\.trials.count).min() ?? 0) > 1 ? fit.slopeRange : nil
    let slope = CostFormat.spread(fit.slopeInterval, range, CostFormat.short)
    return head + [
      .text(CostFormat.number(fit.intercept)), .text(CostFormat.short(fit.slope) + slope),
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

/// The cost of the getters: positions, counters, sizes and times.
struct LatencyGetters {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    guard !results.getters.isEmpty else { return }
    document.heading(3, "Cost of the getters")
    document.paragraph(
      """
      Fields and functions that give a reader positions, counters, sizes and times. Many calls in a row are timed together, \
      and the time is divided by their number: the data are in the caches, and calls may overlap, so that this is a lower \
      bound of the cost of one.
      """)
    var table = MarkdownTable([
      .text("Back end"), .text("Field or function"), .text("What it is"), .number("calls at a time"), .number("trials"),
      .number("\(results.timeUnit) per call: median of trials"),
    ])
    for row in results.getters {
      table.add([
        results.label(row.backend), .code(row.name), .text(row.note), .text(Format.grouped(row.calls)),
        "\(row.trials.count)", CostFormat.median(row.nanosecondsPerCall),
      ])
    }
    document.table(table)
  }
}
