import Study

/// The cost of each reader.
struct FreshnessCosts {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(3, "Cost of the reader")
    document.paragraph(
      """
      Of the reading thread alone, with decoding, from the start of the producer to the last recorded event; medians of \
      trials. *waits*: calls that wait for the ABI or for a timer. *sleeps*: voluntary context switches, as the kernel counts \
      them. A wait that finds data ready does not sleep, and one `poll` can sleep more than once: the kernel wakes the thread, \
      the wake-up condition does not hold, and it sleeps again without returning, so that *sleeps* can exceed *waits*. \
      *preemptions*: involuntary context switches, during which events aged that the ABI did not hold back. *sub-buffers*: \
      hand-overs, a partial one each time. *waits per sub-buffer filled*: waits over the sub-buffers that the events of the same \
      time fill; rows of which it differs are not at the same wake-up rate. *Pareto-optimal*: no other reader of this back end at this rate has both a lower \
      age and less CPU time, by the medians, untested; left out if it is so of all.
      """)
    var table = MarkdownTable([
      .text("Back end"), .text("Reader"), .text("Setting"), .number("Rate (events/s)"),
      .number("age: median of trials (µs)"), .number("CPU: median of trials (% of one)"), .number("waits/s"),
      .number("sleeps/s"),
      .number("preemptions/s"), .number("flushes/s"), .number("acquires/s"), .number("sub-buffers/s"),
      .number("waits per sub-buffer filled"),
      .text("Pareto-optimal"),
    ])
    for row in results.freshness { table.add(cells(row)) }
    document.table(table.withoutUniformColumn("Pareto-optimal"))
    let sleepers = results.freshness.filter { perSecond($0, \.waits) == 0 && perSecond($0, \.sleeps) ?? 0 > 0 }
    guard !sleepers.isEmpty else { return }
    document.paragraph("These readers do not wait but sleep in a call of the ABI, acquire or flush:")
    document.list(
      sleepers.map { row in
        let name: Inline = "\(results.label(row.backend)), \(row.reader.title), \(Format.grouped(row.rate))/s"
        return "\(name): \(perSecond(row, \.sleeps) ?? 0) sleeps/s"
      })
  }

  /// A count per second: the median of trials, at most 10^18.
  private func perSecond(_ row: FreshnessResult, _ count: (FreshnessCounts) -> UInt64) -> UInt64? {
    row.counts.map { $0.perSecond(count($0)) }.median.map { UInt64(min($0.rounded(), 1e18)) }
  }

  private func cells(_ row: FreshnessResult) -> [Inline] {
    let counted: [(FreshnessCounts) -> UInt64] = [\.waits, \.sleeps, \.preemptions, \.flushes, \.acquires, \.handovers]
    let head: [Inline] = [
      results.label(row.backend), .text(row.reader.waiting.rawValue), .text(row.reader.setting), "\(row.rate)",
      row.trialMedians.median.map { .text(FreshnessFormat.microseconds($0)) } ?? .absent,
      LatencyFormat.median(row.cpuPercents),
    ]
    return head
      + counted.map { count in perSecond(row, count).map { "\($0)" } ?? .absent } + [
        row.waitsPerSubbuffer.map { .text(Format.significant($0)) } ?? .absent, isParetoOptimal(row) ? "yes" : "no",
      ]
  }

  /// `true` if no other reader has both a lower age and a lower cost.
  private func isParetoOptimal(_ row: FreshnessResult) -> Bool {
    guard let age = row.trialMedians.median, let cpu = row.cpuPercents.median else { return false }
    return !results.freshness.contains { other in
      guard other.backend == row.backend, other.rate == row.rate, let itsAge = other.trialMedians.median,
        let itsCPU = other.cpuPercents.median
      else { return false }
      return itsAge < age && itsCPU < cpu
    }
  }
}
