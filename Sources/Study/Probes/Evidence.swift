/// The observations of a probe, in order.
public struct Evidence: Sendable {
  /// The observations.
  public private(set) var observations: [Observation] = []
  /// Called with each observation when it is made, so that a crash does not lose the earlier ones.
  var onAdd: (@Sendable (Observation) -> Void)?

  /// The prefix of the names of new observations.
  private var prefix = ""

  /// Nothing written down yet.
  public init(onAdd: (@Sendable (Observation) -> Void)? = nil) {
    self.onAdd = onAdd
  }

  /// Observations that were made before.
  public init(_ observations: [Observation]) {
    self.observations = observations
  }

  /// Writes an observation down.
  public mutating func add(_ name: String, _ value: String) {
    add(Observation(name, value))
  }

  /// Writes a number down.
  public mutating func add(_ name: String, _ value: some BinaryInteger) {
    add(Observation(name, value))
  }

  /// Writes an observation down.
  public mutating func add(_ observation: Observation) {
    let named = Observation(prefix + observation.name, observation.value)
    observations.append(named)
    onAdd?(named)
  }

  /// Writes down what `body` observes under names that begin so.
  public mutating func named<Failure: Error>(
    _ prefix: String, _ body: (inout Evidence) throws(Failure) -> Void
  ) throws(Failure) {
    let outer = self.prefix
    self.prefix = outer + prefix
    defer { self.prefix = outer }
    try body(&self)
  }
}

/// Queries of a judge on the evidence.
extension Evidence {
  /// The value of an observation; the last one by that name.
  public subscript(name: String) -> String {
    get throws(Undecided) {
      guard let found = observations.last(where: { $0.name == name }) else {
        throw Undecided("nothing was observed of “\(name)”")
      }
      return found.value
    }
  }

  /// The greatest magnitude of a number, so that sums and differences of stored numbers do not overflow.
  static let greatestNumber: Int64 = 1 << 53

  /// The value of an observation as a number.
  public func number(_ name: String) throws(Undecided) -> Int64 {
    let text = try self[name]
    guard let number = Int64(text), number.magnitude <= Self.greatestNumber.magnitude else {
      throw Undecided("“\(name)” is “\(text)”, and no number of at most 2^53")
    }
    return number
  }

  /// The values of all observations whose name begins so.
  public func all(_ prefix: String) throws(Undecided) -> [String] {
    let found = observations.filter { $0.name.hasPrefix(prefix) }.map(\.value)
    if found.isEmpty { throw Undecided("nothing was observed of “\(prefix)…”") }
    return found
  }
}
