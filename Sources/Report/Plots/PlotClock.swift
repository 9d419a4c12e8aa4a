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

  /// An axis of ages.
  var ageAxis: String { self == .nanoseconds ? "age, logarithmic" : "age in instructions, logarithmic" }

  /// A value with its unit, where the axis does not say it: `500 ns`, `20 µs`, `5 ms`, `1 s`; or `20,000`.
  func text(_ value: Double) -> String {
    guard self == .nanoseconds else { return Format.grouped(UInt64(exactly: value.rounded()) ?? .max) }
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")]
    guard let (unit, name) = units.first(where: { value >= $0.0 }) else {
      return "\(Format.decimal(value, digits: 0)) ns"
    }
    return "\(Format.decimal(value / unit, digits: 0)) \(name)"
  }
}
