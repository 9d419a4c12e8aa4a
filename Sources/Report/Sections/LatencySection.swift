import Study

/// The cost of acquire and release.
struct LatencySection: ReportSection {
  private static let percentiles: [Double] = [50, 90, 99, 99.9]

  let results: Results
  let plots: [Plot]

  func write(to document: inout MarkdownDocument) {
    document.heading(.latency)
    guard !results.latency.isEmpty else { return document.paragraph("No latency was recorded.") }
    document.paragraph(
      """
      Nanoseconds. The clock overhead is contained in every sample and not subtracted. The rows are in the order of \
      `latency` in `results.json`, which holds the histograms. min and max are exact; percentiles keep as many \
      significant digits as the last table says.
      """)
    var table = MarkdownTable(
      [
        .text("Back end"), .text("Mode"), .text("Operation"), .text("Condition"), .text("Call"), .number("n"),
        .number("out of range"),
        .number("min"),
      ] + LatencySection.percentiles.map { .number("p\(Format.decimal($0, digits: 1))") } + [
        .number("max"), .number("clock overhead"),
      ])
    for latency in results.latency { table.add(row(latency)) }
    document.table(table)
    if results.latency.contains(where: { latency in LatencySection.percentiles.contains { hidden($0, latency) } }) {
      document.paragraph(
        "`—` in a percentile: fewer than \(SampleSupport.samplesBeyond) of the n samples are expected beyond it, or it was not recorded."
      )
    }
    document.table(setups)
    writeModels(to: &document)
    for backend in results.backendNames where hasNoRelease(backend) {
      document.paragraph(
        """
        \(results.label(backend)) has no row for *release*: no call was made. What releases there is timed with the acquire; \
        across back ends, *acquire and release* holds the same steps.
        """)
    }
    for plot in plots where plot.kind == .latency { document.image("\(plot.description)", file: plot.file) }
  }

  private func writeModels(to document: inout MarkdownDocument) {
    guard results.latency.contains(where: { results.isModel($0.backend) }) else { return }
    document.paragraph(
      """
      A row of a model is the time that this program takes to make the model's steps. It is not the cost of the ABI that \
      it is a model of. A plot has the curves of models only where it has none of a live back end.
      """)
  }

  private func hasNoRelease(_ backend: String) -> Bool {
    let rows = results.latency.filter { $0.backend == backend }
    return rows.contains { $0.operation == "acquire" } && !rows.contains { $0.operation == "release" }
  }

  /// What was measured under which conditions, a row for those rows of a back end that share them.
  private var setups: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Measured under"), .number("significant digits"),
    ])
    var seen: [[String]] = []
    for latency in results.latency {
      let setup = latency.setup.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
      let key = [latency.backend, latency.mode, setup, "\(latency.significantDigits)"]
      guard !seen.contains(key) else { continue }
      seen.append(key)
      table.add([results.label(latency.backend), .text(latency.mode), .text(setup), "\(latency.significantDigits)"])
    }
    return table
  }

  private func row(_ latency: LatencyResult) -> [Inline] {
    let isEmpty = latency.count == 0
    return [
      results.label(latency.backend), .text(latency.mode), .text(latency.operation), .text(latency.condition),
      .code(latency.call),
      "\(latency.count)", "\(latency.outOfRange)", isEmpty ? Inline.absent : "\(latency.minimum)",
    ]
      + LatencySection.percentiles.map { percentile in
        guard !hidden(percentile, latency), let value = value(percentile, latency) else { return Inline.absent }
        return "\(value)"
      } + [isEmpty ? Inline.absent : "\(latency.maximum)", "\(latency.clockOverhead)"]
  }

  private func hidden(_ percentile: Double, _ latency: LatencyResult) -> Bool {
    !SampleSupport.supports(percentile, samples: latency.count) || value(percentile, latency) == nil
  }

  private func value(_ percentile: Double, _ latency: LatencyResult) -> UInt64? {
    latency.percentiles.first { abs($0.percentile - percentile) < 1e-9 }?.nanoseconds
  }
}
