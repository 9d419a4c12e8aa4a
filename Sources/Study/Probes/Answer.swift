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
