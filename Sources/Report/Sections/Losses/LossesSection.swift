import Study

/// The losses, and the reports of each ABI about them.
struct LossesSection: ReportSection {
  let results: Results
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

  var backend: String
  var mode: String
  var rows: [Row]

  /// The scenarios in which events were lost.
  var lossy: [Row] { rows.filter { $0.judgement.lost > 0 } }

  /// The number of scenarios with a loss in which a total is exact.
  func exact(_ total: KeyPath<LossJudgement, ChannelVerdict>) -> Int {
    lossy.count { $0.judgement[keyPath: total].relation == .exact }
  }

  /// Both modes, and any other that a record names.
  private static func modes(of results: Results) -> [String] {
    (RingConfiguration.Mode.allCases.map(\.rawValue) + results.losses.map(\.mode)).grouped { $0 }.map(\.key)
  }

  /// Live back ends first, each in both modes.
  static func all(of results: Results) -> [LossSubject] {
    results.backendNames.flatMap { backend in
      modes(of: results).compactMap { mode -> LossSubject? in
        let rows = results.losses.enumerated().compactMap { index, result in
          result.backend == backend && result.mode == mode
            ? result.judgement.map { (index: index, result: result, judgement: $0) } : nil
        }
        return rows.isEmpty ? nil : LossSubject(backend: backend, mode: mode, rows: rows)
      }
    }
  }
}
