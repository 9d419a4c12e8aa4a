import Study

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
