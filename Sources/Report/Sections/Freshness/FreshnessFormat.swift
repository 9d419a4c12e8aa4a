import Study

/// The text of readers, ages and costs.
enum FreshnessFormat {
  /// A time in microseconds.
  static func microseconds(_ nanoseconds: Double) -> String { LatencyFormat.number(nanoseconds / 1_000) }

  /// The median of trials in microseconds, with its range or interval.
  static func median(_ nanoseconds: [Double]) -> Inline { LatencyFormat.median(nanoseconds.map { $0 / 1_000 }) }

  /// A percentile in microseconds, if there are enough samples from enough trials.
  static func percentile(_ percentile: Double, of trials: [Trial]) -> Inline {
    LatencyFormat.percentile(percentile, of: trials.distribution, trials, microseconds)
  }

  /// The greatest sample in microseconds.
  static func greatest(_ trials: [Trial]) -> Inline {
    trials.map(\.maximum).max().map { .text(microseconds(Double($0))) } ?? .absent
  }
}

extension FreshnessReader {
  /// The settings: `buffer_percent 50`; `every 1 ms, flush`.
  var setting: String {
    var parts: [String] = []
    if period > 0 { parts.append("every \(Format.decimal(Double(period) / 1e6, digits: 3)) ms") }
    if let wake { parts.append(wake.rawValue) }
    if switchTimer > 0 { parts.append("switch timer \(Format.decimal(Double(switchTimer) / 1e3, digits: 3)) ms") }
    if flushes { parts.append("flush") }
    return parts.joined(separator: ", ")
  }

  /// The way of waiting with the settings.
  var title: String { setting.isEmpty ? waiting.rawValue : "\(waiting.rawValue), \(setting)" }
}

extension FreshnessResult {
  /// Recorded events that no reader was handed, in all trials.
  var lost: UInt64 { counts.reduce(0) { $0 &+ $1.lost } }
  /// The CPU time of the reading thread in per cent of one CPU, trial by trial.
  var cpuPercents: [Double] { counts.map { $0.cpuShare * 100 } }
}
