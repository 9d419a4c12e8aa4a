import Study

/// Rows of loss scenarios, a line each: what is common to the report and the documents of the back ends.
struct LossRowsTable {
  let results: Results
  let anchors: Anchors
  /// The documents that have the rows one by one, by back end; an empty name is this document.
  let details: [String: String]

  func table(of rows: [(index: Int, result: LossResult)]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Scenario"), .text("Mode"), .text("Back end"), .number("produced"), .number("delivered"), .number("lost"),
      .number("gaps"), .number("hand-overs"), .text("Reader ABI alone"), .text("By the recipe"),
      .text("Hand-over by hand-over"),
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
          "\(anchors.loss(.text(scenario), row.index, in: details[row.result.backend]))\(mark(scenario))",
          .text(row.result.mode),
          results.label(row.result.backend), "\(judgement.produced)", "\(judgement.delivered)", "\(judgement.lost)",
          "\(judgement.gaps)", "\(row.result.history?.handovers.count ?? 0)", cell(judgement.readerABI),
          cell(judgement.recipe), cell(judgement.handoverLosses),
        ])
      }
    }
    return table
  }

  /// The mark of what differs from run to run.
  private func mark(_ scenario: String) -> Inline {
    LossScenario.isConcurrent(scenario) ? .text(LossRowsTable.concurrent) : ""
  }

  /// Stands with the names of scenarios in which producer and reader run at the same time.
  static let concurrent = "†"

  private func cell(_ verdict: ChannelVerdict) -> Inline {
    switch verdict.relation {
    case .nothingLost, .exact: "\(verdict.relation.rawValue)"
    case .upperBound, .underReported, .overReported:
      switch verdict.difference {
      case nil: "\(verdict.relation.rawValue): \(verdict.told)"
      case 0: "\(verdict.relation.rawValue)"
      case let by?: "\(verdict.relation.rawValue) by \(by)"
      }
    case .packetsOnly, .flagOnly: "\(verdict.relation.rawValue): \(verdict.told)"
    case .saysNone, .notTold, .inconclusive: "\(verdict.relation.rawValue)"
    }
  }
}
