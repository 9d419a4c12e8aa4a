import Study

/// Rows of loss scenarios, in the report and in the documents of the back ends.
struct LossRowsTable {
  let results: Results
  let anchors: Anchors
  /// The documents that have the rows one by one, by back end; an empty name stands for this document.
  let details: [String: String]

  func table(of rows: [(index: Int, result: LossResult)]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Scenario"), .text("Mode"), .text("Back end"), .number("produced"), .number("delivered"), .number("lost"),
      .number("cleared"), .number("gaps"), .number("hand-overs"), .text("Reader ABI alone"), .text("By the recipe"),
      .text("Sum over hand-overs"),
    ])
    let modes = RingConfiguration.Mode.allCases.map(\.rawValue)
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
    return table.withoutColumns { $0 == Inline.absent.source(inTable: true) }
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
