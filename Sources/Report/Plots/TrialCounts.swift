/// The number of trials that a plot draws.
enum TrialCounts {
  /// `n = 5 trials per point.`, or the range of the numbers.
  static func text(_ counts: [Int], of drawn: String) -> String {
    guard let least = counts.min(), let greatest = counts.max() else { return "" }
    let range = least == greatest ? "\(least)" : "\(least) to \(greatest)"
    return "n = \(range) \(greatest == 1 ? "trial" : "trials") per \(drawn)."
  }
}
