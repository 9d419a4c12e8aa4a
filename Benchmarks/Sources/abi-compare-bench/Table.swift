/// The rows as text.
enum Table {
  private static let head = [
    "what", "Swift", "C or other", "judged [95 % CI]", "limit", "met", "Swift/Swift", "other/other",
  ]

  /// The rows in columns as wide as their longest text.
  static func text(_ rows: [Row]) -> String {
    let cells = [head] + rows.map(cells)
    let widths = head.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
    }.joined(separator: "\n")
  }

  private static func cells(_ row: Row) -> [String] {
    [
      row.what, number(row.swift), row.other.map(number) ?? "", interval(row.judged), limit(row.limit),
      met(row), row.swiftAgainstItself.map(interval) ?? "", row.otherAgainstItself.map(interval) ?? "",
    ]
  }

  private static func met(_ row: Row) -> String {
    if case .none = row.limit { return "" }
    return row.isMet ? "yes" : "NO"
  }

  private static func limit(_ limit: Row.Limit) -> String {
    switch limit {
    case .atMost(let number): "<= \(Self.number(number))"
    case .atLeast(let number): ">= \(Self.number(number))"
    case .none: ""
    }
  }

  private static func interval(_ interval: Interval) -> String {
    "\(number(interval.estimate)) [\(number(interval.lower)) \(number(interval.upper))]"
  }

  /// Three decimals below 10, one below 1000, none above.
  private static func number(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    let decimals = abs(value) < 10 ? 3 : abs(value) < 1000 ? 1 : 0
    let scale = [1, 10, 100, 1000][decimals]
    let scaled = Int((value * Double(scale)).rounded())
    guard decimals > 0 else { return "\(scaled)" }
    let fraction = String(abs(scaled) % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(scaled < 0 ? "-" : "")\(abs(scaled) / scale).\(zeros)\(fraction)"
  }
}
