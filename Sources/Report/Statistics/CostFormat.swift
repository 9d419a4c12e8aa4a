import Results

/// The text of medians, ranges, ratios and outliers.
enum CostFormat {
  /// The mark of a row whose trials fall into two clusters.
  static let twoSpeeds = "‡"

  /// ` ‡` if the trials fall into two clusters, else nothing.
  static func mark(_ values: [Double]) -> String { TwoSpeeds(in: values) == nil ? "" : " \(twoSpeeds)" }

  /// `401 (398…407)`: the median and the range of the trials; `401 [399, 405]`: with a confidence interval, if there are
  /// enough trials for one narrower than the range.
  static func median(_ values: [Double]) -> Inline {
    guard let median = values.median else { return .absent }
    return .text(number(median) + spread(Bootstrap.medianInterval(values), range(values), number) + mark(values))
  }

  /// `1.3 (1.2…1.4)`: the ratio of the medians, and the range of the ratios of single trials or a confidence interval.
  static func ratio(_ comparison: Comparison) -> Inline {
    guard let ratio = comparison.ratio else { return .absent }
    let range = comparison.base.count + comparison.other.count > 2 ? comparison.ratioRange : nil
    return .text(short(ratio) + spread(comparison.ratioInterval, range, short))
  }

  /// ` [a, b]` of an interval, else ` (a…b)` of a range; nothing without both.
  static func spread(
    _ interval: ConfidenceInterval?, _ range: ConfidenceInterval?, _ text: (Double) -> String
  ) -> String {
    if let interval { return " [\(text(interval.low)), \(text(interval.high))]" }
    return range.map { " (\(text($0.low))…\(text($0.high)))" } ?? ""
  }

  /// The least and the greatest of two values or more.
  private static func range(_ values: [Double]) -> ConfidenceInterval? {
    guard values.count > 1, let low = values.min(), let high = values.max() else { return nil }
    return ConfidenceInterval(low: low, high: high)
  }

  /// `2 mild, 1 severe`; `0` without any.
  static func outliers(_ outliers: Outliers) -> Inline {
    let parts = [(outliers.mild, "mild"), (outliers.severe, "severe")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return .text(parts.isEmpty ? "0" : parts.joined(separator: ", "))
  }

  /// A percentile of the samples of all trials; `—` if ``SampleSupport`` does not allow it, with the number of trials
  /// that it comes from if these are too few.
  static func percentile(
    _ percentile: Double, of all: Distribution?, _ trials: [Trial], _ text: (Double) -> String = number
  ) -> Inline {
    guard let all, SampleSupport.supports(percentile, samples: all.count) else { return .absent }
    let value = all.value(at: percentile)
    let reaching = SampleSupport.trials(reaching: value, trials)
    guard SampleSupport.isEnough(reaching, of: trials.count) else {
      return "— (from \(reaching) of \(trials.count) trials)"
    }
    return .text(text(Double(value)))
  }

  /// The greatest sample of all trials.
  static func maximum(_ trials: [Trial], _ text: (Double) -> String = number) -> Inline {
    .optional(trials.map(\.maximum).max().map { text(Double($0)) })
  }

  /// A measured value: three significant digits, as the histograms keep; a small whole number without decimals.
  static func number(_ value: Double) -> String {
    let isSmallAndWhole = abs(value) < 1_000 && value == value.rounded()
    return isSmallAndWhole ? Format.decimal(value, digits: 0) : Format.significant(value, digits: 3)
  }

  /// A ratio: two significant digits.
  static func short(_ value: Double) -> String { Format.significant(value, digits: 2) }
}

/// The sample sizes that percentiles need.
enum SampleSupport {
  /// The least number of samples that are expected beyond a percentile that is shown.
  static let samplesBeyond: UInt64 = 10

  /// The number of samples from which on a percentile is shown: 10,000 for p99.9.
  static func required(for percentile: Double) -> UInt64 {
    // In thousandths of a percent, so that 99.9 counts as it is written and not as its nearest binary fraction.
    let beyond = UInt64(((100 - min(max(percentile, 0), 100)) * 1000).rounded())
    return beyond == 0 ? .max : (samplesBeyond * 100_000 + beyond - 1) / beyond
  }

  static func supports(_ percentile: Double, samples: UInt64) -> Bool {
    samples >= required(for: percentile)
  }

  /// The number of trials with a sample at or above a value. Samples of one trial depend on each other: one stall delays
  /// many events.
  static func trials(reaching value: UInt64, _ trials: [Trial]) -> Int {
    trials.count { $0.distribution.greatest >= value }
  }

  /// `true` if more than half of the trials reach a percentile, so that it is not a single episode.
  static func isEnough(_ reaching: Int, of trials: Int) -> Bool { 2 * reaching > trials }

  /// The explanation of the percentiles in a table.
  static var note: Inline {
    """
    *p50* to *p99.9*: percentiles of the samples of all trials together. `—`: fewer than \(samplesBeyond) of the n samples \
    are expected beyond it. *— (from 1 of 5 trials)*: only so many trials, half of them or fewer, have samples as large, \
    so that it shows one episode of them (a stall delays many events at once) and not the measured operation.
    """
  }
}

extension StudyResults {
  /// The unit of the clock of the run: `ns`, or `instructions` in a virtual machine that counts them.
  var timeUnit: String { self.environment.countsInstructions ? "instructions" : "ns" }
}

extension MarkdownDocument {
  /// Notes that the clock counts instructions, if it does.
  mutating func timeUnitNote(_ results: StudyResults) {
    guard let fact = results.environment.facts.first(where: { $0.name == EnvironmentFact.time }) else { return }
    paragraph("The clock of this run counts instructions: \(EnvironmentFact.time) is \(fact.value).")
  }

  /// Writes the replacement of a section that needs writer and reader in parallel, on a machine whose CPUs take turns.
  mutating func turnsNote() {
    paragraph(
      """
      Not shown: the CPUs of this machine take turns, each running until a timer is due while the other's instructions \
      wait, and its clock counts instructions. Delays between writer and reader are those of the turns.
      """)
  }
}
