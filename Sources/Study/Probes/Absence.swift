/// The reason why an ABI has no answer to a question: it lacks the subject.
///
/// A question without an answer and without a reason does not apply either. The question may be one that another ABI alone
/// is asked, so it is named by its id.
public struct Absence: Sendable {
  /// The id of the question.
  public var claim: String
  /// The ABI.
  public var abi: ABI
  /// The subject of the question and the reason.
  public var expectation: Expectation

  /// Gives a reason.
  /// - Parameter subject: the subject of the question.
  public init(
    _ claim: String, _ abi: ABI, to subject: String, _ reason: String, file: String = #fileID, line: Int = #line
  ) {
    self.init(claim, abi, .doesNotApply(to: subject, reason, file: file, line: line))
  }

  /// Gives a reason that several questions share.
  public init(_ claim: String, _ abi: ABI, _ expectation: Expectation) {
    (self.claim, self.abi, self.expectation) = (claim, abi, expectation)
  }
}
