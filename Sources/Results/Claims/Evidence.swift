import Platform

/// The observations of a probe, in order.
public struct Evidence: Sendable {
  /// The observations.
  public private(set) var observations: [Observation] = []
  /// Called with each observation when it is made, so that a crash does not lose the earlier ones.
  package var onAdd: (@Sendable (Observation) -> Void)?

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
  /// The name of the observation of a control.
  package static func name(ofControl call: String) -> String { "control: \(call)" }

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

/// Observations in the words of an answer.
extension Evidence {
  /// Returns the result of a call without the number of its errno: "-EAGAIN" of "-EAGAIN (-11)" and of "-11".
  package func code(_ name: String) throws(Undecided) -> String {
    let value = try self[name]
    let named = Int32(value).map(ErrnoName.result) ?? value
    return named.split(separator: " (", maxSplits: 1).first.map(String.init) ?? named
  }

  /// Returns the results of several calls: the common one, or "-EAGAIN, then 0".
  package func codes(_ names: [String]) throws(Undecided) -> String {
    var codes: [String] = []
    for name in names {
      let code = try code(name)
      if codes.last != code { codes.append(code) }
    }
    return codes.joined(separator: ", then ")
  }

  /// Returns the name of the signal that a load raised: "SIGBUS" of "signal 7", and any other value unchanged.
  package func signal(_ name: String) throws(Undecided) -> String {
    switch try self[name] {
    case "signal 7": "SIGBUS"
    case "signal 11": "SIGSEGV"
    case let other: other
    }
  }

  /// Returns the common answer of overwrite and discard mode, or both if they differ.
  /// - Parameter answer: computes the answer of one mode from the prefix of its observations.
  public func inBothModes(_ answer: (String) throws -> String) throws -> String {
    let (overwrite, discard) = try (answer("overwrite: "), answer("discard: "))
    if overwrite == discard { return overwrite }
    let both = "overwrite: \(overwrite); discard: \(discard)"
    return both.split(separator: " ").count > Answer.longest ? "differs between the modes" : both
  }
}

/// Results of calls, as `ErrnoName.result` writes them.
extension Evidence {
  /// Returns `true` if a call succeeded.
  package func works(_ name: String) throws(Undecided) -> Bool {
    try !self[name].hasPrefix("-")
  }

  /// Returns `true` if a call was refused, with this errno if one is named.
  package func refuses(_ name: String, with errno: String = "") throws(Undecided) -> Bool {
    try self[name].hasPrefix("-\(errno)")
  }
}

/// Reported losses, in the words of the report.
extension Evidence {
  /// Compares a reported number with the number of lost events.
  /// - Returns: "exact", "reports 0 (wrong)", "too few" or "too many".
  public func report(_ name: String, of lost: Int64) throws(Undecided) -> String {
    let reported = try number(name)
    if reported == lost { return "exact" }
    if reported == 0 { return "reports 0 (wrong)" }
    return reported < lost ? "too few" : "too many"
  }
}

/// The result of a probe before it is judged.
public struct ProbeObservations: Sendable, Equatable {
  /// The observations, in order.
  public var evidence: [Observation]
  /// The error that ended the probe early.
  public var failure: String?

  /// Makes a result.
  public init(evidence: [Observation], failure: String? = nil) {
    self.evidence = evidence
    self.failure = failure
  }
}
