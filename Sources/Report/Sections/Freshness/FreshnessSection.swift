import Study

/// The delivery latency of events, its cost, and what it depends on.
struct FreshnessSection: ReportSection {
  let results: Results
  let plots: [Plot]

  func write(to document: inout MarkdownDocument) {
    document.heading(.freshness)
    guard !results.freshness.isEmpty else {
      document.paragraph("No delivery latency was recorded: it is measured on live back ends alone, with two CPUs.")
      if let cpu = onlyCPU {
        document.paragraph("Not measured in this run: reader and producer had one CPU, \(cpu).")
      }
      return
    }
    if results.environment.countsInstructions { return document.turnsNote() }
    document.paragraph(
      """
      *age*: the time from an event's time stamp until the reader holds it, when `acquire` has returned its sub-buffer. The \
      producer writes at the offered rate, reading the clock between two events, and the reader has a CPU of its own. The \
      events in the middle of each trial are recorded, on one ring buffer that all readers use in turn.
      """)
    document.list([
      """
      *bound*: the greatest age if no call took any time: the period of the reader, the time in which a sub-buffer is filled \
      if the ABI holds it back until then, and the fill that the reader waits for. `—`: none of these delays an event, \
      and calls alone, which may retry or sleep, make up its age.
      """,
      """
      *lost*: recorded events that no reader was handed. *left*: events in the ring buffer of which the reader had not been \
      notified when the producer ended; excluded from the distributions.
      """,
      """
      *newest*: the age of the last event of each hand-over. *hand-overs*: the number of these, in all trials. The events of \
      one hand-over share its delay, so that percentiles of *age* rest on as many episodes and not on as many samples as \
      there are events. *from scheduled*: from the time for which the rate scheduled the event, so that a delayed \
      producer makes its events old, and not few.
      """,
      SampleSupport.note,
    ])
    document.spreadNote()
    document.table(ages)
    document.list(oddities)
    FreshnessCosts(results: results).write(to: &document)
    FreshnessComparisons(results: results).write(to: &document)
    document.details("The ring buffers and the loads") { $0.table(setups) }
    for plot in plots where plot.kind == .freshness { document.image("\(plot.description)", file: plot.file) }
  }

  /// The CPU of both, where it is one.
  private var onlyCPU: String? {
    let cpus = ["producer's CPU", "reader's CPU"].map { name in
      results.environment.facts.value(of: name)
    }
    return cpus[0] == cpus[1] ? cpus[0] : nil
  }

  private var ages: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Reader"), .text("Setting"), .number("Rate (events/s)"), .number("trials"),
      .number("events"), .number("hand-overs"), .number("lost"), .number("left"), .number("bound (µs)"),
      .number("age: median of trials (µs)"), .number("all trials: p99 (µs)"), .number("p99.9 (µs)"),
      .number("max (µs)"),
      .number("newest: p50 (µs)"), .number("p99 (µs)"), .number("from scheduled: p50 (µs)"), .number("p99 (µs)"),
      .number("p99.9 (µs)"), .number("max (µs)"),
    ])
    for row in results.freshness { table.add(cells(row)) }
    return table.withoutColumns { $0 == Inline.absent.source(inTable: true) }
  }

  private func cells(_ row: FreshnessResult) -> [Inline] {
    let head: [Inline] = [
      results.label(row.backend), .text(row.reader.waiting.rawValue), .text(row.reader.setting), "\(row.rate)",
      "\(row.counts.count)", "\(row.counts.reduce(0) { $0 &+ $1.events })",
      "\(row.youngest.reduce(0) { $0 &+ $1.distribution.count })", "\(row.lost)",
      "\(row.counts.reduce(0) { $0 &+ $1.left })",
      bound(row.bound),
      FreshnessFormat.median(row.trialMedians),
    ]
    return head + [99, 99.9].map { FreshnessFormat.percentile($0, of: row.age) } + [FreshnessFormat.greatest(row.age)]
      + [50, 99].map { FreshnessFormat.percentile($0, of: row.youngest) }
      + [50, 99, 99.9].map { FreshnessFormat.percentile($0, of: row.intended) }
      + [FreshnessFormat.greatest(row.intended)]
  }

  /// The greatest age by design; `—` where nothing but calls delays an event.
  func bound(_ nanoseconds: UInt64) -> Inline {
    nanoseconds == 0 ? .absent : .text(FreshnessFormat.microseconds(Double(nanoseconds)))
  }

  /// The ring buffer and the load of each row.
  private var setups: MarkdownTable {
    let names = results.freshness.flatMap { $0.setup.map(\.name) }.grouped { $0 }.map(\.key)
    var table = MarkdownTable(
      [.text("Back end"), .text("Mode"), .text("Reader"), .number("Rate (events/s)")] + names.map { .number("\($0)") })
    for row in results.freshness {
      table.add(
        [results.label(row.backend), .text(row.mode), .text(row.reader.title), "\(row.rate)"]
          + names.map { name in row.setup.value(of: name).map { .text($0) } ?? .absent })
    }
    return table
  }

  /// Samples that are in no distribution, or clamped.
  private var oddities: [Inline] {
    let kinds: [(text: Inline, count: (FreshnessResult) -> UInt64)] = [
      (
        "Ages beyond the range of the histogram, excluded from all other numbers",
        { $0.age.reduce(0) { $0 &+ $1.outOfRange } }
      ),
      (
        "Time stamps later than the moment at which the reader held the event, whose age counts as 0",
        { $0.counts.reduce(0) { $0 &+ $1.ahead } }
      ),
    ]
    return kinds.map { kind in
      let rows = results.freshness.filter { kind.count($0) > 0 }
      guard !rows.isEmpty else { return "\(kind.text): none." }
      let list: [Inline] = rows.map {
        "\(kind.count($0)) on \(results.label($0.backend)), \($0.reader.title), \($0.rate)/s"
      }
      return "\(kind.text): \(Inline(list, separator: "; "))."
    }
  }
}
