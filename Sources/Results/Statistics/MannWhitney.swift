import Foundation

/// The test of H. B. Mann and D. R. Whitney (1947): whether one of two samples tends to larger values.
public enum MannWhitney {
  /// Below this p a difference counts as one.
  public static let significance = 0.05

  /// The probability, if both samples come from one distribution, of rank sums at least as far apart as these; two-sided.
  ///
  /// Equal values share the mean of their ranks. Up to 40 values in both samples together all ways to divide the values
  /// in two are counted; from there on it is the normal approximation, corrected for ties and continuity.
  /// - Returns: 1 where a sample is empty.
  public static func p(_ left: [Double], _ right: [Double]) -> Double { p(left, right, mostCounted: 40) }

  /// `true` if any p of samples of these sizes lies below ``significance``.
  static func canTell(_ left: Int, _ right: Int) -> Bool { leastP(left, right) < significance }

  /// The least p of samples of these sizes: all of one sample beyond all of the other, one of all ways to divide them, and
  /// as far on the other side. 0.0079 for 5 and 5.
  public static func leastP(_ left: Int, _ right: Int) -> Double {
    guard left > 0, right > 0 else { return 1 }
    var ways = 1.0
    for taken in 1...left { ways = ways * Double(right + taken) / Double(taken) }
    return min(1, 2 / ways)
  }

  static func p(_ left: [Double], _ right: [Double], mostCounted: Int) -> Double {
    guard !left.isEmpty, !right.isEmpty else { return 1 }
    let doubled = doubledRanks(left + right)
    let sum = doubled.prefix(left.count).reduce(0, +)
    // Doubled as the ranks are, and so whole.
    let mean = left.count * (left.count + right.count + 1)
    return doubled.count <= mostCounted
      ? counted(doubled, left.count, distance: abs(sum - mean), mean: mean)
      : approximated(doubled, left.count, distance: Double(abs(sum - mean)) / 2)
  }

  /// Twice the rank of each value, from 1 on, equal values with the mean of theirs.
  private static func doubledRanks(_ values: [Double]) -> [Int] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Int](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
      for place in first...last { ranks[order[place]] = first + last + 2 }
      first = last + 1
    }
    return ranks
  }

  /// The share of all choices of N ranks whose sum is at least so far from the mean.
  private static func counted(_ doubled: [Int], _ count: Int, distance: Int, mean: Int) -> Double {
    let greatest = doubled.reduce(0, +)
    // ways[n][s]: in how many ways n of the ranks up to now have the sum s.
    var ways = [[Double]](repeating: [Double](repeating: 0, count: greatest + 1), count: count + 1)
    ways[0][0] = 1
    for rank in doubled {
      for chosen in stride(from: count - 1, through: 0, by: -1) {
        for sum in stride(from: greatest - rank, through: 0, by: -1) where ways[chosen][sum] > 0 {
          ways[chosen + 1][sum + rank] += ways[chosen][sum]
        }
      }
    }
    let all = ways[count].reduce(0, +)
    let far = ways[count].enumerated().reduce(0.0) { abs($1.offset - mean) >= distance ? $0 + $1.element : $0 }
    return far / all
  }

  private static func approximated(_ doubled: [Int], _ count: Int, distance: Double) -> Double {
    let (left, right, all) = (Double(count), Double(doubled.count - count), Double(doubled.count))
    let tied = Dictionary(grouping: doubled) { $0 }.values.map { Double($0.count) }
    let ties: Double = tied.reduce(0) { $0 + ($1 * $1 * $1 - $1) }
    let variance = left * right / 12 * (all + 1 - ties / (all * (all - 1)))
    guard variance > 0 else { return 1 }
    let deviations = max(0, distance - 0.5) / variance.squareRoot()
    return min(1, erfc(deviations / 2.0.squareRoot()))
  }
}
