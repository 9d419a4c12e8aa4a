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
