import Study

/// What events cost their writer while a reader does one thing or another.
struct DisturbanceSection: ReportSection {
  private static let percentiles: [Double] = [50, 99, 99.9]

  let results: Results
  let plots: [Plot]

  func write(to document: inout MarkdownDocument) {
    document.heading(.disturbance)
    guard !results.disturbance.isEmpty else { return document.paragraph(absence) }
    document.timeUnitNote(results)
    document.turnsNote(results)
    document.paragraph(
      """
      Nanoseconds. The writer has a CPU of its own; events are due at equal distances, and between two of them it looks at \
      the clock and does not sleep. *Service time*: from the reading of the clock before the write to that behind it. \
      *Response time*: from when the event was due to the latter, so that it holds what an event waited for those before it \
      (coordinated omission). The writer calls \(calls): what it pays differs by nature, and no row of one back end is held \
      against one of another. What counts is the change against *\(WriterCondition.noReader.rawValue)* of the same back \
      end and mode.
      """)
    document.paragraph(
      """
      *\(WriterCondition.noWrite.rawValue)*: the same without the write; what is left is the clock, read twice, and what \
      the machine takes from the writer: its interrupts, and in a virtual machine the hypervisor's. \
      *\(WriterCondition.busyCPU.rawValue)*: nobody reads, and the reader's CPU reads the clock all the time, as one that \
      polls keeps its own from idling. *\(WriterCondition.noReaderAgain.rawValue)*: against itself (A/A).
      """)
    document.table(times(results.disturbance.map { ($0, $0.service) }))
    DisturbanceComparisons(results: results).write(to: &document)
    document.heading(3, "What became of the events")
    document.paragraph(
      """
      In all trials. *Delivered*: to a reader, meanwhile or when it drained afterwards; `—` where nobody read. *Told \
      refused*: of which the writer's call returned an error; `—` where it returns nothing. In discard mode an event that \
      was not delivered was refused, told or not, and its service time is in the table of the refused alone. *Waits that \
      ended with data*: of the reader's.
      """)
    document.table(counts)
    let refused = results.disturbance.filter { !$0.serviceOfRefused.isEmpty }
    if !refused.isEmpty {
      document.paragraph("Service times of events that were refused:")
      document.table(times(refused.map { ($0, $0.serviceOfRefused) }, hasResponse: false))
    }
    document.paragraph("Measured under:")
    document.list(
      results.disturbance.grouped { [$0.backend, $0.mode] }.map { _, rows in
        let setup = rows[0].setup.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
        return "\(results.label(rows[0].backend)), \(rows[0].mode), \(code: rows[0].call): \(setup)"
      })
    for plot in plots where plot.kind == .disturbance { document.image("\(plot.description)", file: plot.file) }
  }

  private var absence: Inline {
    func cpu(_ name: String) -> String? { results.environment.facts.first { $0.name == name }?.value }
    let isShared = cpu("producer's CPU").map { $0 == cpu("reader's CPU") } ?? false
    return isShared
      ? "Not measured: writer and reader had one CPU, for which they are rivals whatever the ABI."
      : "Not measured: it is measured on live back ends alone."
  }

  private var calls: Inline {
    let calls = results.disturbance.grouped { [$0.backend, $0.call] }.map { _, rows in
      "\(code: rows[0].call) on \(results.label(rows[0].backend))" as Inline
    }
    return Inline(calls, separator: ", ")
  }

  private func times(_ rows: [(row: DisturbanceResult, trials: [Trial])], hasResponse: Bool = true) -> MarkdownTable {
    var columns: [MarkdownTable.Column] =
      [
        .text("Back end"), .text("Mode"), .text("Reader"), .number("trials"), .number("median of trials [95 %]"),
        .number("n"), .number("out of range"),
      ] + DisturbanceSection.percentiles.map { .number("p\(Format.decimal($0, digits: 1))") } + [.number("max")]
    if hasResponse { columns += [.number("response p99.9"), .number("response max")] }
    var table = MarkdownTable(columns)
    for (row, trials) in rows {
      let all = trials.distribution
      var cells: [Inline] =
        [
          results.label(row.backend), .text(row.mode), .text(row.condition.rawValue), "\(trials.count)",
          LatencyFormat.median(trials.percentiles(50)), "\(all?.count ?? 0)",
          "\(trials.reduce(0) { $0 &+ $1.outOfRange })",
        ] + DisturbanceSection.percentiles.map { percentile($0, all) } + [maximum(trials)]
      if hasResponse { cells += [percentile(99.9, row.response.distribution), maximum(row.response)] }
      table.add(cells)
    }
    return table
  }

  private func percentile(_ percentile: Double, _ all: Distribution?) -> Inline {
    guard let all, SampleSupport.supports(percentile, samples: all.count) else { return .absent }
    return "\(all.value(at: percentile))"
  }

  private func maximum(_ trials: [Trial]) -> Inline { trials.map(\.maximum).max().map { "\($0)" } ?? .absent }

  private var counts: MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Reader"), .number("produced"), .number("delivered"),
      .number("not delivered"), .number("told refused"), .number("waits that ended with data"),
    ])
    for row in results.disturbance where row.condition != .noWrite {
      let lost = row.delivered.map { row.produced >= $0 ? row.produced - $0 : 0 }
      table.add([
        results.label(row.backend), .text(row.mode), .text(row.condition.rawValue), number(row.produced),
        number(row.delivered), number(lost), number(row.refused), number(row.wakeups),
      ])
    }
    return table
  }

  private func number(_ value: UInt64?) -> Inline { value.map { .text(Format.grouped($0)) } ?? .absent }
}
