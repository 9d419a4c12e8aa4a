import Results

/// The writer overhead: the cost of an event for its writer, by the activity of the reader.
struct WriterOverheadSection: ReportSection {
  private static let percentiles: [Double] = [50, 99, 99.9]

  let results: StudyResults
  let plots: [Plot]

  func write(to document: inout MarkdownDocument) {
    document.heading(.writerOverhead)
    guard !results.writerOverhead.isEmpty else { return document.paragraph(absence) }
    if results.environment.countsInstructions { return document.turnsNote() }
    document.paragraph(
      """
      The writer has a CPU of its own; events are due at equal distances, and between two of them it reads the clock and \
      does not sleep. *Service time*: from the reading of the clock before the write to the one after it. *Response time*: \
      from when the event was due to the latter, so that it includes the time that an event waited for the ones before it \
      (coordinated omission). The writer calls \(calls): these are different operations, and no row of one back end is \
      compared with one of another. Compare with *\(WriterCondition.noReader.rawValue)* of the same back end and mode.
      """)
    document.paragraph(
      """
      *\(WriterCondition.noWrite.rawValue)*: the same without the write: two readings of the clock and the interference by \
      the machine, its interrupts and those of a hypervisor. A tail of another row that is no longer than that of this one \
      shows the machine and not the ABI. *\(WriterCondition.busyCPU.rawValue)*: no reader, and the reader's CPU reads the \
      clock all the time, as a polling reader keeps its CPU from idling. *\(WriterCondition.noReaderAgain.rawValue)*: the \
      noise of the machine. Readers that are woken differ between back ends in the fill that wakes them: compare their rows \
      only with their wake-ups.
      """)
    writeWakeups(to: &document)
    document.spreadNote()
    document.paragraph(SampleSupport.note)
    document.table(times(results.writerOverhead.map { ($0, $0.service) }))
    WriterOverheadComparisons(results: results).write(to: &document)
    document.heading(3, "Event accounting")
    document.paragraph(
      """
      Events of all trials. *Delivered*: to a reader, during the writes or when it drained afterwards; `—` without a reader. \
      *Refused*: the writer's call returned an error; `—` if it returns nothing. In discard mode an event that was not \
      delivered was refused, reported or not, and its service time is in the table of the refused alone. *Waits that ended \
      with data*: waits of the reader.
      """)
    document.table(counts)
    let refused = results.writerOverhead.filter { !$0.serviceOfRefused.isEmpty }
    if !refused.isEmpty {
      document.paragraph("Service times of refused events:")
      document.table(times(refused.map { ($0, $0.serviceOfRefused) }, hasResponse: false))
    }
    document.paragraph("Measured under:")
    document.list(
      results.writerOverhead.grouped { [$0.backend, $0.mode.rawValue] }.map { _, rows in
        "\(results.label(rows[0].backend)), \(rows[0].mode), \(code: rows[0].call): \(rows[0].setup.text)"
      })
    for plot in plots where plot.kind == .writerOverhead { document.image("\(plot.description)", file: plot.file) }
  }

  /// The wake-ups of the readers that wait, since a writer that wakes less often has fewer long writes.
  private func writeWakeups(to document: inout MarkdownDocument) {
    let rows = results.writerOverhead.compactMap { row -> Inline? in
      guard let wakeups = row.wakeups, let filled = row.subbuffersFilled else { return nil }
      return """
        \(results.label(row.backend)), \(row.mode), \(row.condition.rawValue): \(Format.grouped(wakeups)) for \
        \(Format.grouped(Int(filled.rounded()))) sub-buffers, \(Format.significant(Double(wakeups) / filled)) per sub-buffer
        """
    }
    guard !rows.isEmpty else { return }
    document.paragraph(
      """
      Wake-ups (waits of the reader that ended with data) in all trials, for the sub-buffers that the produced events fill. \
      Rows with different wake-ups per sub-buffer are not at the same wake-up rate:
      """)
    document.list(rows)
  }

  private var absence: Inline {
    func cpu(_ name: String) -> String? { results.environment.facts.value(of: name) }
    let isShared = cpu("producer's CPU").map { $0 == cpu("reader's CPU") } ?? false
    return isShared
      ? "Not measured: writer and reader had one CPU, for which they compete whatever the ABI."
      : "Not measured: it is measured on live back ends alone."
  }

  private var calls: Inline {
    let calls = results.writerOverhead.grouped { [$0.backend, $0.call] }.map { _, rows in
      "\(code: rows[0].call) on \(results.label(rows[0].backend))" as Inline
    }
    return Inline(calls, separator: ", ")
  }

  private func times(_ rows: [(row: WriterOverheadResult, trials: [Trial])], hasResponse: Bool = true) -> MarkdownTable
  {
    var columns: [MarkdownTable.Column] =
      [
        .text("Back end"), .text("Mode"), .text("Reader"), .number("trials"),
        .number("median of trials (\(results.timeUnit))"),
        .number("n"), .number("out of range"),
      ]
      + WriterOverheadSection.percentiles.map {
        .number("all trials: p\(Format.decimal($0, digits: 1)) (\(results.timeUnit))")
      } + [.number("max (\(results.timeUnit))")]
    if hasResponse {
      columns += [
        .number("response, all trials: p99.9 (\(results.timeUnit))"), .number("response max (\(results.timeUnit))"),
      ]
    }
    var table = MarkdownTable(columns)
    for (row, trials) in rows {
      let all = trials.distribution
      var cells: [Inline] =
        [
          results.label(row.backend), .text(row.mode), .text(row.condition.rawValue), "\(trials.count)",
          CostFormat.median(trials.percentiles(50)), "\(all?.count ?? 0)",
          "\(trials.reduce(0) { $0 &+ $1.outOfRange })",
        ] + WriterOverheadSection.percentiles.map { CostFormat.percentile($0, of: all, trials) } + [
          CostFormat.maximum(trials)
        ]
      if hasResponse {
        cells += [
          CostFormat.percentile(99.9, of: row.response.distribution, row.response), CostFormat.maximum(row.response),
        ]
      }
      table.add(cells)
    }
    return table.withoutEmptyColumns(orZero: true)
  }

  private var counts: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Reader"), .number("produced"), .number("delivered"),
      .number("not delivered"), .number("refused"), .number("waits that ended with data"),
    ])
    for row in results.writerOverhead where row.condition != .noWrite {
      let lost = row.delivered.map { row.produced >= $0 ? row.produced - $0 : 0 }
      table.add([
        results.label(row.backend), .text(row.mode), .text(row.condition.rawValue), .optional(row.produced),
        .optional(row.delivered), .optional(lost), .optional(row.refused), .optional(row.wakeups),
      ])
    }
    return table
  }
}

extension WriterOverheadResult {
  /// The number of sub-buffers that the produced events fill; `nil` if the set-up does not name the events of one.
  var subbuffersFilled: Double? {
    guard let events = setup.value(of: "events of a sub-buffer").flatMap(Double.init),
      events > 0, produced > 0
    else { return nil }
    return Double(produced) / events
  }
}

/// Each condition compared with no reader on the same back end: the median of the service times, and their tail.
struct WriterOverheadComparisons {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    let pairs = pairs
    let family = TestFamily(pairs.flatMap { [medians($0, $1)] + (tails($0, $1).map { [$0] } ?? []) })
    guard !pairs.isEmpty else { return }
    document.heading(3, "Compared with no reader")
    document.paragraph(
      """
      The median and p99.9 of each trial; the median of these over the trials, divided by that of \
      *\(WriterCondition.noReader.rawValue)* on the same back end in the same mode. \(TestFamily.bracketsNote) p99.9 is that of each trial, \
      unlike the p99.9 of all trials above, and only compared if each trial has at least \
      \(Format.grouped(SampleSupport.required(for: 99.9))) samples. \(family.note)
      """)
    var table = MarkdownTable([
      .text("Reader"), .text("Mode"), .text("Back end"), .number("n"), .number("p50 / p50 of no reader"),
      .number("p"), .number("p99.9 of trials / that of no reader"), .number("p"),
    ])
    for (base, row) in pairs { table.add(cells(base, row, family)) }
    document.table(table)
  }

  /// By condition, then by back end.
  private var pairs: [(base: WriterOverheadResult, row: WriterOverheadResult)] {
    let bases = results.writerOverhead.filter { $0.condition == .noReader }
    return results.writerOverhead.filter { $0.condition != .noReader && $0.condition != .noWrite }
      .grouped { [$0.mode.rawValue, $0.condition.rawValue] }.flatMap { _, rows in
        rows.compactMap { row in
          bases.first { $0.backend == row.backend && $0.mode == row.mode }.map { ($0, row) }
        }
      }
  }

  private func medians(_ base: WriterOverheadResult, _ row: WriterOverheadResult) -> Comparison {
    Comparison(base: base.service.percentiles(50), other: row.service.percentiles(50))
  }

  private func tails(_ base: WriterOverheadResult, _ row: WriterOverheadResult) -> Comparison? {
    guard let base = base.service.tails, let other = row.service.tails else { return nil }
    return Comparison(base: base, other: other)
  }

  private func cells(_ base: WriterOverheadResult, _ row: WriterOverheadResult, _ family: TestFamily) -> [Inline] {
    let medians = medians(base, row)
    let tails = tails(base, row)
    return [
      .text(row.condition.rawValue), .text(row.mode), results.label(row.backend),
      "\(medians.base.count), \(medians.other.count)", CostFormat.ratio(medians), family.p(medians),
      tails.map(CostFormat.ratio) ?? .absent, tails.map(family.p) ?? .absent,
    ]
  }
}

extension [Trial] {
  /// The p99.9 of each trial; `nil` without trials, or if one has too few samples for it.
  var tails: [Double]? {
    guard !isEmpty, allSatisfy({ SampleSupport.supports(99.9, samples: $0.distribution.count) }) else { return nil }
    return percentiles(99.9)
  }
}
