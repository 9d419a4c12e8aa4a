import Study

/// The service time of a write by percentile: a panel for each back end and mode, with at most four curves.
struct WriterTailPlot {
  static let title = "Service time of a write by percentile"

  /// The conditions of a panel's curves; of those in one line the first that was recorded.
  private static let conditions: [[WriterCondition]] = [
    [.noReader], [.idle], [.polling], [.waitingForSubbuffer, .waitingForEvent],
  ]

  let caption: String
  /// The cost of reading the clock in each sample, in nanoseconds; `nil` if the run did not measure it.
  let clockOverhead: UInt64?
  /// The rows of live back ends.
  let rows: [DisturbanceResult]

  private struct Panel {
    var title: String
    var curves: [(condition: WriterCondition, curve: PercentileCurve, trials: Int)]

    func curve(_ condition: WriterCondition) -> PercentileCurve? {
      curves.first { $0.condition == condition }?.curve
    }
  }

  /// `nil` without samples.
  func svg() -> String? {
    let panels = panels
    let curves = panels.flatMap { $0.curves }
    guard let end = curves.map(\.curve.end).max() else { return nil }
    let x = PlotAxis.percentiles("percentile p (%), scale −log(1 − p)", upTo: end)
    let y = PlotAxis.duration(
      "service time (log scale)", containing: curves.flatMap { $0.curve.corners.map(\.y) })
    let styles = Array(zip(WriterTailPlot.conditions.flatMap { $0 }, PlotStyle.conditions))
    return PlotSheet(
      title: WriterTailPlot.title, caption: caption,
      legend: styles.filter { condition, _ in curves.contains { $0.condition == condition } }.map {
        PlotSheet.Entry(style: $1, text: WriterTailPlot.text($0), hasLine: true)
      },
      panels: panels.map { panel in
        PlotPanel(
          title: panel.title, x: x, y: y,
          series: styles.flatMap { condition, style in
            panel.curves.filter { $0.condition == condition }.map {
              PlotPanel.Series(style: style, line: $0.curve.corners, marks: $0.curve.marks)
            }
          },
          height: 300, remarks: remarks(panel))
      },
      columns: min(2, panels.count),
      notes: notes(panels)
    ).svg()
  }

  private func notes(_ panels: [Panel]) -> [String] {
    var notes = [
      "Service time, in ns, µs or ms: from the reading of the clock before the write to the one after it. "
        + "\(PlotNotes.trials(panels.flatMap { $0.curves.map(\.trials) }, of: "curve")) "
        + "A curve has the samples of all its trials and ends where fewer than \(SampleSupport.samplesBeyond) lie "
        + "beyond it. \(PlotNotes.clock(clockOverhead, "ns"))"
    ]
    let medians = panels.compactMap { panel -> String? in
      guard let none = panel.curve(.noReader)?.median, let polling = panel.curve(.polling)?.median else { return nil }
      return "\(panel.title): \(Format.grouped(none)) and \(Format.grouped(polling)) ns"
    }
    if !medians.isEmpty {
      notes.append(
        "p50 with no reader and with a reader that drains by polling: \(medians.joined(separator: "; ")).")
    }
    return notes
  }

  private static func text(_ condition: WriterCondition) -> String {
    switch condition {
    case .idle: "idle reader: it has the ring buffer open and sleeps"
    case .polling: "draining reader, polling"
    case .waitingForSubbuffer: "draining reader, woken by a full sub-buffer"
    case .waitingForEvent: "draining reader, woken by an event"
    default: condition.rawValue
    }
  }

  private func remarks(_ panel: Panel) -> [String] {
    WriterTailPlot.conditions.filter { choice in !panel.curves.contains { choice.contains($0.condition) } }.map {
      "not measured: \($0[0].rawValue)"
    }
  }

  /// The back ends one after the other, so that two modes are next to each other.
  private var panels: [Panel] {
    rows.grouped { [$0.backend, $0.mode] }.compactMap { key, rows in
      let curves = WriterTailPlot.conditions.compactMap { choice in
        choice.lazy.compactMap { condition in
          rows.first { $0.condition == condition }.flatMap { row in
            PercentileCurve(row.service).map { (condition, $0, row.service.count) }
          }
        }.first
      }
      return curves.isEmpty ? nil : Panel(title: "\(key[0]), \(key[1])", curves: curves)
    }
  }
}
