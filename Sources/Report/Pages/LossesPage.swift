import Results
import SubbufferSource

/// The losses, and the reports of each ABI about them.
struct LossesSection: ReportSection {
  let results: StudyResults
  let anchors: Anchors
  /// The documents with the rows one by one, by back end.
  let details: [String: String]

  func write(to document: inout MarkdownDocument) {
    document.heading(.losses)
    guard !results.losses.isEmpty else { return document.paragraph("No loss scenario was recorded.") }
    LossChannelsTable(results: results).write(to: &document)
    LossRecipesTable(results: results).write(to: &document)
    LossScenariosTables(results: results, anchors: anchors, details: details).write(to: &document)
  }
}

/// A back end in a mode, with the scenarios that were not skipped.
struct LossSubject {
  typealias Row = (index: Int, result: LossResult, judgement: LossJudgement)

  /// The greatest number of scenarios of one relation that are named.
  static let mostNamed = 4

  var backend: String
  var mode: RingMode
  var rows: [Row]

  /// The scenarios in which events were lost.
  var lossy: [Row] { rows.filter { $0.judgement.lost > 0 } }

  /// The number of scenarios with a loss in which a total is exact.
  func exact(_ total: KeyPath<LossJudgement, ChannelVerdict>) -> Int {
    lossy.count { $0.judgement[keyPath: total].relation == .exact }
  }

  /// Live back ends first, each in both modes.
  static func all(of results: StudyResults) -> [LossSubject] {
    results.backendNames.flatMap { backend in
      RingMode.allCases.compactMap { mode -> LossSubject? in
        let rows = results.losses.enumerated().compactMap { index, result in
          result.backend == backend && result.mode == mode
            ? result.judgement.map { (index: index, result: result, judgement: $0) } : nil
        }
        return rows.isEmpty ? nil : LossSubject(backend: backend, mode: mode, rows: rows)
      }
    }
  }
}

/// The reports of each channel over all scenarios, for each back end and mode.
struct LossChannelsTable: ReportSection {
  private static let relations: [ChannelVerdict.Relation] = [
    .exact, .upperBound, .underReported, .overReported, .flagOnly, .packetsOnly, .saysNone, .notTold, .inconclusive,
  ]

  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(3, "Reports of each channel")
    document.paragraph(
      """
      The number of scenarios by the relation of what a channel reported in the end to the loss; after a semicolon the \
      largest difference in events. *false*: scenarios without a loss in which the channel reported one. *gaps in place*, \
      *late*, *early*, *not reported*: gaps, by the hand-over with which the channel reported them; *unfounded*: hand-overs \
      with a report that belongs to no gap. *Reader ABI*: the reader ABI alone reports it. Columns \
      without any such case are left out. The two modes lose different events and are never added up. Event sizes differ between back \
      ends and models, and with them the room after the data for a number: a scenario can be *exact* on one and *flag only* \
      on another.
      """)
    for (backend, subjects) in LossSubject.all(of: results).grouped(by: \.backend) {
      for subject in subjects {
        document.paragraph("\(results.label(backend)), *\(subject.mode)*: \(summary(of: subject))")
        document.table(table(of: subject))
        let others = channels(of: subject).filter { isOther($0.entries) }
        if !others.isEmpty {
          document.paragraph(
            "Not in the table, because they count something else: \(Inline(texts: others.map(\.channel))).")
        }
      }
    }
  }

  private func summary(of subject: LossSubject) -> Inline {
    let lossy = subject.lossy.count
    let without = subject.rows.count - lossy
    return "scenarios with a loss: \(lossy), without: \(without)."
  }

  private typealias Entry = (verdict: ChannelVerdict, lost: UInt64)

  private func channels(of subject: LossSubject) -> [(channel: String, entries: [Entry])] {
    let verdicts = subject.rows.flatMap { row in
      row.judgement.allChannels.map { (verdict: $0, lost: row.judgement.lost) }
    }
    return verdicts.grouped(by: \.verdict.channel).map { ($0.key, $0.elements) }
  }

  /// `true` if a channel never counted the loss, although there was one.
  private func isOther(_ entries: [Entry]) -> Bool {
    let lossy = entries.filter { $0.lost > 0 }
    return !lossy.isEmpty && lossy.allSatisfy { $0.verdict.relation == .otherQuantity }
  }

  private func table(of subject: LossSubject) -> MarkdownTable {
    var table = MarkdownTable(
      [.text("Channel"), .text("Reader ABI")] + LossChannelsTable.relations.map { .number("\($0.rawValue)") } + [
        .number("false"), .number("gaps in place"), .number("late"), .number("early"), .number("not reported"),
        .number("unfounded"), .number("fell"),
      ])
    for (channel, entries) in channels(of: subject) where !isOther(entries) { table.add(row(channel, entries)) }
    return table.withoutEmptyColumns()
  }

  private func row(_ channel: String, _ entries: [Entry]) -> [Inline] {
    let lossy = entries.filter { $0.lost > 0 }.map(\.verdict)
    func count(_ relation: ChannelVerdict.Relation) -> Inline {
      let found = lossy.filter { $0.relation == relation }
      guard let largest = found.compactMap(\.difference).max(), largest > 0 else {
        return found.isEmpty ? .absent : "\(found.count)"
      }
      return "\(found.count); \(largest)"
    }
    let falsely = entries.count { $0.lost == 0 && $0.verdict.relation == .overReported }
    let placements = lossy.compactMap(\.placement)
    func sum(_ value: KeyPath<LossPlacement, Int>, by most: KeyPath<LossPlacement, Int>? = nil) -> Inline {
      let count = placements.reduce(0) { $0 &+ $1[keyPath: value] }
      guard count > 0 else { return .absent }
      guard let most, let greatest = placements.map({ $0[keyPath: most] }).max() else { return "\(count)" }
      return "\(count); by ≤ \(greatest)"
    }
    return [.text(channel), entries.first?.verdict.isReaderABI == true ? "yes" : "no"]
      + LossChannelsTable.relations.map(count) + [
        falsely == 0 ? .absent : "\(falsely)", sum(\.inPlace), sum(\.late, by: \.latest), sum(\.early, by: \.earliest),
        sum(\.untold), sum(\.unfounded), sum(\.fell),
      ]
  }
}

/// The recipe for the most exact count, and its remaining error, for each back end and mode.
struct LossRecipesTable: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    let recipes = LossSubject.all(of: results).compactMap { subject in
      recipe(of: subject).map { (subject: subject, recipe: $0) }
    }
    guard !recipes.isEmpty else { return }
    document.heading(3, "Loss-counting recipe and its remaining error")
    document.paragraph(
      """
      The steps by which the sources of this tool count lost events, and the error that remains over the scenarios of the \
      mode, those with a loss and those without.
      """)
    for (subject, recipe) in recipes {
      document.paragraph("\(results.label(subject.backend)), *\(subject.mode)*:")
      document.list([
        "With each hand-over: \(Inline(texts: recipe.withEachHandover, separator: "; ")).",
        "In total: \(Inline(texts: recipe.inTotal, separator: "; ")).",
        "Remaining error of the sum over the hand-overs: \(error(of: subject, \.handoverLosses))",
        "Remaining error of the total: \(error(of: subject, \.recipe))",
        "Remaining error of the total by the reader ABI alone: \(error(of: subject, \.readerABI))",
      ])
    }
  }

  private func recipe(of subject: LossSubject) -> LossRecipe? {
    results.backend(subject.backend)?.lossRecipes.first { $0.mode == subject.mode }
  }

  private func error(of subject: LossSubject, _ total: KeyPath<LossJudgement, ChannelVerdict>) -> Inline {
    let verdicts = subject.rows.map { (row: $0, verdict: $0.judgement[keyPath: total]) }
    let exact = verdicts.count { $0.verdict.isLossExact }
    let silent = verdicts.count { $0.verdict.relation == .nothingLost }
    let wrong = verdicts.filter { !$0.verdict.isLossExact && $0.verdict.relation != .nothingLost }
    let parts: [Inline] = wrong.grouped { $0.verdict.relation }.map { relation, entries in
      let worst = entries.max { ($0.verdict.difference ?? 0) < ($1.verdict.difference ?? 0) }
      let by: Inline =
        worst.flatMap { worst in
          worst.verdict.difference.map { ", by at most \($0) (\(worst.row.result.scenario))" }
        } ?? ""
      let names = entries.map(\.row.result.scenario)
      let shown: Inline = names.count > LossSubject.mostNamed ? "" : ": \(Inline(texts: names))"
      return "*\(relation.rawValue)* in \(entries.count)\(by)\(worst?.verdict.difference == nil ? shown : "")"
    }
    let lossy = subject.lossy.count
    let right: Inline =
      "none in \(exact) of \(lossy) scenarios with a loss and in \(silent) of \(subject.rows.count - lossy) without"
    return parts.isEmpty ? "\(right)." : "\(right); \(Inline(parts, separator: ", "))."
  }
}

extension ChannelVerdict {
  /// `true` if events were lost, and the number reported is the number lost, be it called an upper bound.
  var isLossExact: Bool { relation == .exact || relation == .upperBound && difference == 0 }
}

/// Each scenario on each back end, in one line.
struct LossScenariosTables: ReportSection {
  let results: StudyResults
  let anchors: Anchors
  /// The documents that have the rows one by one, by back end.
  let details: [String: String]

  func write(to document: inout MarkdownDocument) {
    document.heading(3, "Scenarios")
    document.paragraph(
      """
      *produced*, *delivered*, *lost* and *cleared* count events. *cleared*: removed by a clear before a reader got them, and \
      not lost; `≤`: some of them were lost before the clear. \(LossRowsTable.concurrent): producer and reader run at the same \
      time, so that the loss depends on the speed of both and differs from run to run. \(whereMoreIs)
      """)
    let rows = results.losses.enumerated().map { (index: $0.offset, result: $0.element) }
    let live = rows.filter { results.isLive($0.result.backend) }
    for group in LossGroup.allCases {
      let own = (live.isEmpty ? rows : live).filter { $0.result.group == group }
      guard !own.isEmpty else { continue }
      document.heading(4, "Group: \(group.title)")
      document.list(own.grouped { $0.result.scenario }.map { "*\($0.key)*: \($0.elements[0].result.title)" })
      let rows = LossRowsTable(results: results, anchors: anchors, details: details)
      let sequential = own.filter { !$0.result.isConcurrent && $0.result.judgement != nil }
      if !sequential.isEmpty { document.table(rows.table(of: sequential)) }
      let concurrent = own.filter { $0.result.isConcurrent && $0.result.judgement != nil }
      // The producers have different speeds: rows of two back ends in one table would invite a comparison of speeds.
      for (backend, own) in concurrent.grouped(by: \.result.backend) {
        document.paragraph(
          "Producer and reader at the same time on \(results.label(backend)), not comparable with another back end:")
        document.table(rows.table(of: own))
      }
    }
    writeSkipped(to: &document)
    writeLeftOut(to: &document)
  }

  /// The anchor of the list of scenarios that were left out.
  static let leftOutAnchor = "loss-scenarios-left-out"

  private func writeLeftOut(to document: inout MarkdownDocument) {
    let leftOut = results.lossScenariosLeftOut
    guard !leftOut.isEmpty else { return }
    let all = Set(results.losses.map(\.scenario)).union(leftOut).count
    document.paragraph(
      """
      \(Inline.anchor(Self.leftOutAnchor))Left out in this run: \(leftOut.count) of \(all) scenarios, all of which \
      `abi-compare run --profile standard` makes: \(Inline(texts: leftOut)).
      """)
  }

  /// The links to the documents of the back ends.
  private var whereMoreIs: Inline {
    guard !details.isEmpty else {
      return "The gaps and the readings of the channels, and the models' rows, are in `results.json`."
    }
    let links: [Inline] = results.backendNames.compactMap { backend in
      details[backend].map { "[\(results.label(backend))](\(markup: $0))" }
    }
    return """
      The gaps and the readings of the channels are in a document for each back end, which for a model contains its rows \
      too: \(Inline(links, separator: ", ")).
      """
  }

  private func writeSkipped(to document: inout MarkdownDocument) {
    let skipped = results.losses.filter { $0.skipped != nil }
    guard !skipped.isEmpty else { return }
    document.heading(4, "Skipped")
    document.list(
      skipped.grouped { [$0.backend, $0.skipped] }.map { _, rows in
        let names = rows.grouped { $0.scenario }.map {
          "\($0.key) (\($0.elements.map(\.mode.rawValue).joined(separator: ", ")))"
        }
        return .skipped(results.label(rows[0].backend), names, reason: rows[0].skipped ?? "")
      })
  }
}
