import Study

/// The report as Markdown, made from results alone: the same results give the same text.
public enum MarkdownReport {
  /// The text of `report.md`.
  /// - Parameter plots: the plots that lie beside the report and that it shows; none for a report that stands alone.
  /// - Parameter details: the documents beside the report that have the loss scenarios one by one, by back end; none for
  ///   a report that stands alone.
  public static func render(_ results: Results, plots: [Plot] = [], details: [String: String] = [:]) -> String {
    let anchors = Anchors(results)
    let sections: [any ReportSection] = [
      SummarySection(results: results),
      FindingsSection(results: results, anchors: anchors),
      DefectsSection(results: results, anchors: anchors, details: details),
      ConsistencySection(results: results),
      EnvironmentSection(results: results),
      BackendsSection(results: results),
      OperationsSection(results: results),
      ClaimsSection(results: results, anchors: anchors),
      EvidenceSection(results: results, anchors: anchors),
      ModelsSection(results: results, anchors: anchors),
      ModelChecksSection(results: results, anchors: anchors),
      ClausesSection(results: results, anchors: anchors),
      LatencySection(results: results, plots: plots),
      FreshnessSection(results: results, plots: plots),
      ThroughputSection(results: results),
      DisturbanceSection(results: results, plots: plots),
      LossesSection(results: results, anchors: anchors, plots: plots, details: details),
      CrossChecksSection(results: results),
      SurfaceSection(results: results),
      GuideSection(),
      RepeatSection(results: results),
    ]
    var document = MarkdownDocument()
    for section in sections { section.write(to: &document) }
    return document.source
  }
}
