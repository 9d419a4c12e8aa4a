/// An estimate with its 95 % confidence interval.
struct Interval: Equatable {
  var estimate: Double
  var lower: Double
  var upper: Double
}

extension Samples {
  /// The median of the trials of some columns.
  func median(_ columns: Column...) -> Double { Self.median(blocks, columns) }

  /// The median of the ratios that the blocks have, with the percentiles 2.5 and 97.5 of what it comes to in blocks drawn
  /// from these with replacement. Within a block, so that what changes from one to the next is in no ratio.
  func ratio(
    _ above: [Column], _ below: [Column], _ random: inout some RandomNumberGenerator
  ) -> Interval {
    interval(&random) { blocks in
      blocks.map { block in Self.sum(block, above) / Self.sum(block, below) }.median
    }
  }

  /// The median of some columns, in the same way.
  func median(_ columns: [Column], _ random: inout some RandomNumberGenerator) -> Interval {
    interval(&random) { Self.median($0, columns) }
  }

  private func interval(
    _ random: inout some RandomNumberGenerator, _ statistic: ([[Double]]) -> Double
  ) -> Interval {
    let resamples = 2_000
    var drawn: [Double] = []
    for _ in 0..<resamples {
      drawn.append(statistic(blocks.map { _ in blocks[Int.random(in: 0..<blocks.count, using: &random)] }))
    }
    drawn.sort()
    return Interval(
      estimate: statistic(blocks), lower: drawn[resamples * 25 / 1000], upper: drawn[resamples * 975 / 1000])
  }

  private static func sum(_ block: [Double], _ columns: [Column]) -> Double {
    columns.reduce(0) { $0 + block[$1.rawValue] }
  }

  private static func median(_ blocks: [[Double]], _ columns: [Column]) -> Double {
    blocks.flatMap { block in columns.map { block[$0.rawValue] } }.median
  }
}
