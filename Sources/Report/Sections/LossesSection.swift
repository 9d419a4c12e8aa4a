import Study

/// What was lost, and what each ABI said was lost.
struct LossesSection: ReportSection {
  let results: Results
  let anchors: Anchors
  let plots: [Plot]

  func write(to document: inout MarkdownDocument) {
    document.heading(.losses)
    guard !results.losses.isEmpty else { return document.paragraph("No loss row was recorded.") }
    document.paragraph(
      """
      Events, except for the gaps and the hand-overs. Each verdict links to what the channels told. The rows are in the order of \
      `losses` in `results.json`.
      """)
    writeCounts(to: &document)
    for plot in plots where plot.kind == .loss { document.image("\(plot.description)", file: plot.file) }
    writeChannels(to: &document)
    writeSetups(to: &document)
  }

  private func writeCounts(to document: inout MarkdownDocument) {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Scenario"), .number("produced"), .number("delivered"), .number("lost"),
      .number("reported"), .text("reported by"), .text("Verdict"), .number("duplicates"), .number("reordered"),
      .number("gaps"), .number("hand-overs"),
    ])
    for (index, loss) in results.losses.enumerated() {
      table.add(
        name(loss) + [
          "\(loss.produced)", "\(loss.delivered)", "\(loss.lost)", loss.reported.map { "\($0)" } ?? Inline.absent,
          .text(loss.reportedBy), verdict(of: loss, anchor: anchors.losses[index]), "\(loss.duplicates)",
          "\(loss.reordered)", "\(loss.gaps)", "\(loss.handovers)",
        ])
    }
    document.table(table)
  }

  private func verdict(of loss: LossResult, anchor: String) -> Inline {
    let verdict: Inline = .link("\(loss.verdict.rawValue)", to: anchor)
    if let reason = loss.reason { return "\(verdict): \(reason)" }
    return loss.verdict == .inconclusive ? "\(verdict); no reason was recorded" : verdict
  }

  private func writeChannels(to document: inout MarkdownDocument) {
    document.heading(3, "Channel by channel")
    document.paragraph(
      "What each channel told, over the whole run. *Reader ABI*: whether a reader learns of it through the reader ABI alone."
    )
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Scenario"), .text("Channel"), .text("Reader ABI"), .text("told"),
    ])
    for (index, loss) in results.losses.enumerated() {
      var name = name(loss)
      name[0] = "<a id=\"\(markup: anchors.losses[index])\"></a>\(name[0])"
      if loss.channels.isEmpty { table.add(name + ["no channel recorded", Inline.absent, Inline.absent]) }
      for channel in loss.channels {
        table.add(name + [.text(channel.channel), channel.isReaderABI ? "yes" : "no", .text(channel.told)])
        name = self.name(loss)
      }
    }
    document.table(table)
  }

  private func writeSetups(to document: inout MarkdownDocument) {
    let rows = results.losses.filter { !$0.setup.isEmpty }
    guard !rows.isEmpty else { return }
    document.heading(3, "Shape and load")
    let names = rows.flatMap { $0.setup.map(\.name) }.grouped { $0 }.map(\.key)
    var table = MarkdownTable(
      [.text("Back end"), .text("Mode"), .text("Scenario")] + names.map { .text("\($0)") })
    for loss in rows {
      table.add(
        name(loss)
          + names.map { name in
            let values = loss.setup.filter { $0.name == name }.map { Inline.code($0.value) }
            return values.isEmpty ? Inline.absent : Inline(values, separator: "<br>")
          })
    }
    document.table(table)
  }

  private func name(_ loss: LossResult) -> [Inline] {
    [results.label(loss.backend), .text(loss.mode), .text(loss.scenario)]
  }
}
