/// The observations of one probe on one back end, with the question and the expectation.
public struct ProbeRecord: Codable, Sendable, Equatable {
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
  /// The reason why the probe was not made; absent if it was.
  public var notMade: String?
  /// The failure that ended the probe early: such a probe is undecided.
  public var failure: String?
  /// The observations in order.
  public var evidence: [Observation]
  /// The lines that the kernel's log received meanwhile; absent if there are none.
  public var kernelLog: KernelLogExcerpt?

  /// A record.
  public init(
    id: String, topic: Topic, title: String, question: String, source: String, procedure: String, backend: String,
    expectation: String, basis: Basis, notMade: String? = nil, failure: String? = nil, evidence: [Observation] = []
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
    self.notMade = notMade
    self.failure = failure
    self.evidence = evidence
  }

  /// The observations of a probe.
  public init(_ claim: Claim, _ expectation: Expectation, backend: String, _ observed: ProbeObservations) {
    self.init(claim, expectation, backend: backend)
    evidence = observed.evidence
    failure = observed.failure
  }

  /// A claim that is not put to the test on a back end, with the reason.
  public init(_ claim: Claim, _ expectation: Expectation?, backend: String, notMade reason: String) {
    self.init(claim, expectation, backend: backend)
    notMade = reason
  }

  private init(_ claim: Claim, _ expectation: Expectation?, backend: String) {
    self.init(
      id: claim.id, topic: claim.topic, title: claim.title, question: claim.question, source: claim.source,
      procedure: claim.procedure(of: expectation), backend: backend, expectation: expectation?.text ?? "nothing",
      basis: expectation?.basis ?? .none)
  }
}

/// The record of a probe with its judgement.
@dynamicMemberLookup
public struct ProbeResult: Sendable, Equatable {
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
    /// The ABI lacks the subject of the question; `reason` names what it has instead.
    case doesNotApply = "does not apply"

    /// The outcome of a judged probe.
    init(basis: ProbeRecord.Basis, isExpected: Bool) {
      switch basis {
      case .documented: self = isExpected ? .asDocumented : .contradicts
      case .assumed, .otherABI: self = isExpected ? .asAssumed : .notAsAssumed
      case .none: self = .doesNotApply
      }
    }
  }

  /// The record.
  public var record: ProbeRecord
  /// The outcome.
  public var outcome: Outcome
  /// The answer in at most ``Answer/longest`` words; `nil` if the probe did not decide.
  public var answer: String?
  /// The reason why the probe is undecided, was not made, or does not apply.
  public var reason: String?

  /// A judged record.
  public init(_ record: ProbeRecord, outcome: Outcome, answer: String? = nil, reason: String? = nil) {
    self.record = record
    self.outcome = outcome
    self.answer = answer
    self.reason = reason
  }

  /// A field of the record.
  public subscript<Value>(dynamicMember path: WritableKeyPath<ProbeRecord, Value>) -> Value {
    get { record[keyPath: path] }
    set { record[keyPath: path] = newValue }
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
  /// Judges a record by an expectation. A probe that failed is undecided, never a pass.
  ///
  /// The texts of the record are those of the claim; the evidence is what was recorded.
  /// - Parameters:
  ///   - claim: the claim; `nil` if the program has none by this name.
  ///   - abis: the ABIs of the back end.
  public init(judging record: ProbeRecord, by claim: Claim?, abis: [ABI]) {
    if let reason = record.notMade {
      self.init(record, outcome: record.basis == .none ? .doesNotApply : .notTested, reason: reason)
      return
    }
    guard let claim, let expectation = claim.expectation(of: abis) else {
      let reason = record.failure ?? "this program has no judge of it; use the program that wrote the results"
      self.init(record, outcome: .undecided, reason: reason)
      return
    }
    var present = ProbeRecord(
      claim, expectation, backend: record.backend, ProbeObservations(evidence: record.evidence, failure: record.failure)
    )
    present.kernelLog = record.kernelLog
    if let failure = record.failure {
      self.init(present, outcome: .undecided, reason: failure)
      return
    }
    let (outcome, answer, reason) = expectation.judgement(
      on: Evidence(record.evidence), reaching: claim.marks(of: expectation) ?? .nothing)
    self.init(present, outcome: outcome, answer: answer, reason: reason)
  }
}

/// The judges of probes: those of a list of claims.
public struct ProbeJudges: Sendable {
  private let judge: @Sendable (ProbeRecord, [ABI]) -> ProbeResult

  /// The judges of claims.
  public init(_ claims: [Claim]) {
    let claims = Dictionary(claims.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    judge = { record, abis in ProbeResult(judging: record, by: claims[record.id], abis: abis) }
  }

  /// A judge of any record.
  /// - Parameter judge: judges a record of a back end of some ABIs.
  public init(judge: @escaping @Sendable (ProbeRecord, [ABI]) -> ProbeResult) {
    self.judge = judge
  }

  /// Judges a record.
  public func callAsFunction(_ record: ProbeRecord, _ abis: [ABI]) -> ProbeResult { judge(record, abis) }
}

/// One observed value, with its name in the ABI: `meta.reader.id`, `3`.
public struct Observation: Codable, Sendable, Hashable {
  /// Its name in the ABI, or the name of the quantity.
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
