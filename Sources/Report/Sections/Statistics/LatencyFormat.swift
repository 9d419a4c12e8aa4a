import Study

/// How medians, intervals, ratios and outliers are written.
enum LatencyFormat {
  /// `401 [398, 407]`; without an interval where there are too few trials.
  static func median(_ values: [Double]) -> Inline {
    guard let median = values.median else { return .absent }
    return .text(number(median) + interval(Bootstrap.medianInterval(values)))
  }

  /// `1.31 [1.28, 1.34]`.
  static func ratio(_ comparison: Comparison) -> Inline {
    guard let ratio = comparison.ratio else { return .absent }
    let interval = comparison.ratioInterval.map {
      " [\(Format.decimal($0.low, digits: 2)), \(Format.decimal($0.high, digits: 2))]"
    }
    return .text(Format.decimal(ratio, digits: 2) + (interval ?? ""))
  }

  /// The p of a test; `~` before one that is not significant, `—` where none can be.
  static func p(_ comparison: Comparison) -> Inline {
    guard comparison.canBeSignificant else { return .absent }
    let p = comparison.p
    let text = p < 0.0001 ? "< 0.0001" : Format.decimal(p, digits: 4)
    return .text(comparison.isSignificant ? text : "~ \(text)")
  }

  /// `2 mild, 1 severe`; `0` where there are none.
  static func outliers(_ outliers: Outliers) -> Inline {
    let parts = [(outliers.mild, "mild"), (outliers.severe, "severe")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return .text(parts.isEmpty ? "0" : parts.joined(separator: ", "))
  }

  /// ` [398, 407]`; nothing without an interval.
  static func interval(_ interval: ConfidenceInterval?) -> String {
    interval.map { " [\(number($0.low)), \(number($0.high))]" } ?? ""
  }

  /// A time in nanoseconds: three significant digits at least.
  static func number(_ value: Double) -> String {
    Format.decimal(value, digits: abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2)
  }
}
