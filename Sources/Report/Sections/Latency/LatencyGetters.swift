import Study

/// What it costs to ask for positions, counters, sizes and times.
struct LatencyGetters {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    guard !results.getters.isEmpty else { return }
    document.heading(3, "Positions, counters and times")
    document.paragraph(
      """
      What the ABI tells a reader beside the events. Many calls in a row are timed together, and their number divides the time: \
      everything lies in the caches, and calls may overlap, so that this is the least that one costs. The fields \
      of the kernel's meta page are as of the last ioctl.
      """)
    var table = MarkdownTable([
      .text("Back end"), .text("Field or function"), .text("What it is"), .number("calls at a time"), .number("trials"),
      .number("ns per call [95 %]"),
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
