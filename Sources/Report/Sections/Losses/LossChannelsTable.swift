import Study

/// For each back end and mode, what each channel reported over all scenarios.
struct LossChannelsTable: ReportSection {
  private static let relations: [ChannelVerdict.Relation] = [
    .exact, .upperBound, .underReported, .overReported, .flagOnly, .packetsOnly, .saysNone, .notTold, .inconclusive,
  ]

  let results: Results

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
          let names: [Inline] = others.map { .text($0.channel) }
          document.paragraph("Not in the table, because they count something else: \(Inline(names, separator: ", ")).")
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
    return table.withoutColumns { $0 == Inline.absent.source(inTable: true) }
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
