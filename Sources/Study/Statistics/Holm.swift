/// The correction of S. Holm (1979) for the number of tests: the probability that any of the significant ones is a
/// false one stays below the level.
public enum Holm {
  /// The corrected p of each test, in the order of the tests, at most 1.
  public static func adjusted(_ p: [Double]) -> [Double] {
    var adjusted = p
    var greatest = 0.0
    for (rank, index) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
      greatest = max(greatest, min(1, p[index] * Double(p.count - rank)))
      adjusted[index] = greatest
    }
    return adjusted
  }
}
