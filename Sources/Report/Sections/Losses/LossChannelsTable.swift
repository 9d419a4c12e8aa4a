import Study

/// For each back end and mode, what each channel told over all scenarios.
struct LossChannelsTable: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(3, "Which channel tells what")
    document.paragraph(
      """
      Scenarios, by what a channel told in the end of what was lost; behind a semicolon the largest difference, in events. \
      Where a loss was told: gaps, by the hand-over that told of them. *Reader ABI*: a reader learns of it through the \
      reader ABI alone. *false*: scenarios in which nothing was lost and a loss was told. A channel that counts one kind of \
      loss says none of the others.
      """)
    for (backend, subjects) in LossSubject.all(of: results).grouped(by: \.backend) {
      for subject in subjects {
        document.paragraph("**\(results.label(backend)), \(subject.mode)**: \(summary(of: subject))")
        document.table(table(of: subject))
      }
    }
  }

  private func summary(of subject: LossSubject) -> Inline {
    let lossy = subject.rows.count { $0.judgement.lost > 0 }
    return "scenarios: \(subject.rows.count), of them with lost events: \(lossy)."
  }

  private func table(of subject: LossSubject) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Channel"), .text("Reader ABI"), .number("exact"), .number("upper bound"), .number("under-reported"),
      .number("over-reported"), .number("flag only"), .number("packets only"), .number("says none"),
      .number("not told"), .number("false"), .number("gaps told in place"), .number("late"), .number("early"),
      .number("untold"), .number("unfounded"), .number("fell"),
    ])
    let verdicts = subject.rows.flatMap { row in
      row.judgement.allChannels.map { (verdict: $0, lost: row.judgement.lost) }
    }
    for (channel, entries) in verdicts.grouped(by: \.verdict.channel) {
      table.add(row(channel, entries.map { ($0.verdict, $0.lost) }))
    }
    return table
  }

  private func row(_ channel: String, _ entries: [(verdict: ChannelVerdict, lost: UInt64)]) -> [Inline] {
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
      let count = placements.reduce(0) { $0 + $1[keyPath: value] }
      guard count > 0 else { return .absent }
      guard let most, let greatest = placements.map({ $0[keyPath: most] }).max() else { return "\(count)" }
      return "\(count); by ≤ \(greatest)"
    }
    return [
      .text(channel), entries.first?.verdict.isReaderABI == true ? "yes" : "no", count(.exact), count(.upperBound),
      count(.underReported), count(.overReported), count(.flagOnly), count(.packetsOnly), count(.saysNone),
      count(.notTold),
      falsely == 0 ? .absent : "\(falsely)", sum(\.inPlace), sum(\.late, by: \.latest), sum(\.early, by: \.earliest),
      sum(\.untold), sum(\.unfounded), sum(\.fell),
    ]
  }
}
