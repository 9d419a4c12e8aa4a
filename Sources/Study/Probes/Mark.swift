/// A point that a probe must pass before its question is decided: the ring buffer wrapped, the flag was set, the reader
/// held a sub-buffer.
///
/// A mark is a pure function of the evidence, so that stored results are judged again with the marks of the present
/// catalogue. Where no observation shows that the point was passed, the probe records it (``recorded(_:_:)``).
public struct Mark: Sendable {
  /// The kind of the point, a stable name: `events-lost`.
  public var id: String
  /// The point in a few words: "events were lost".
  public var words: String
  /// `true` if the machine decides it and not the probe: it may be reached on no machine of a study.
  public var isOfMachine: Bool
  private let isPassed: @Sendable (Evidence) throws -> Bool

  /// Describes a point.
  /// - Parameter isReached: computes from the evidence whether it was passed; throws ``Undecided`` if the evidence does
  ///   not show it.
  public init(
    _ id: String, _ words: String, isOfMachine: Bool = false,
    _ isReached: @escaping @Sendable (Evidence) throws -> Bool
  ) {
    self.id = id
    self.words = words
    self.isOfMachine = isOfMachine
    isPassed = isReached
  }

  /// A point that the probe records itself when it passes it, with ``Evidence/reach(_:)``.
  public static func recorded(_ id: String, _ words: String) -> Mark {
    Mark(id, words) { seen in seen.observations.contains { $0.name == Mark.name(of: id) } }
  }

  /// The name of the observation that records a point.
  fileprivate static func name(of id: String) -> String { "mark: \(id)" }

  /// `true` if the evidence shows that the point was passed.
  public func isReached(in evidence: Evidence) -> Bool { missing(in: evidence) == nil }

  /// The reason why the question is undecided; `nil` if the point was passed.
  func missing(in evidence: Evidence) -> String? {
    do {
      return try isPassed(evidence) ? nil : Mark.missing(words)
    } catch {
      return "\(Mark.missing(words)): \((error as? Undecided)?.reason ?? "\(error)")"
    }
  }

  /// The reason for an undecided outcome: "mark “events were lost” not reached".
  static func missing(_ words: String) -> String { "mark “\(words)” not reached" }
}

extension [Mark] {
  /// No point has to be passed: the question is about something that is there from the beginning.
  public static var nothing: [Mark] { [] }
}

extension Evidence {
  /// Records that a point was passed which no observation shows.
  public mutating func reach(_ mark: Mark) { add(Mark.name(of: mark.id), "reached") }
}
