import Study

/// The cost of each operation, how those of the back ends compare, and how it grows.
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
      Nanoseconds. The reader on a CPU of its own where nothing else is said, the producer idle while it is measured. The \
      rows are in the order of `latency` in `results.json`, which holds the histogram of each trial.
      """)
    if let measurement = results.measurement { document.paragraph(method(measurement)) }
    // Put together once: of a thorough run it is many buckets.
    let distributions = rows.map(\.trials.distribution)
    document.table(table(rows, distributions))
    if distributions.contains(where: { all in LatencySection.percentiles.contains { isHidden($0, all) } }) {
      document.paragraph(
        "`—` in a percentile: fewer than \(SampleSupport.samplesBeyond) of the n samples are expected beyond it."
      )
    }
    for backend in results.backendNames where hasNoRelease(backend) {
      document.paragraph(
        """
        \(results.label(backend)) has no row for *release*: no call was made. What releases there is timed with the acquire; \
        across back ends, *acquire and release* holds the same steps.
        """)
    }
    LatencyComparisons(results: results, rows: rows).write(to: &document)
    LatencyGrowth(results: results).write(to: &document)
    LatencyGetters(results: results).write(to: &document)
    for plot in plots where plot.kind == .latency { document.image("\(plot.description)", file: plot.file) }
  }

  private func method(_ measurement: MeasurementResult) -> Inline {
    let round = results.latency.contains(where: \.isFirstTime) ? ", after each sub-buffer was taken once" : ""
    return """
      \(measurement.trials) trials of each ring buffer, in an order drawn from the seed; warm-up \(measurement.warmup) \
      filling and draining, left out, in each trial at each point\(round). Two readings of the clock with nothing between them lie \
      \(measurement.clockOverhead) ns apart (median), which is contained in every sample and not subtracted; recording a \
      sample takes \(Format.decimal(measurement.recordOverhead, digits: 1)) ns (mean), which is in none. min and max are \
      exact, percentiles keep \(measurement.significantDigits) significant digits.
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
        .number("median of trials [95 %]"), .number("outliers"), .number("n"), .number("out of range"),
        .number("min"),
      ] + LatencySection.percentiles.map { .number("p\(Format.decimal($0, digits: 1))") } + [
        .number("max"), .text("Measured under"),
      ])
    for (row, all) in zip(rows, distributions) { table.add(cells(row, all)) }
    return table
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
      row.trials.map(\.minimum).min().map { "\($0)" } ?? Inline.absent,
    ]
      + LatencySection.percentiles.map { percentile in
        guard !isHidden(percentile, all), let all else { return Inline.absent }
        return "\(all.value(at: percentile))"
      } + [row.trials.map(\.maximum).max().map { "\($0)" } ?? Inline.absent, .text(under)]
  }

  private func isHidden(_ percentile: Double, _ all: Distribution?) -> Bool {
    !SampleSupport.supports(percentile, samples: all?.count ?? 0)
  }
}
