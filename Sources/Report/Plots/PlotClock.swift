import Study

/// What the clock of a run counts, as drawings name it.
enum PlotClock {
  /// Nanoseconds of the world.
  case nanoseconds
  /// Instructions: that of a virtual machine that counts them.
  case instructions

  init(_ environment: RunEnvironment) {
    self = environment.countsInstructions ? .instructions : .nanoseconds
  }

  /// The unit, in words.
  var unit: String { self == .nanoseconds ? "ns" : "instructions" }

  /// An axis of costs.
  var costAxis: String { self == .nanoseconds ? "time (ns), logarithmic" : "instructions, logarithmic" }

  /// A value on an axis of ages: `500 ns`, `20 µs`, `5 ms`, `1 s`.
  static func ageText(_ value: Double) -> String {
    let (unit, name) = [(1e9, " s"), (1e6, " ms"), (1e3, " µs")].first { value >= $0.0 } ?? (1, " ns")
    return "\(Format.decimal(value / max(1, unit), digits: 0))\(name)"
  }
}
