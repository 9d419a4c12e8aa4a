import Study

/// The distribution of all trials of a row as a step curve.
struct PercentileCurve {
  private static let marked: [(percentile: Double, inverse: Double)] = [
    (50, 2), (90, 10), (99, 100), (99.9, 1000), (99.99, 10_000), (99.999, 100_000),
  ]

  private let distribution: Distribution

  /// `nil` without samples, or with more than 64 bits can count.
  init?(_ trials: [Trial]) {
    guard let all = trials.distribution else { return nil }
    distribution = all
  }

  /// In nanoseconds.
  var median: UInt64 { distribution.value(at: 50) }

  /// The last percentile of the curve as 1 / (1 − share): beyond it lie fewer than
  /// ``SampleSupport/samplesBeyond`` samples.
  var end: Double { max(1, Double(distribution.count) / Double(SampleSupport.samplesBeyond)) }

  /// The corners, up to ``end``: a value extends from the share of the samples below it to the share at or below it.
  var corners: [PlotPanel.Point] {
    var corners: [PlotPanel.Point] = []
    var atOrBelow: UInt64 = 0
    for bucket in distribution.buckets {
      let start = inverse(atOrBelow)
      guard start <= end else { break }
      atOrBelow += bucket.count
      corners.append(PlotPanel.Point(x: start, y: Double(bucket.nanoseconds)))
      corners.append(PlotPanel.Point(x: min(end, inverse(atOrBelow)), y: Double(bucket.nanoseconds)))
    }
    return corners
  }

  /// The least sample and the usual percentiles, where the sample supports them.
  var marks: [PlotPanel.Mark] {
    let supported = PercentileCurve.marked.filter {
      SampleSupport.supports($0.percentile, samples: distribution.count)
    }
    return [PlotPanel.Mark(PlotPanel.Point(x: 1, y: Double(distribution.least)))]
      + supported.map {
        PlotPanel.Mark(PlotPanel.Point(x: $0.inverse, y: Double(distribution.value(at: $0.percentile))))
      }
  }

  private func inverse(_ count: UInt64) -> Double {
    count >= distribution.count
      ? .greatestFiniteMagnitude : Double(distribution.count) / Double(distribution.count - count)
  }
}
