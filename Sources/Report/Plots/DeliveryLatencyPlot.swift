import Study

/// The time from an event's time stamp to its delivery: a panel for each back end, a line for each reader, and in it a
/// point for each rate, from p50 to p99.
struct DeliveryLatencyPlot {
  static let title = "Delivery latency by reader and rate"

  let caption: String
  /// The rows of live back ends.
  let rows: [FreshnessResult]

  /// A row with its percentiles, in nanoseconds.
  private struct Measured {
    var row: FreshnessResult
    var median: Double
    var p99: Double?
  }

  /// `nil` without samples.
  func svg() -> String? {
    let measured = rows.compactMap { row in
      row.trialMedians.median.map { Measured(row: row, median: $0, p99: p99(row.age.distribution)) }
    }
    guard !measured.isEmpty else { return nil }
    let all = Set(measured.map(\.row.rate)).sorted()
    let rates = all.prefix(PlotStyle.subjects.count)
    let shown = measured.filter { rates.contains($0.row.rate) }
    let x = PlotAxis.duration(
      "delivery latency (log scale)", containing: shown.flatMap { [$0.median, $0.p99 ?? $0.median] })
    let panels = shown.grouped { $0.row.backend }.map { backend, measured in
      let readers = measured.grouped { $0.row.reader.title }
      let series = zip(rates, PlotStyle.subjects).enumerated().map { place, rate in
        // The points of a reader lie one below the other.
        let shift = 0.7 * (0.5 - (Double(place) + 0.5) / Double(rates.count))
        let marks = readers.enumerated().flatMap { index, reader in
          reader.elements.filter { $0.row.rate == rate.0 }.map { measured in
            let point = PlotPanel.Point(x: measured.median, y: Double(readers.count - 1 - index) + shift)
            return PlotPanel.Mark(point, x: measured.median...max(measured.median, measured.p99 ?? 0))
          }
        }
        return PlotPanel.Series(style: rate.1, marks: marks)
      }
      return PlotPanel(
        title: backend, x: x, y: .names(readers.map(\.key)), series: series,
        height: Double(readers.count) * (12 + 12 * Double(rates.count)))
    }
    var notes = [
      "From the event's time stamp to the end of the acquire that delivers it. Points: p50, median of the trials. "
        + "\(PlotNotes.trials(measured.map(\.row.age.count), of: "point")) Bars: to p99 of all trials; none with fewer than \(Format.grouped(SampleSupport.required(for: 99))) samples. "
        + "A missing point was not measured."
    ]
    if all.count > rates.count { notes.append("\(all.count - rates.count) more rates are not drawn.") }
    return PlotSheet(
      title: DeliveryLatencyPlot.title, caption: caption,
      legend: zip(rates, PlotStyle.subjects).map {
        PlotSheet.Entry(style: $1, text: "\(Format.grouped($0)) events per second", hasLine: false)
      },
      panels: panels, notes: notes
    ).svg()
  }

  private func p99(_ all: Distribution?) -> Double? {
    all.flatMap { SampleSupport.supports(99, samples: $0.count) ? Double($0.value(at: 99)) : nil }
  }
}
