import Results

/// The throughput of draining a ring buffer that was filled before.
struct ThroughputSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(.throughput)
    guard !results.throughput.isEmpty else {
      return document.paragraph("No throughput was measured: it is measured on live back ends alone.")
    }
    document.timeUnitNote(results)
    document.paragraph(
      """
      The producer fills three quarters of the sub-buffers and stops; a reader drains them, one after the other. *Between*: \
      what it does between acquire and release. Medians of trials, each the median of its drains. *MB/s*: 10⁶ bytes of events \
      per second, with their headers. A reader that does *nothing* between touches no event: its cost divided by the number \
      of events is no rate, and no rate is given. An event of the same load takes more bytes in one ABI than in another: \
      compare the cost per event.
      """)
    document.spreadNote()
    if let memory = results.memory, !results.environment.countsInstructions { document.paragraph(bandwidth(memory)) }
    document.table(table)
    comparisons(to: &document)
  }

  private func bandwidth(_ memory: MemoryResult) -> Inline {
    let mebibytes = memory.bytes >> 20
    return """
      Between the trials, on the same CPU: memcpy of \(mebibytes) MiB copies \(megabytes(memory.copiedPerSecond)) MB/s; \
      summing the words of \(mebibytes) MiB reads \(megabytes(memory.readPerSecond)) MB/s. *Of memcpy*: MB/s over \
      the median of the former. The drained data are smaller and may be in the caches, so that it may exceed 100 %.
      """
  }

  private var table: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Sub-buffers"), .text("Between"), .number("bytes of an event"),
      .number("trials"), .number("\(results.timeUnit) per event"), .number("events/s"), .number("sub-buffers/s"),
      .number("MB/s"), .number("of memcpy (%)"),
    ])
    let hasRates = !results.environment.countsInstructions
    let copied = results.memory?.copiedPerSecond.median
    for row in results.throughput {
      let touchesEvents = row.work != .handOver && hasRates
      let bytes = touchesEvents ? row.trials.compactMap(\.bytesPerSecond).median : nil
      let perEvent = row.nanosecondsPerEvent
      table.add([
        name(row), .text(row.mode), shape(row), .text(row.work.rawValue), "\(row.eventSize)", "\(row.trials.count)",
        CostFormat.median(perEvent), touchesEvents ? perEvent.median.map { rate(1e9 / $0) } ?? .absent : .absent,
        hasRates ? row.trials.compactMap(\.subbuffersPerSecond).median.map(rate) ?? .absent : .absent,
        bytes.map { rate($0 / 1e6) } ?? .absent, share(bytes, copied),
      ])
    }
    return table.withoutEmptyColumns()
  }

  private func comparisons(to document: inout MarkdownDocument) {
    var table = ComparisonTable([.text("Mode"), .text("Sub-buffers"), .text("Between")])
    let groups = results.throughput.grouped { "\($0.mode) \($0.subbufferSize) \($0.subbufferCount) \($0.work)" }
    for (_, rows) in groups {
      let cells: [Inline] = [.text(rows[0].mode), shape(rows[0]), .text(rows[0].work.rawValue)]
      table.addPairs(of: rows, cells, results.label) { $0.nanosecondsPerEvent }
    }
    table.write("Cost per event (\(results.timeUnit))", to: &document)
  }

  private func name(_ row: ThroughputResult) -> Inline { results.label(row.backend, reader: row.reader) }

  private func shape(_ row: ThroughputResult) -> Inline {
    "\(row.subbufferCount) of \(row.subbufferSize) bytes"
  }

  private func megabytes(_ rates: [Double]) -> Inline { rates.median.map { rate($0 / 1e6) } ?? .absent }

  private func rate(_ value: Double) -> Inline { .text(CostFormat.number(value)) }

  private func share(_ bytes: Double?, _ copied: Double?) -> Inline {
    guard let bytes, let copied, copied > 0 else { return .absent }
    return .text(CostFormat.short(bytes / copied * 100))
  }
}
