import Study

/// Each scenario on each back end, in one line.
struct LossScenariosTables: ReportSection {
  let results: Results
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
    for group in LossScenario.Group.allCases {
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
      `abi-compare run --profile standard` makes: \(Inline(leftOut.map { .text($0) }, separator: ", ")).
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
          "\($0.key) (\($0.elements.map(\.mode).joined(separator: ", ")))"
        }
        return
          "\(results.label(rows[0].backend)): \(Inline(names.map { .text($0) }, separator: ", ")): \(rows[0].skipped ?? "")"
      })
  }
}
