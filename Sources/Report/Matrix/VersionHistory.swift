/// The values of one subject over versions in ascending order, and their changes.
struct VersionHistory<Value: Hashable> {
  /// A version with its value.
  struct Point {
    /// The version for a reader: "6.12.95".
    var title: String
    /// The series of maintained releases that the version belongs to: "6.12.y".
    var series: String
    /// The value; `nil` if the version decides nothing.
    var value: Value?
  }

  /// Adjacent versions of one value; those that decide nothing are left out.
  struct Segment: Equatable {
    var value: Value
    /// The titles of the first and the last version.
    var first: String
    var last: String
    /// The series of both.
    var firstSeries: String
    var lastSeries: String

    /// "6.16.3 to 7.2.12", or one version.
    var range: String { first == last ? first : "\(first) to \(last)" }
  }

  /// A statement about one value.
  enum Statement: Equatable {
    /// The value of every version that decides.
    case always
    /// The value up to a version, and not in the next one.
    case until(String, notIn: String)
    /// The value from a version on, and not in the one before.
    case since(String, notIn: String)
    /// The value from a version on, not in the one before, to another one, and not in the next one.
    case between(String, notIn: String, to: String, norIn: String)
    /// The value of some versions, within which nothing changes.
    case versions(String)
    /// The value in some versions of a series, which changes there more than once.
    case byTurns(String)
  }

  /// The segments in the order of the versions.
  let segments: [Segment]
  private let points: [Point]

  /// A history; a version of which two builds differ decides nothing.
  init(_ points: [Point]) {
    self.points = points
    segments = Self.segments(points)
  }

  /// The values in the order in which they first occur.
  var values: [Value] { segments.map(\.value).uniqued() }

  /// `true` if each value has one place in the order of the versions. Fixes that went to stable releases break it: 6.12.112
  /// has the fix, the newer 6.16.3 has not.
  var isMonotone: Bool { segments.count == values.count }

  /// The statements that the versions imply about one value.
  /// - Returns: each statement with its series, `nil` for all series.
  func statements(about value: Value) -> [(series: String?, statement: Statement)] {
    if isMonotone || isBetweenSeries(value) {
      return Self.statements(about: value, in: segments).map { (nil, $0) }
    }
    return parts.flatMap { part -> [(String?, Statement)] in
      let own = part.segments
      guard own.contains(where: { $0.value == value }) else { return [] }
      if own.count == 1 { return [(nil, .versions(own[0].range))] }
      guard Set(own.map(\.value)).count == own.count else {
        return [(part.series, .byTurns(own.filter { $0.value == value }.map(\.range).joined(separator: ", ")))]
      }
      return Self.statements(about: value, in: own).map { (part.series, $0) }
    }
  }

  /// `true` if a value has one place in the order, and neither came nor went within a series.
  private func isBetweenSeries(_ value: Value) -> Bool {
    let places = segments.indices.filter { segments[$0].value == value }
    guard places.count == 1, let place = places.first else { return false }
    let came = place == 0 || segments[place - 1].lastSeries != segments[place].firstSeries
    let went = place + 1 == segments.count || segments[place + 1].firstSeries != segments[place].lastSeries
    return came && went
  }

  /// Series with a change of their own, and between them adjacent series of one value together.
  private var parts: [(series: String, segments: [Segment])] {
    var parts: [(series: String, points: [Point], segments: [Segment])] = []
    for (series, own) in points.filter({ $0.value != nil }).grouped(by: \.series) {
      let segments = Self.segments(own)
      if segments.count == 1, let last = parts.last, last.segments.count == 1,
        last.segments[0].value == segments[0].value
      {
        let joined = last.points + own
        parts[parts.count - 1] = (last.series, joined, Self.segments(joined))
      } else {
        parts.append((series, own, segments))
      }
    }
    return parts.map { ($0.series, $0.segments) }
  }

  private static func statements(about value: Value, in segments: [Segment]) -> [Statement] {
    segments.indices.filter { segments[$0].value == value }.map { index in
      let segment = segments[index]
      let before = index > 0 ? segments[index - 1].last : nil
      let after = index + 1 < segments.count ? segments[index + 1].first : nil
      switch (before, after) {
      case (nil, nil): return .always
      case (nil, let after?): return .until(segment.last, notIn: after)
      case (let before?, nil): return .since(segment.first, notIn: before)
      case (let before?, let after?): return .between(segment.first, notIn: before, to: segment.last, norIn: after)
      }
    }
  }

  private static func segments(_ points: [Point]) -> [Segment] {
    var segments: [Segment] = []
    for point in points {
      guard let value = point.value else { continue }
      if let last = segments.last, last.value == value {
        segments[segments.count - 1].last = point.title
        segments[segments.count - 1].lastSeries = point.series
      } else {
        segments.append(
          Segment(
            value: value, first: point.title, last: point.title, firstSeries: point.series, lastSeries: point.series))
      }
    }
    return segments
  }

  /// The statements about one value in words: "since 6.16.3 (not in 6.12.117)"; "in 6.12.y since 6.12.117 (not in 6.12.107);
  /// in 7.3.4".
  /// - Parameter isBrief: `true` to leave out the versions that do not have it.
  func text(of value: Value, isBrief: Bool = false) -> String {
    statements(about: value).map { series, statement in
      let words = Self.text(statement, isBrief)
      return series.map { "in \($0) \(words)" } ?? words
    }.joined(separator: "; ")
  }

  private static func text(_ statement: Statement, _ isBrief: Bool) -> String {
    func not(_ versions: String) -> String { isBrief ? "" : " (not in \(versions))" }
    return switch statement {
    case .always: "in every version"
    case .until(let last, let next): "until \(last)\(not(next))"
    case .since(let first, let before): "since \(first)\(not(before))"
    case .between(let first, let before, let last, let next):
      first == last
        ? "in \(first)\(not("\(before), \(next)"))" : "from \(first)\(not(before)) to \(last)\(not(next))"
    case .versions(let range): "in \(range)"
    case .byTurns(let ranges): "by turns: \(ranges)"
    }
  }
}
