import Results
import Study
import SubbufferSource

/// The loss scenarios of a back end one by one, in a document next to the report.
enum LossDetails {
  /// The number of gaps of a scenario that are shown; the rest are in `results.json`.
  private static let gapsShown = 10

  /// The documents' names, by back end: `losses-tracefs.md`.
  static func files(of results: StudyResults) -> [String: String] {
    var names = UniqueNames()
    var files: [String: String] = [:]
    for backend in results.backendNames
    where results.losses.contains(where: { $0.backend == backend && $0.history != nil }) {
      files[backend] = "\(names.next("losses-\(Format.slug(backend))")).md"
    }
    return files
  }

  static func render(_ results: StudyResults, backend: String, anchors: Anchors) -> String {
    let rows = results.losses.enumerated().map { (index: $0.offset, result: $0.element) }
      .filter { $0.result.backend == backend && $0.result.history != nil }
    var document = MarkdownDocument()
    document.heading(1, "Losses on \(results.label(backend)), scenario by scenario")
    document.paragraph(
      """
      Of the run of \(results.run.startedAt), profile \(code: results.run.profile), seed \
      \(code: String(results.run.seed)). The terms are defined in [the report](report.md).
      """)
    document.table(LossRowsTable(results: results, anchors: anchors, details: [backend: ""]).table(of: rows))
    for (index, result) in rows {
      guard let history = result.history, let judgement = result.judgement else { continue }
      document.heading(2, "\(result.scenario), \(result.mode)", anchor: anchors.losses[index])
      document.paragraph("What happens: \(result.title). \(balance(judgement))")
      document.list(of: result.setup)
      document.list(judgement.violations.map { "**\($0)**" })
      if let log = result.kernelLog { KernelLogText(log: log).write(to: &document) }
      document.table(channels(judgement, history))
      if !history.calls.isEmpty { document.table(calls(history)) }
      write(history, judgement, index, to: &document)
    }
    return document.source
  }

  private static func balance(_ judgement: LossJudgement) -> Inline {
    let undecided: Inline =
      judgement.undecided == 0
      ? "" : " The writes of \(judgement.undecided) more never returned, and their events may be lost or not."
    let cleared: Inline =
      judgement.cleared == 0
      ? "" : " + \(markup: judgement.isClearedUpperBound ? "at most " : "")\(judgement.cleared) cleared"
    let inconclusive: Inline = judgement.inconclusive.map { " Undecided: \($0)." } ?? ""
    return """
      \(judgement.produced) produced = \(judgement.delivered) delivered + \(judgement.lost) lost\(cleared), in \
      \(Format.count(judgement.gaps, "gap")); \(judgement.duplicates) delivered twice, \(judgement.reordered) out of order, \(judgement.foreign) not produced.\
      \(undecided)\(inconclusive)
      """
  }

  private static func channels(_ judgement: LossJudgement, _ history: LossHistory) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Channel"), .text("Reader ABI"), .text("reported"), .text("outcome"), .number("difference (events)"),
      .text("gaps"),
    ])
    for verdict in judgement.allChannels {
      table.add([
        .text(verdict.channel), verdict.isReaderABI ? "yes" : "no", .text(verdict.told),
        .text(verdict.relation.rawValue), verdict.difference.map { $0 == 0 ? .absent : "\($0)" } ?? Inline.absent,
        verdict.placement.map(place) ?? .absent,
      ])
    }
    return table
  }

  private static func place(_ placement: LossPlacement) -> Inline {
    var parts: [Inline] = []
    if placement.inPlace > 0 { parts.append("\(placement.inPlace) in place") }
    if placement.late > 0 { parts.append("\(placement.late) late by at most \(placement.latest)") }
    if placement.early > 0 { parts.append("\(placement.early) early by at most \(placement.earliest)") }
    if placement.untold > 0 { parts.append("\(placement.untold) not reported") }
    if placement.fell > 0 { parts.append("fell \(placement.fell) times") }
    if placement.unfounded > 0 { parts.append("\(placement.unfounded) unfounded") }
    return parts.isEmpty ? .absent : Inline(parts, separator: ", ")
  }

  private static func calls(_ history: LossHistory) -> MarkdownTable {
    var table = MarkdownTable([.number("after hand-over"), .text("call"), .text("result")])
    for call in history.calls { table.add(["\(call.handovers)", .text(call.call), .code(call.result)]) }
    return table
  }

  private static func write(
    _ history: LossHistory, _ judgement: LossJudgement, _ index: Int, to document: inout MarkdownDocument
  ) {
    let gaps = history.gaps
    guard !gaps.isEmpty else { return }
    let reports = zip(history.channels, judgement.channels).map { channel, verdict in
      (channel: channel, tellings: verdict.tellings(of: channel, gaps: gaps, end: history.end))
    }
    var table = MarkdownTable([
      .text("missing"), .number("events"), .text("before them"), .text("after them"), .text("reported by"),
    ])
    for (number, gap) in gaps.enumerated().prefix(gapsShown) {
      let attached: [Inline] = reports.compactMap { report in
        report.tellings[number].map { "\(report.channel.channel): \(change(report.channel, at: $0, history))" }
      }
      table.add([
        range(gap.numbers), "\(gap.count)", name(gap.before, history), name(gap.behind, history),
        attached.isEmpty ? "nothing" : Inline(attached, separator: "<br>"),
      ])
    }
    document.table(table)
    if gaps.count > gapsShown {
      document.paragraph("… and \(gaps.count - gapsShown) more gaps in `results.json`, \(code: "losses[\(index)]").")
    }
  }

  private static func range(_ numbers: ClosedRange<UInt64>) -> Inline {
    numbers.lowerBound == numbers.upperBound
      ? "\(numbers.lowerBound)" : "\(numbers.lowerBound) … \(numbers.upperBound)"
  }

  private static func name(_ handover: Int?, _ history: LossHistory) -> Inline {
    guard let handover, history.handovers.indices.contains(handover - 1) else { return "nothing" }
    return "hand-over \(handover), sub-buffer \(history.handovers[handover - 1].number)"
  }

  /// The readings of a channel before and after it reported a gap, with the hand-over.
  private static func change(
    _ channel: ChannelHistory, at places: ClosedRange<Int>, _ history: LossHistory
  ) -> Inline {
    let before = channel.told(at: places.lowerBound - 1)?.loss.text ?? Loss.notTold.text
    let now = channel.told(at: places.upperBound)?.loss.text ?? Loss.notTold.text
    let first: Inline = places.lowerBound >= history.end ? "at the end" : "with hand-over \(places.lowerBound)"
    let last: Inline = places.upperBound >= history.end ? "the end" : "\(places.upperBound)"
    let place: Inline = places.lowerBound == places.upperBound ? first : "\(first) to \(last)"
    return before == now ? "\(now), marked \(place)" : "\(before) → \(now) \(place)"
  }
}

/// Rows of loss scenarios, in the report and in the documents of the back ends.
struct LossRowsTable {
  let results: StudyResults
  let anchors: Anchors
  /// The documents that have the rows one by one, by back end; an empty name stands for this document.
  let details: [String: String]

  func table(of rows: [(index: Int, result: LossResult)]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Scenario"), .text("Mode"), .text("Back end"), .number("produced"), .number("delivered"), .number("lost"),
      .number("cleared"), .number("gaps"), .number("hand-overs"), .text("Reader ABI alone"), .text("By the recipe"),
      .text("Sum over hand-overs"),
    ])
    let modes = RingMode.allCases
    let backends = results.backendNames
    func order(_ result: LossResult) -> (Int, Int) {
      (modes.firstIndex(of: result.mode) ?? modes.count, backends.firstIndex(of: result.backend) ?? 0)
    }
    for (scenario, elements) in rows.grouped(by: \.result.scenario) {
      for row in elements.sorted(by: { order($0.result) < order($1.result) }) {
        guard let judgement = row.result.judgement else { continue }
        table.add([
          "\(anchors.loss(.text(scenario), row.index, in: details[row.result.backend]))\(mark(row.result))",
          .text(row.result.mode),
          results.label(row.result.backend), "\(judgement.produced)", "\(judgement.delivered)", "\(judgement.lost)",
          cleared(judgement), "\(judgement.gaps)", "\(row.result.history?.handovers.count ?? 0)",
          cell(judgement.readerABI),
          cell(judgement.recipe), cell(judgement.handoverLosses),
        ])
      }
    }
    return table.withoutEmptyColumns()
  }

  private func cleared(_ judgement: LossJudgement) -> Inline {
    if judgement.cleared == 0 { return .absent }
    return judgement.isClearedUpperBound ? "≤ \(judgement.cleared)" : "\(judgement.cleared)"
  }

  /// The mark of a loss that differs from run to run.
  private func mark(_ result: LossResult) -> Inline { result.isConcurrent ? .text(LossRowsTable.concurrent) : "" }

  /// Marks the names of scenarios in which producer and reader run at the same time.
  static let concurrent = "†"

  private func cell(_ verdict: ChannelVerdict) -> Inline {
    switch (verdict.relation, verdict.difference) {
    case (.underReported, let by?), (.overReported, let by?): "\(by) \(verdict.relation.rawValue)"
    case (.upperBound, 0?): "\(verdict.relation.rawValue), equal to the loss"
    case (.upperBound, let by?): "\(verdict.relation.rawValue), \(by) above the loss"
    case (.upperBound, nil), (.underReported, nil), (.overReported, nil), (.packetsOnly, _), (.flagOnly, _):
      "\(verdict.relation.rawValue): \(verdict.told)"
    case (.nothingLost, _), (.exact, _), (.saysNone, _), (.notTold, _), (.otherQuantity, _), (.inconclusive, _):
      "\(verdict.relation.rawValue)"
    }
  }
}
