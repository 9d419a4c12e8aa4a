extension StudyRun {
  /// The parts of the thorough profile that this study leaves out, by chapter, loss scenarios excepted: see
  /// ``Results/lossScenariosLeftOut``. The cross-checks have a row for each load that they leave out.
  var leftOut: [Observation] {
    guard !isLossesOnly else {
      return [Observation("other chapters", "all: scenarios were asked for by name")]
    }
    let thorough = (
      latency: LatencyExtent(.thorough), freshness: FreshnessExtent(.thorough), throughput: ThroughputExtent(.thorough),
      disturbance: DisturbanceExtent(.thorough)
    )
    return Self.leftOut(
      "access counts", RingConfiguration.Mode.allCases.filter { !profile.surfaceModes.contains($0) }.map(Self.named))
      + Self.leftOut("clauses", profile.clauses == .full ? [] : ["most shapes of ring buffers and orders of calls"])
      + Self.leftOut(
        "latency",
        thorough.latency.modes.filter { !latency.modes.contains($0) }.map {
          "\(Self.named($0)), but for the usual point"
        }
          + thorough.latency.counts.filter { !latency.counts.contains($0) }.map { "\($0) sub-buffers" })
      + Self.leftOut(
        "delivery latency",
        thorough.freshness.rates.filter { !freshness.rates.contains($0) }.map { "\($0) events/s" }
          + thorough.freshness.periods.filter { !freshness.periods.contains($0) }.map { "a timer of \($0 / 1_000) µs" }
          + thorough.freshness.switchTimers.filter { !freshness.switchTimers.contains($0) }
          .map { "a switch timer of \($0) µs" } + (freshness.pollsWithFlush ? [] : ["polling with a flush"])
          + (freshness.unflushed ? [] : ["a reader's timer without a flush"]))
      + Self.leftOut(
        "throughput",
        thorough.throughput.modes.filter { !throughput.modes.contains($0) }.map(Self.named)
          + thorough.throughput.works.filter { !throughput.works.contains($0) }.map(\.rawValue))
      + Self.leftOut(
        "writer overhead",
        thorough.disturbance.modes.filter { !disturbance.modes.contains($0) }.map(Self.named)
          + thorough.disturbance.conditions.filter { !disturbance.conditions.contains($0) }.map(\.rawValue))
  }

  private static func named(_ mode: RingConfiguration.Mode) -> String { "\(mode.rawValue) mode" }

  private static func leftOut(_ chapter: String, _ things: [String]) -> [Observation] {
    things.isEmpty ? [] : [Observation(chapter, things.joined(separator: "; "))]
  }
}
