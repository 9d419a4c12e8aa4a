import Results
import SubbufferSource

/// The delivery latency of events, its cost, and its dependence on the settings of the reader.
struct DeliveryLatencySection: ReportSection {
  let results: StudyResults
  let plots: [Plot]

  func write(to document: inout MarkdownDocument) {
    document.heading(.deliveryLatency)
    guard !results.deliveryLatency.isEmpty else {
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
    DeliveryLatencyCosts(results: results).write(to: &document)
    DeliveryLatencyComparisons(results: results).write(to: &document)
    document.details("The ring buffers and the loads") { $0.table(setups) }
    for plot in plots where plot.kind == .deliveryLatency { document.image("\(plot.description)", file: plot.file) }
  }

  /// The CPU of both; `nil` if they had one each.
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
    for row in results.deliveryLatency { table.add(cells(row)) }
    return table.withoutEmptyColumns()
  }

  private func cells(_ row: DeliveryLatencyResult) -> [Inline] {
    let head: [Inline] = [
      results.label(row.backend), .text(row.reader.waiting.rawValue), .text(row.reader.setting), "\(row.rate)",
      "\(row.counts.count)", "\(row.counts.reduce(0) { $0 &+ $1.events })",
      "\(row.youngest.reduce(0) { $0 &+ $1.distribution.count })", "\(row.lost)",
      "\(row.counts.reduce(0) { $0 &+ $1.left })",
      bound(row.bound),
      MicrosecondFormat.median(row.trialMedians),
    ]
    return head + [99, 99.9].map { MicrosecondFormat.percentile($0, of: row.age) } + [
      MicrosecondFormat.maximum(row.age)
    ]
      + [50, 99].map { MicrosecondFormat.percentile($0, of: row.youngest) }
      + [50, 99, 99.9].map { MicrosecondFormat.percentile($0, of: row.intended) }
      + [MicrosecondFormat.maximum(row.intended)]
  }

  /// The greatest age by design; `—` if calls alone delay an event.
  func bound(_ nanoseconds: UInt64) -> Inline {
    nanoseconds == 0 ? .absent : .text(MicrosecondFormat.text(Double(nanoseconds)))
  }

  /// The ring buffer and the load of each row.
  private var setups: MarkdownTable {
    let names = results.deliveryLatency.flatMap { $0.setup.map(\.name) }.uniqued()
    var table = MarkdownTable(
      [.text("Back end"), .text("Mode"), .text("Reader"), .number("Rate (events/s)")] + names.map { .number("\($0)") })
    for row in results.deliveryLatency {
      table.add(
        [results.label(row.backend), .text(row.mode), .text(row.reader.title), "\(row.rate)"]
          + names.map { .optional(row.setup.value(of: $0)) })
    }
    return table
  }

  /// Samples that are in no distribution, or clamped.
  private var oddities: [Inline] {
    let kinds: [(text: Inline, count: (DeliveryLatencyResult) -> UInt64)] = [
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
      let rows = results.deliveryLatency.filter { kind.count($0) > 0 }
      guard !rows.isEmpty else { return "\(kind.text): none." }
      let list: [Inline] = rows.map {
        "\(kind.count($0)) on \(results.label($0.backend)), \($0.reader.title), \($0.rate)/s"
      }
      return "\(kind.text): \(Inline(list, separator: "; "))."
    }
  }
}

/// The cost of each reader.
struct DeliveryLatencyCosts {
  let results: StudyResults

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
    for row in results.deliveryLatency { table.add(cells(row)) }
    document.table(table.withoutUniformColumn("Pareto-optimal"))
    let sleepers = results.deliveryLatency.filter { perSecond($0, \.waits) == 0 && perSecond($0, \.sleeps) ?? 0 > 0 }
    guard !sleepers.isEmpty else { return }
    document.paragraph("These readers do not wait but sleep in a call of the ABI, acquire or flush:")
    document.list(
      sleepers.map { row in
        let name: Inline = "\(results.label(row.backend)), \(row.reader.title), \(Format.grouped(row.rate))/s"
        return "\(name): \(perSecond(row, \.sleeps) ?? 0) sleeps/s"
      })
  }

  /// A count per second: the median of trials, at most 10^18.
  private func perSecond(_ row: DeliveryLatencyResult, _ count: (DeliveryLatencyCounts) -> UInt64) -> UInt64? {
    row.counts.map { $0.perSecond(count($0)) }.median.map { UInt64(min($0.rounded(), 1e18)) }
  }

  private func cells(_ row: DeliveryLatencyResult) -> [Inline] {
    let counted: [(DeliveryLatencyCounts) -> UInt64] = [
      \.waits, \.sleeps, \.preemptions, \.flushes, \.acquires, \.handovers,
    ]
    let head: [Inline] = [
      results.label(row.backend), .text(row.reader.waiting.rawValue), .text(row.reader.setting), "\(row.rate)",
      row.trialMedians.median.map { .text(MicrosecondFormat.text($0)) } ?? .absent,
      CostFormat.median(row.cpuPercents),
    ]
    return head
      + counted.map { count in perSecond(row, count).map { "\($0)" } ?? .absent } + [
        row.waitsPerSubbuffer.map { .text(Format.significant($0)) } ?? .absent, isParetoOptimal(row) ? "yes" : "no",
      ]
  }

  /// `true` if no other reader has both a lower age and a lower cost.
  private func isParetoOptimal(_ row: DeliveryLatencyResult) -> Bool {
    guard let age = row.trialMedians.median, let cpu = row.cpuPercents.median else { return false }
    return !results.deliveryLatency.contains { other in
      guard other.backend == row.backend, other.rate == row.rate, let itsAge = other.trialMedians.median,
        let itsCPU = other.cpuPercents.median
      else { return false }
      return itsAge < age && itsCPU < cpu
    }
  }
}

/// Comparisons of the same reader on two back ends, and of two settings on one back end.
struct DeliveryLatencyComparisons {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    // Of rows with the same back end, mode, reader and rate the first is compared.
    let rows = results.deliveryLatency.uniqued(by: DeliveryLatencyIdentity.init)
    let between = rows.pairs(where: DeliveryLatencyPair.betweenBackends)
    let within = rows.pairs(where: DeliveryLatencyPair.withinBackend)
    guard !between.isEmpty || !within.isEmpty else { return }
    let family = TestFamily(
      between.flatMap { comparisons($0, hasNewest: true) } + within.flatMap { comparisons($0, hasNewest: false) })
    document.heading(3, "Ages compared")
    document.paragraph(
      """
      Second over first: ratios of the medians of trials. \(TestFamily.bracketsNote) The value of a trial is its median; for *newest* the \
      median of its hand-overs, for *CPU* its share. \(family.note)
      """)
    if !between.isEmpty {
      document.paragraph(
        "The same reader on two back ends: the same way of waiting, with the same wake-up rule, period and flush:")
      let names = ["Reader", "First", "Second"].map { MarkdownTable.Column.text("\($0)") }
      document.table(
        table(between, names, hasNewest: true, family) { pair in
          [.text(pair.first.reader.title), results.label(pair.first.backend), results.label(pair.second.backend)]
        })
    }
    if between.isEmpty, Set(results.deliveryLatency.map(\.backend)).count > 1 {
      document.paragraph(
        """
        Ages are not compared between back ends: no two of them were read by equal readers, with the same way of waiting, \
        wake-up rule, period and flush.
        """)
    }
    if !within.isEmpty {
      document.paragraph("One setting varied on one back end:")
      let names = ["Back end", "First", "Second"].map { MarkdownTable.Column.text("\($0)") }
      document.table(
        table(within, names, hasNewest: false, family) { pair in
          [
            results.label(pair.first.backend), .text(pair.first.reader.title), .text(pair.second.reader.title),
          ]
        })
    }
  }

  private func table(
    _ pairs: [DeliveryLatencyPair], _ names: [MarkdownTable.Column], hasNewest: Bool, _ family: TestFamily,
    _ cells: (DeliveryLatencyPair) -> [Inline]
  ) -> MarkdownTable {
    let compared = ["age"] + (hasNewest ? ["newest"] : []) + ["CPU"]
    var table = MarkdownTable(
      names + [.number("Rate (events/s)"), .number("n")]
        + compared.flatMap { [.number("\($0): second / first"), .number("p")] })
    for pair in pairs {
      let (first, second) = (pair.first, pair.second)
      table.add(
        cells(pair) + ["\(first.rate)", "\(first.age.count), \(second.age.count)"]
          + comparisons(pair, hasNewest: hasNewest).flatMap { [CostFormat.ratio($0), family.p($0)] })
    }
    return table
  }

  private func comparisons(_ pair: DeliveryLatencyPair, hasNewest: Bool) -> [Comparison] {
    let (first, second) = (pair.first, pair.second)
    let newest = Comparison(base: first.youngest.percentiles(50), other: second.youngest.percentiles(50))
    return [Comparison(base: first.trialMedians, other: second.trialMedians)] + (hasNewest ? [newest] : [])
      + [Comparison(base: first.cpuPercents, other: second.cpuPercents)]
  }
}

/// The properties that differ between the rows of one study.
private struct DeliveryLatencyIdentity: Hashable {
  let backend: String
  let mode: RingMode
  let reader: DeliveryLatencyReader
  let rate: UInt64

  init(_ row: DeliveryLatencyResult) {
    (backend, mode, reader, rate) = (row.backend, row.mode, row.reader, row.rate)
  }
}

/// Two rows that are compared.
struct DeliveryLatencyPair {
  let first: DeliveryLatencyResult
  let second: DeliveryLatencyResult

  /// Equal readers on two back ends. One that is woken per event is not equal to one woken per sub-buffer, nor one that
  /// flushes to one that does not.
  static func betweenBackends(_ first: DeliveryLatencyResult, _ second: DeliveryLatencyResult) -> Bool {
    first.backend != second.backend && first.mode == second.mode && first.rate == second.rate
      && first.reader == second.reader
  }

  /// Readers of one back end of which the second acquires less often by one setting: it blocks instead of polling, waits for more,
  /// looks less often, or does not flush.
  static func withinBackend(_ first: DeliveryLatencyResult, _ second: DeliveryLatencyResult) -> Bool {
    guard first.backend == second.backend, first.mode == second.mode, first.rate == second.rate else { return false }
    let (one, other) = (first.reader, second.reader)
    var unflushed = one
    unflushed.flushes = false
    if one.flushes, unflushed == other { return true }
    guard one.flushes == other.flushes else { return false }
    switch (one.waiting, other.waiting) {
    case (.polling, .blocking): return (other.wake?.fill ?? 0) == 0 && other.switchTimer == 0
    case (.blocking, .blocking):
      if let fill = one.wake?.fill, let next = other.wake?.fill { return fill < next }
      // Without a timer partial sub-buffers are ended least often.
      return one.switchTimer > 0 && (other.switchTimer == 0 || one.switchTimer < other.switchTimer)
    case (.timer, .timer): return one.period < other.period
    case (.polling, _), (.blocking, _), (.timer, _): return false
    }
  }
}

extension [DeliveryLatencyResult] {
  /// Each two rows, in either order, of which something is true, in the order of the rows.
  fileprivate func pairs(where isPair: (DeliveryLatencyResult, DeliveryLatencyResult) -> Bool) -> [DeliveryLatencyPair]
  {
    indices.flatMap { first in
      indices.compactMap { second -> DeliveryLatencyPair? in
        guard isPair(self[first], self[second]) else { return nil }
        // Of two back ends the one that stands first, once.
        guard self[first].backend == self[second].backend || first < second else { return nil }
        return DeliveryLatencyPair(first: self[first], second: self[second])
      }
    }
  }
}

/// The text of readers, ages and costs.
enum MicrosecondFormat {
  /// A time in microseconds.
  static func text(_ nanoseconds: Double) -> String { CostFormat.number(nanoseconds / 1_000) }

  /// The median of trials in text, with its range or interval.
  static func median(_ nanoseconds: [Double]) -> Inline { CostFormat.median(nanoseconds.map { $0 / 1_000 }) }

  /// A percentile in text, if there are enough samples from enough trials.
  static func percentile(_ percentile: Double, of trials: [Trial]) -> Inline {
    CostFormat.percentile(percentile, of: trials.distribution, trials, text)
  }

  /// The greatest sample in microseconds.
  static func maximum(_ trials: [Trial]) -> Inline { CostFormat.maximum(trials, text) }
}

extension DeliveryLatencyReader {
  /// The settings: `buffer_percent 50`; `every 1 ms, flush`.
  var setting: String {
    var parts: [String] = []
    if period > 0 { parts.append("every \(Format.decimal(Double(period) / 1e6, digits: 3)) ms") }
    if let wake { parts.append(wake.rawValue) }
    if switchTimer > 0 { parts.append("switch timer \(Format.decimal(Double(switchTimer) / 1e3, digits: 3)) ms") }
    if flushes { parts.append("flush") }
    return parts.joined(separator: ", ")
  }

  /// The way of waiting with the settings.
  var title: String { setting.isEmpty ? waiting.rawValue : "\(waiting.rawValue), \(setting)" }
}

extension DeliveryLatencyResult {
  /// Waits per sub-buffer that the events written meanwhile fill, in all trials; `nil` if the reader does not wait, or if
  /// the set-up does not name the events of a sub-buffer.
  var waitsPerSubbuffer: Double? {
    func setting(_ name: String) -> Double? { setup.value(of: name).flatMap(Double.init) }
    let waits = counts.reduce(0) { $0 + Double($1.waits) }
    guard let size = setting("events of a full sub-buffer"), size > 0, waits > 0 else { return nil }
    // The counts begin with the producer and end with the last recorded event.
    let before = setting("events before those recorded") ?? 0
    let events = counts.reduce(0) { $0 + Double($1.events) + before }
    return events > 0 ? waits * size / events : nil
  }

  /// Recorded events that no reader was handed, in all trials.
  var lost: UInt64 { counts.reduce(0) { $0 &+ $1.lost } }
  /// The CPU time of the reading thread in per cent of one CPU, trial by trial.
  var cpuPercents: [Double] { counts.map { $0.cpuShare * 100 } }
}
