/// The notes that several plots have.
enum PlotNotes {
  /// `n = 5 trials per point.`, or the range of the numbers.
  static func trials(_ counts: [Int], of drawn: String) -> String {
    guard let least = counts.min(), let greatest = counts.max() else { return "" }
    let range = least == greatest ? "\(least)" : "\(least) to \(greatest)"
    return "n = \(range) \(greatest == 1 ? "trial" : "trials") per \(drawn)."
  }

  /// The share of reading the clock in each sample.
  static func clock(_ overhead: UInt64?, _ unit: String) -> String {
    overhead.map { "Each sample includes \($0) \(unit) of clock reading." }
      ?? "Each sample includes the cost of reading the clock."
  }
}
