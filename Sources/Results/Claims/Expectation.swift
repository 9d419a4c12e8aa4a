/// The expectation of one ABI, as a source states it, and the judge that computes the answer from the evidence.
///
/// Written before the observation. The judge is a pure function of the evidence, so that stored results can be judged
/// again without a ring buffer.
public struct Expectation: Sendable {
  /// Computes the answer; throws ``Undecided`` if the evidence decides neither way.
  public typealias Judge = @Sendable (Evidence) throws -> Answer

  /// The expected behaviour; for ``ProbeResult/Basis/none`` the subject of the claim.
  public var text: String
  /// The source of the expectation.
  public var basis: ProbeRecord.Basis
  /// The reason why the question does not apply.
  public private(set) var reason: String?
  /// The points that the probe must pass, besides those of the claim; `nil` if none are declared.
  public private(set) var marks: [Mark]?
  /// The steps of a probe on this ABI; `nil` if the question gives them.
  public internal(set) var procedure: String?
  /// `nil` if the question does not apply.
  var judge: Judge?
  /// The place of the expectation and its judge.
  public private(set) var location: CodeLocation

  /// An expectation that a source states of this very ABI.
  /// - Parameter marks: the points that the probe must pass on this ABI, besides those of the claim.
  public static func documented(
    _ text: String, reaching marks: [Mark]? = nil, file: String = #fileID, line: Int = #line, _ judge: @escaping Judge
  ) -> Expectation {
    Expectation(text: text, basis: .documented, marks: marks, judge: judge, location: CodeLocation(file, line))
  }

  /// An expectation that no source states of this ABI: the authors' assumption.
  /// - Parameter marks: the points that the probe must pass on this ABI, besides those of the claim.
  public static func assumed(
    _ text: String, reaching marks: [Mark]? = nil, file: String = #fileID, line: Int = #line, _ judge: @escaping Judge
  ) -> Expectation {
    Expectation(text: text, basis: .assumed, marks: marks, judge: judge, location: CodeLocation(file, line))
  }

  /// An expectation that a source states of another ABI; the same is assumed of this one.
  /// - Parameters:
  ///   - abi: the ABI that the source describes: "lttng-ust".
  ///   - marks: the points that the probe must pass on this ABI, besides those of the claim.
  public static func assumed(
    _ text: String, from abi: String, reaching marks: [Mark]? = nil, file: String = #fileID, line: Int = #line,
    _ judge: @escaping Judge
  ) -> Expectation {
    Expectation(
      text: "as \(abi): \(text)", basis: .otherABI, marks: marks, judge: judge, location: CodeLocation(file, line))
  }

  /// The question does not apply: the ABI lacks its subject.
  /// - Parameter subject: the subject of the claim.
  public static func doesNotApply(
    to subject: String, _ reason: String, file: String = #fileID, line: Int = #line
  ) -> Expectation {
    Expectation(text: "the claim is about \(subject)", basis: .none, reason: reason, location: CodeLocation(file, line))
  }

  /// Judges evidence. A point that was not passed decides nothing, whatever else was observed.
  package func judgement(
    on evidence: Evidence, reaching marks: [Mark]
  ) -> (ProbeResult.Outcome, answer: String?, reason: String?) {
    guard let judge else { return (.doesNotApply, nil, reason) }
    if let missing = marks.lazy.compactMap({ $0.missing(in: evidence) }).first { return (.undecided, nil, missing) }
    do {
      let answer = try judge(evidence)
      return (ProbeResult.Outcome(basis: basis, isExpected: answer.isExpected), answer.text, nil)
    } catch {
      return (.undecided, nil, (error as? Undecided)?.reason ?? "\(error)")
    }
  }
}

/// Evidence that decides neither way.
public struct Undecided: Error, Sendable, Equatable {
  /// The reason.
  public var reason: String

  /// Gives the reason.
  public init(_ reason: String) {
    self.reason = reason
  }
}

/// The answer to a question on one ABI: a few words computed from the evidence, and whether they are as expected.
///
/// Answers of different ABIs to one question are equal exactly if the ABIs behave alike, so all judges of a question use
/// the same words. An answer has at most ``longest`` words.
public struct Answer: Sendable, Equatable {
  /// The greatest number of words in an answer.
  public static let longest = 6

  /// The answer: "0, page unchanged", "-EAGAIN", "at the acquire".
  public var text: String
  /// `true` if the expectation describes this answer.
  public var isExpected: Bool

  /// An answer in words.
  public init(_ text: String, isExpected: Bool) {
    self.text = text
    self.isExpected = isExpected
  }

  /// An answer that is compared with the expected one.
  public init(_ text: String, expected: String) {
    self.init(text, isExpected: text == expected)
  }

  /// The answer "yes" or "no".
  public static func yes(_ condition: Bool, expected: Bool = true) -> Answer {
    Answer(condition ? "yes" : "no", isExpected: condition == expected)
  }
}

/// A line of this program's source.
public struct CodeLocation: Sendable, Equatable, CustomStringConvertible {
  /// The module and the file: "TracefsBackend/KernelCounters.swift".
  public var file: String
  /// The line, from 1 on.
  public var line: Int

  /// A line of a file.
  public init(_ file: String, _ line: Int) {
    self.file = file
    self.line = line
  }

  /// "TracefsBackend/KernelCounters.swift:53".
  public var description: String { "\(file):\(line)" }
}
