import Study

/// Each scenario on each back end, a line each.
struct LossScenariosTables: ReportSection {
  let results: Results
  let anchors: Anchors
  /// The documents that have the rows one by one, by back end.
  let details: [String: String]

  func write(to document: inout MarkdownDocument) {
    document.heading(3, "Scenario by scenario")
    document.paragraph(
      """
      Events, except for the gaps and the hand-overs. \(LossRowsTable.concurrent): producer and reader run at the same \
      time, and what is lost is this run's. \(whereMoreIs)
      """)
    let rows = results.losses.enumerated().map { (index: $0.offset, result: $0.element) }
    let live = rows.filter { !results.isModel($0.result.backend) }
    for group in LossScenario.Group.allCases {
      let own = (live.isEmpty ? rows : live).filter { $0.result.group == group }
      guard !own.isEmpty else { continue }
      document.heading(4, "Varied: \(group.rawValue)")
      document.list(own.grouped { $0.result.scenario }.map { "*\($0.key)*: \($0.elements[0].result.title)" })
      document.table(LossRowsTable(results: results, anchors: anchors, details: details).table(of: own))
    }
    writeSkipped(to: &document)
    writeLeftOut(to: &document)
  }

  private func writeLeftOut(to document: inout MarkdownDocument) {
    let made = Set(results.losses.map(\.scenario))
    let leftOut = LossScenario.all.map(\.name).filter { !made.contains($0) }
    guard !leftOut.isEmpty else { return }
    document.paragraph(
      """
      Left out in this run: \(leftOut.count) of the \(LossScenario.all.count) scenarios, which \
      `abi-compare run --profile standard` makes: \(Inline(leftOut.map { .text($0) }, separator: ", ")).
      """)
  }

  /// The links to what was seen, the models' only.
  private var whereMoreIs: Inline {
    guard !details.isEmpty else {
      return "What was seen, gap by gap and channel by channel, and the models' rows are in `results.json`."
    }
    let links: [Inline] = results.backendNames.compactMap { backend in
      details[backend].map { "[\(results.label(backend))](\(markup: $0))" }
    }
    return """
      What was seen, gap by gap and channel by channel, is in a document for each back end, the models' rows in theirs \
      only: \(Inline(links, separator: ", ")).
      """
  }

  private func writeSkipped(to document: inout MarkdownDocument) {
    let skipped = results.losses.filter { $0.skipped != nil }
    guard !skipped.isEmpty else { return }
    document.heading(4, "Not made")
    document.list(
      skipped.grouped { [$0.backend, $0.skipped] }.map { _, rows in
        let names = rows.grouped { $0.scenario }.map(\.key)
        return
          "\(results.label(rows[0].backend)): \(Inline(names.map { .text($0) }, separator: ", ")): \(rows[0].skipped ?? "")"
      })
  }
}
