import Study

/// How old events are when a reader holds them, what that costs, and what it depends on.
struct FreshnessSection: ReportSection {
  let results: Results
  let plots: [Plot]

  func write(to document: inout MarkdownDocument) {
    document.heading(.freshness)
    guard !results.freshness.isEmpty else {
      document.paragraph("No freshness was recorded: it is measured on live back ends alone, with two CPUs.")
      if let cpu = onlyCPU {
        document.paragraph("Not measured in this run: reader and producer had one CPU, \(cpu).")
      }
      return
    }
    document.timeUnitNote(results)
    document.turnsNote(results)
    document.paragraph(
      """
      From an event's time stamp to the moment at which the reader holds it: `acquire` has returned its sub-buffer. Times \
      in µs. The producer writes at the offered rate, reading the clock between two events, and the reader has a CPU of its \
      own. Of each trial the events in the middle are recorded, on a ring buffer that is used for all readers in turn.
      """)
    document.list([
      """
      *at most by design*: how old an event can become where no call takes any time: by the period of the reader, by the \
      time in which a sub-buffer is filled where it is held back until then, and by the fill that is waited for. `0`: none of \
      these.
      """,
      """
      *lost*: recorded events that nobody was handed. *left*: those that the reader had not been told of when the producer \
      ended; in no distribution.
      """,
      """
      *youngest*: the age of the last event of each hand-over. *from intended*: from the time for which the rate meant the \
      event, so that a producer that is kept from writing makes its events old, and not few.
      """,
    ])
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
      results.environment.facts.first { $0.name == name }?.value
    }
    return cpus[0] == cpus[1] ? cpus[0] : nil
  }

  private var ages: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Reader"), .text("Setting"), .number("Rate (events/s)"), .number("trials"),
      .number("events"), .number("lost"), .number("left"), .number("at most by design"),
      .number("age: median of trials [95 %]"), .number("p99"), .number("p99.9"), .number("max"),
      .number("youngest: p50"), .number("p99"), .number("from intended: p50"), .number("p99"), .number("p99.9"),
      .number("max"),
    ])
    for row in results.freshness { table.add(cells(row)) }
    return table
  }

  private func cells(_ row: FreshnessResult) -> [Inline] {
    let (age, youngest, intended) = (row.age.distribution, row.youngest.distribution, row.intended.distribution)
    let head: [Inline] = [
      results.label(row.backend), .text(row.reader.waiting.rawValue), .text(row.reader.setting), "\(row.rate)",
      "\(row.counts.count)", "\(row.counts.reduce(0) { $0 &+ $1.events })", "\(row.lost)",
      "\(row.counts.reduce(0) { $0 &+ $1.left })", .text(FreshnessFormat.microseconds(Double(row.bound))),
      FreshnessFormat.median(row.trialMedians),
    ]
    return head + [99, 99.9].map { FreshnessFormat.percentile($0, of: age) } + [FreshnessFormat.greatest(row.age)]
      + [50, 99].map { FreshnessFormat.percentile($0, of: youngest) }
      + [50, 99, 99.9].map { FreshnessFormat.percentile($0, of: intended) } + [FreshnessFormat.greatest(row.intended)]
  }

  /// Under what each row was measured.
  private var setups: MarkdownTable {
    let names = results.freshness.flatMap { $0.setup.map(\.name) }.grouped { $0 }.map(\.key)
    var table = MarkdownTable(
      [.text("Back end"), .text("Mode"), .text("Reader"), .number("Rate (events/s)")] + names.map { .number("\($0)") })
    for row in results.freshness {
      table.add(
        [results.label(row.backend), .text(row.mode), .text(row.reader.title), "\(row.rate)"]
          + names.map { name in row.setup.first { $0.name == name }.map { .text($0.value) } ?? .absent })
    }
    return table
  }

  /// What is counted beside, and where.
  private var oddities: [Inline] {
    let kinds: [(text: Inline, count: (FreshnessResult) -> UInt64)] = [
      ("Ages beyond the range of the histogram, in no other number", { $0.age.reduce(0) { $0 &+ $1.outOfRange } }),
      (
        "Time stamps behind the moment at which the event was held; their age counts as 0",
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
