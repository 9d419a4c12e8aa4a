import Study

/// How readers, ages and costs are written.
enum FreshnessFormat {
  /// A time in microseconds.
  static func microseconds(_ nanoseconds: Double) -> String { LatencyFormat.number(nanoseconds / 1_000) }

  /// The median of trials in microseconds, with its interval.
  static func median(_ nanoseconds: [Double]) -> Inline { LatencyFormat.median(nanoseconds.map { $0 / 1_000 }) }

  /// A percentile in microseconds, where there are enough samples for it.
  static func percentile(_ percentile: Double, of all: Distribution?) -> Inline {
    guard let all, SampleSupport.supports(percentile, samples: all.count) else { return .absent }
    return .text(microseconds(Double(all.value(at: percentile))))
  }

  /// The greatest sample in microseconds.
  static func greatest(_ trials: [Trial]) -> Inline {
    trials.map(\.maximum).max().map { .text(microseconds(Double($0))) } ?? .absent
  }
}

extension FreshnessReader {
  /// What it is varied by: `buffer_percent 50`; `every 1 ms, flush`.
  var setting: String {
    var parts: [String] = []
    if period > 0 { parts.append("every \(Format.decimal(Double(period) / 1e6, digits: 3)) ms") }
    if let wake { parts.append(wake.rawValue) }
    if switchTimer > 0 { parts.append("switch timer \(Format.decimal(Double(switchTimer) / 1e3, digits: 3)) ms") }
    if flushes { parts.append("flush") }
    return parts.joined(separator: ", ")
  }

  /// Both in one.
  var title: String { setting.isEmpty ? waiting.rawValue : "\(waiting.rawValue), \(setting)" }
}

extension FreshnessResult {
  /// Those that no reader was handed, in all trials.
  var lost: UInt64 { counts.reduce(0) { $0 &+ $1.lost } }
  /// The CPU time of the reading thread in per cent of one CPU, trial by trial.
  var cpuPercents: [Double] { counts.map { $0.cpuShare * 100 } }
}
