import Study

/// How fast a ring buffer that was filled before is drained.
struct ThroughputSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(.throughput)
    guard !results.throughput.isEmpty else {
      return document.paragraph("No throughput was measured: it is of live back ends alone.")
    }
    document.timeUnitNote(results)
    document.paragraph(
      """
      The producer fills three quarters of the sub-buffers and stops; a reader drains them, one after the other. *Between*: \
      what it does between acquire and release. Medians of trials, each the median of its drains; in brackets the 95 % \
      interval of a bootstrap over the trials. *MB/s*: 10⁶ bytes of events a second, their headers included; `—` where \
      the reader does not touch them. An event of the same load takes more bytes in one ABI than in another: compare *ns per \
      event*.
      """)
    if let memory = results.memory { document.paragraph(bandwidth(memory)) }
    document.table(table)
    comparisons(to: &document)
  }

  private func bandwidth(_ memory: MemoryResult) -> Inline {
    let mebibytes = memory.bytes >> 20
    return """
      Between the trials, on the same CPU: memcpy of \(mebibytes) MiB copies \(megabytes(memory.copiedPerSecond)) MB/s; \
      adding up the words of \(mebibytes) MiB reads \(megabytes(memory.readPerSecond)) MB/s. *Of memcpy*: MB/s over \
      the median of the former. What is drained is smaller and may lie in the caches, so that it may be more than 100 %.
      """
  }

  private var table: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Sub-buffers"), .text("Between"), .number("bytes of an event"),
      .number("trials"), .number("ns per event [95 %]"), .number("events/s"), .number("sub-buffers/s"), .number("MB/s"),
      .number("of memcpy"),
    ])
    let copied = results.memory?.copiedPerSecond.median
    for row in results.throughput {
      let bytes = row.work == .handOver ? nil : row.trials.compactMap(\.bytesPerSecond).median
      let perEvent = row.nanosecondsPerEvent
      table.add([
        name(row), .text(row.mode), shape(row), .text(row.work.rawValue), "\(row.eventSize)", "\(row.trials.count)",
        LatencyFormat.median(perEvent), perEvent.median.map { count(1e9 / $0) } ?? .absent,
        row.trials.compactMap(\.subbuffersPerSecond).median.map(count) ?? .absent,
        bytes.map { count($0 / 1e6) } ?? .absent, share(bytes, copied),
      ])
    }
    return table
  }

  /// A baseline is held against the reader ABI of its back end alone.
  private func comparisons(to document: inout MarkdownDocument) {
    var table = ComparisonTable([.text("Mode"), .text("Sub-buffers"), .text("Between")])
    let groups = results.throughput.grouped { "\($0.mode) \($0.subbufferSize) \($0.subbufferCount) \($0.work)" }
    for (_, rows) in groups {
      let pairs = rows.pairs {
        $0.reader == LatencyResult.studiedReader && ($1.reader == $0.reader || $1.backend == $0.backend)
      }
      for (first, second) in pairs {
        table.add(
          [.text(first.mode), shape(first), .text(first.work.rawValue)],
          ComparisonTable.Series(name: name(first), values: first.nanosecondsPerEvent),
          ComparisonTable.Series(name: name(second), values: second.nanosecondsPerEvent))
      }
    }
    table.write("Nanoseconds per event", to: &document)
  }

  private func name(_ row: ThroughputResult) -> Inline { results.label(row.backend, reader: row.reader) }

  private func shape(_ row: ThroughputResult) -> Inline {
    "\(row.subbufferCount) of \(row.subbufferSize) bytes"
  }

  private func megabytes(_ rates: [Double]) -> Inline { rates.median.map { count($0 / 1e6) } ?? .absent }

  private func count(_ value: Double) -> Inline { .text(Int64(exactly: value.rounded()).map(Format.grouped) ?? "—") }

  private func share(_ bytes: Double?, _ copied: Double?) -> Inline {
    guard let bytes, let copied, copied > 0 else { return .absent }
    return .text("\(Format.decimal(bytes / copied * 100, digits: 0)) %")
  }
}
