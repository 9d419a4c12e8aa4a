/// The result of one semantic probe on one back end.
public struct ProbeResult: Codable, Sendable, Equatable {
  /// The outcome of a probe. The raw values are the words of the report, of KTAP and of the command line.
  public enum Outcome: String, Codable, Sendable, CaseIterable {
    /// The answer is the one that a source states of this ABI.
    case asDocumented = "as documented"
    /// The answer is another one than a source states of this ABI.
    case contradicts = "contradicts its documentation"
    /// No source states an answer of this ABI; the answer is the one that the authors assumed.
    case asAssumed = "as assumed"
    /// No source states an answer of this ABI; the answer is another one than the authors assumed.
    case notAsAssumed = "not as assumed"
    /// The evidence decides neither way, or the probe failed; `reason` gives the cause.
    case undecided
    /// The probe was not made; `reason` gives the cause.
    case notTested = "not tested"
    /// The ABI lacks the subject of the question; `reason` names it it has instead.
    case doesNotApply = "does not apply"

    /// The outcome of a judged probe.
    init(basis: Basis, isExpected: Bool) {
      switch basis {
      case .documented: self = isExpected ? .asDocumented : .contradicts
      case .assumed, .otherABI: self = isExpected ? .asAssumed : .notAsAssumed
      case .none: self = .doesNotApply
      }
    }
  }

  /// The source of the expectation.
  public enum Basis: String, Codable, Sendable, CaseIterable {
    /// A source states it of this ABI.
    case documented
    /// No source states it of this ABI; the authors assumed it.
    case assumed
    /// A source states it of another ABI, and the same was assumed of this one.
    case otherABI = "assumed from another ABI"
    /// The question does not apply.
    case none = "does not apply"
  }

  /// The stable name of the claim: `lost-events-in-meta-page`.
  public var id: String
  /// The subject.
  public var topic: Topic
  /// The claim in a few words.
  public var title: String
  /// The question that is answered.
  public var question: String
  /// The author, the place and the date of the statement.
  public var source: String
  /// The actions of the probe and its observations, in order.
  public var procedure: String
  /// The back end.
  public var backend: String
  /// The expectation for this back end, written before the observation.
  public var expectation: String
  /// The source of the expectation.
  public var basis: Basis
  /// The outcome.
  public var outcome: Outcome
  /// The answer in at most ``Answer/longest`` words; `nil` if the probe did not decide.
  public var answer: String?
  /// The reason why the probe is undecided, was not made, or does not apply.
  public var reason: String?
  /// The failure that ended the probe early: such a probe is undecided.
  public var failure: String?
  /// The observations in order.
  public var evidence: [Observation]
  /// The lines that the kernel's log received meanwhile; absent if there are none.
  public var kernelLog: KernelLogExcerpt?

  /// Describes a result.
  public init(
    id: String, topic: Topic, title: String, question: String, source: String, procedure: String, backend: String,
    expectation: String, basis: Basis, outcome: Outcome, answer: String? = nil, reason: String? = nil,
    failure: String? = nil, evidence: [Observation] = []
  ) {
    self.id = id
    self.topic = topic
    self.title = title
    self.question = question
    self.source = source
    self.procedure = procedure
    self.backend = backend
    self.expectation = expectation
    self.basis = basis
    self.outcome = outcome
    self.answer = answer
    self.reason = reason
    self.failure = failure
    self.evidence = evidence
  }

  /// `true` if the evidence decided the question.
  public var isDecided: Bool {
    switch outcome {
    case .asDocumented, .contradicts, .asAssumed, .notAsAssumed: true
    case .undecided, .notTested, .doesNotApply: false
    }
  }
}

extension ProbeResult {
  /// Judges what was observed. A probe that failed is undecided, never a pass.
  public init(_ claim: Claim, _ expectation: Expectation, backend: String, _ observed: ProbeObservations) {
    let (outcome, answer, reason) =
      observed.failure.map { (.undecided, nil, $0) }
      ?? expectation.judgement(
        on: Evidence(observed.evidence), reaching: claim.marks(of: expectation) ?? .nothing)
    self.init(
      claim, expectation, basis: expectation.basis, backend: backend, outcome: outcome,
      answer: answer, reason: reason, evidence: observed.evidence, failure: observed.failure)
  }

  /// A claim that is not put to the test on a back end, with the reason.
  public init(_ claim: Claim, _ expectation: Expectation?, backend: String, notTested reason: String) {
    let basis = expectation?.basis ?? .none
    self.init(
      claim, expectation, basis: basis, backend: backend,
      outcome: basis == .none ? .doesNotApply : .notTested, answer: nil, reason: reason, evidence: [], failure: nil)
  }

  private init(
    _ claim: Claim, _ expectation: Expectation?, basis: Basis, backend: String, outcome: Outcome, answer: String?,
    reason: String?, evidence: [Observation], failure: String?
  ) {
    self.init(
      id: claim.id, topic: claim.topic, title: claim.title, question: claim.question, source: claim.source,
      procedure: claim.procedure(of: expectation), backend: backend, expectation: expectation?.text ?? "nothing",
      basis: basis, outcome: outcome,
      answer: answer, reason: reason, failure: failure, evidence: evidence)
  }

  /// The same observations judged by the present catalogue; unchanged if the probe was not made or the claim is not in
  /// the catalogue.
  func judgedAgain(by claim: Claim, abis: [ABI]) -> ProbeResult {
    guard outcome != .notTested, outcome != .doesNotApply, let expectation = claim.expectation(of: abis) else {
      return self
    }
    var again = ProbeResult(
      claim, expectation, backend: backend, ProbeObservations(evidence: evidence, failure: failure))
    again.kernelLog = kernelLog
    return again
  }
}

extension Results {
  /// The results with every probe and every loss scenario judged again from the observations, without touching a ring
  /// buffer.
  public func judgedAgain(by catalogue: [Claim]) -> Results {
    let claims = Dictionary(catalogue.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let abis = Dictionary(backends.map { ($0.name, $0.abis.map(ABI.init)) }, uniquingKeysWith: { first, _ in first })
    var again = self
    again.losses = losses.map(\.judgedAgain)
    again.probes = probes.map { probe in
      guard let claim = claims[probe.id], let abis = abis[probe.backend] else { return probe }
      return probe.judgedAgain(by: claim, abis: abis)
    }
    return again
  }
}

/// One observed value, with its name in the ABI: `meta.reader.id`, `3`.
public struct Observation: Codable, Sendable, Hashable {
  /// Makes a result.
  public var name: String
  /// Its value.
  public var value: String

  /// An observed value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// An observed number.
  public init(_ name: String, _ value: some BinaryInteger) {
    self.init(name, String(value))
  }
}

extension [Observation] {
  /// The value of the first observation by a name; `nil` without one.
  public func value(of name: String) -> String? { first { $0.name == name }?.value }
}
