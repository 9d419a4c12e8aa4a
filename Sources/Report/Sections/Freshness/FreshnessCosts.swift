import Study

/// What each reader pays for the age of its events.
struct FreshnessCosts {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(3, "What it costs")
    document.paragraph(
      """
      Of the reading thread alone, decoding included, from the start of the producer to the last recorded event; medians of \
      trials. *waits*: for the ABI or for a timer of its own. *sleeps*: voluntary context switches, as the kernel counts \
      them; a wait that finds something ready is none. *preemptions*: involuntary ones; meanwhile somebody else had the reader's \
      CPU, and events became old that the ABI did not hold back. *sub-buffers*: hand-overs, a partial one each time. *on the front*: \
      no other reader of this back end at this rate has both a lower age and less CPU time, by the medians, untested.
      """)
    var table = MarkdownTable([
      .text("Back end"), .text("Reader"), .text("Setting"), .number("Rate (events/s)"),
      .number("age: median of trials (µs)"), .number("CPU (% of one) [95 %]"), .number("waits/s"), .number("sleeps/s"),
      .number("preemptions/s"), .number("flushes/s"), .number("acquires/s"), .number("sub-buffers/s"),
      .text("on the front"),
    ])
    for row in results.freshness { table.add(cells(row)) }
    document.table(table)
    let sleepers = results.freshness.filter { perSecond($0, \.waits) == 0 && perSecond($0, \.sleeps) ?? 0 > 0 }
    guard !sleepers.isEmpty else { return }
    document.paragraph("These never wait, and yet sleep: in a call of the ABI, acquire or flush.")
    document.list(
      sleepers.map { row in
        let name: Inline = "\(results.label(row.backend)), \(row.reader.title), \(Format.grouped(row.rate))/s"
        return "\(name): \(perSecond(row, \.sleeps) ?? 0) sleeps/s"
      })
  }

  /// How often something was counted in a second: the median of trials.
  private func perSecond(_ row: FreshnessResult, _ count: (FreshnessCounts) -> UInt64) -> UInt64? {
    row.counts.map { $0.perSecond(count($0)) }.median.map { UInt64($0.rounded()) }
  }

  private func cells(_ row: FreshnessResult) -> [Inline] {
    let counted: [(FreshnessCounts) -> UInt64] = [\.waits, \.sleeps, \.preemptions, \.flushes, \.acquires, \.handovers]
    let head: [Inline] = [
      results.label(row.backend), .text(row.reader.waiting.rawValue), .text(row.reader.setting), "\(row.rate)",
      row.trialMedians.median.map { .text(FreshnessFormat.microseconds($0)) } ?? .absent,
      LatencyFormat.median(row.cpuPercents),
    ]
    return head
      + counted.map { count in perSecond(row, count).map { "\($0)" } ?? .absent } + [isOnFront(row) ? "yes" : ""]
  }

  /// Whether nothing that was measured is both fresher and cheaper.
  private func isOnFront(_ row: FreshnessResult) -> Bool {
    guard let age = row.trialMedians.median, let cpu = row.cpuPercents.median else { return false }
    return !results.freshness.contains { other in
      guard other.backend == row.backend, other.rate == row.rate, let itsAge = other.trialMedians.median,
        let itsCPU = other.cpuPercents.median
      else { return false }
      return itsAge < age && itsCPU < cpu
    }
  }
}
