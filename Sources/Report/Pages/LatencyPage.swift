import Study

/// The cost of each operation, compared between back ends, and its scaling.
struct LatencySection: ReportSection {
  static let percentiles: [Double] = [50, 90, 99, 99.9]

  let results: Results
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
    let round = results.latency.contains(where: \.isFirstTime) ? ", after each sub-buffer was acquired once" : ""
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
    return rows.contains { $0.operation == "acquire" } && !rows.contains { $0.operation == "release" }
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
    return table.withoutColumns { $0 == "0" || $0 == Inline.absent.source(inTable: true) }
  }

  private func cells(_ row: LatencyResult, _ all: Distribution?) -> [Inline] {
    let medians = row.trialMedians
    let outliers = Outliers(in: medians)
    let under = row.setup.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
    return [
      results.label(row.backend, reader: row.reader), .text(row.mode), .text(row.operation), .text(row.condition),
      .code(row.call),
      "\(medians.count)",
      LatencyFormat.median(medians), LatencyFormat.outliers(outliers), "\(all?.count ?? 0)", "\(row.outOfRange)",
      row.trials.map(\.minimum).min().map { .text(LatencyFormat.number(Double($0))) } ?? Inline.absent,
    ]
      + LatencySection.percentiles.map { LatencyFormat.percentile($0, of: all, row.trials) } + [
        row.trials.map(\.maximum).max().map { .text(LatencyFormat.number(Double($0))) } ?? Inline.absent, .text(under),
      ]
  }
}

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

/// The cost of the getters: positions, counters, sizes and times.
struct LatencyGetters {
  let results: Results

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
        "\(row.trials.count)", LatencyFormat.median(row.nanosecondsPerCall),
      ])
    }
    document.table(table)
  }
}
