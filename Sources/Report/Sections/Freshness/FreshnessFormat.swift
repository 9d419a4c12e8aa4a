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
  /// Waits per sub-buffer that the events written meanwhile fill, in all trials; `nil` if the reader does not wait, or if
  /// the set-up does not name the events of a sub-buffer.
  var waitsPerSubbuffer: Double? {
    func setting(_ name: String) -> Double? { setup.value(of: name).flatMap(Double.init) }
    let waits = counts.reduce(0) { $0 + Double($1.waits) }
    guard let size = setting("events of a full sub-buffer"), size > 0, waits > 0 else { return nil }
    // The counts begin with the producer and end with the last recorded event.
    let before = setting("events before those recorded") ?? 0
    let events = counts.reduce(0) { $0 + Double($1.events) + before }
    return events > 0 ? waits * size / events : nil
  }

  /// Recorded events that no reader was handed, in all trials.
  var lost: UInt64 { counts.reduce(0) { $0 &+ $1.lost } }
  /// The CPU time of the reading thread in per cent of one CPU, trial by trial.
  var cpuPercents: [Double] { counts.map { $0.cpuShare * 100 } }
}
