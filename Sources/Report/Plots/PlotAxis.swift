import Foundation

/// One axis of a panel, linear or logarithmic, with ticks at round numbers.
struct PlotAxis {
  struct Tick: Equatable {
    var value: Double
    var label: String
  }

  let title: String
  let ticks: [Tick]
  private let isLogarithmic: Bool
  private let range: ClosedRange<Double>

  private init(_ title: String, _ range: ClosedRange<Double>, isLogarithmic: Bool = false, _ ticks: [Tick]) {
    (self.title, self.range, self.isLogarithmic, self.ticks) = (title, range, isLogarithmic, ticks)
  }

  /// The share of the axis before a value: 0 at its beginning, 1 at its end. A value outside the axis lies on its end.
  func position(_ value: Double) -> Double {
    let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
    let position = (scaled(value) - low) / (high - low)
    return position.isFinite ? min(1, max(0, position)) : 0
  }

  private func scaled(_ value: Double) -> Double {
    isLogarithmic ? log10(max(value, range.lowerBound)) : value
  }

  /// A linear axis that contains 0 and some values, with at most nine ticks.
  static func linear(_ title: String, containing values: [Double]) -> PlotAxis {
    let values = values.filter(\.isFinite)
    // A little more, so that no mark lies on the frame.
    let (least, greatest) = (min(0, (values.min() ?? 0) * 1.02), max(0, (values.max() ?? 0) * 1.02))
    let span = greatest - least > 1e-9 ? greatest - least : 1
    let decade = pow(10, (log10(span / 8)).rounded(.down))
    let step = decade * ([1, 2, 5].first { $0 * decade * 8 >= span } ?? 10)
    let first = (least / step).rounded(.down)
    let last = max(first + 1, (greatest / step).rounded(.up))
    let ticks = stride(from: first, through: last, by: 1).map { Tick(value: $0 * step, label: number($0 * step)) }
    return PlotAxis(title, first * step...last * step, ticks)
  }

  /// A logarithmic axis of times that contains some values in nanoseconds. Its ticks are steps of 1, 2 and 5, or
  /// decades where these are too many. A value below 1 ns lies on 1 ns.
  static func duration(_ title: String, containing values: [Double]) -> PlotAxis {
    let values = values.filter(\.isFinite)
    let least = max(1, values.min() ?? 1)
    let greatest = max(least, values.max() ?? 1)
    // 2^64 ns is less than 10^20 ns.
    let steps = (0...20).flatMap { decade in [1, 2, 5].map { $0 * pow(10, Double(decade)) } }
    let first = steps.lastIndex { $0 <= least / 1.05 } ?? 0
    let last = max(first + 1, steps.firstIndex { $0 >= greatest * 1.05 } ?? steps.count - 1)
    let labelled = (first...last).filter { last - first <= 10 || $0.isMultiple(of: 3) }
    return PlotAxis(
      title, steps[first]...steps[last], isLogarithmic: true,
      labelled.map { Tick(value: steps[$0], label: duration(steps[$0])) })
  }

  /// The percentile axis of HdrHistogram's plots, with the scale −log(1 − share). A percentile is given as
  /// 1 / (1 − share): 10 for p90, 1,000 for p99.9.
  static func percentiles(_ title: String, upTo inverse: Double) -> PlotAxis {
    // Nine nines are more than any run has samples for.
    let nines = Int(min(9, max(1, (log10(max(1, inverse)) - 0.001).rounded(.up))))
    let ticks = stride(from: 1, through: nines, by: (nines + 5) / 6).map { nine in
      let label = nine == 1 ? "90" : nine == 2 ? "99" : "99.\(String(repeating: "9", count: nine - 2))"
      return Tick(value: pow(10, Double(nine)), label: label)
    }
    return PlotAxis(
      title, 1...pow(10, Double(nines)), isLogarithmic: true,
      [Tick(value: 1, label: "0"), Tick(value: 2, label: "50")] + ticks)
  }

  /// An axis of names from its end to its beginning: on a vertical axis the first name is the topmost.
  /// A name has the whole number of its place from the end, and half a unit on each side.
  static func names(_ names: [String]) -> PlotAxis {
    let ticks = names.enumerated().map { Tick(value: Double(names.count - 1 - $0.offset), label: $0.element) }
    return PlotAxis("", -0.5...Double(max(1, names.count)) - 0.5, ticks)
  }

  /// A number to some significant digits, its thousands separated: `12,300`, `30.3`.
  static func number(_ value: Double, digits: Int = 3) -> String {
    guard value != 0 else { return "0" }
    guard value.isFinite, abs(value) < 1e9 else { return String(format: "%.1e", value) }
    let decimals = digits - 1 - Int(log10(abs(value)).rounded(.down))
    guard decimals < 0 else { return Format.decimal(value, digits: decimals) }
    let power = pow(10, Double(-decimals))
    return Format.grouped(Int((value / power).rounded() * power))
  }

  /// `500 ns`, `20 µs`, `5 ms`, `1 s`.
  private static func duration(_ nanoseconds: Double) -> String {
    let (unit, name) = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")].first { nanoseconds >= $0.0 } ?? (1, "ns")
    return "\(number(nanoseconds / unit)) \(name)"
  }
}
