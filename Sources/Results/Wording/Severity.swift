/// The severity of a finding: its effect on a consumer, whoever stated the expectation.
///
/// A finding has the severity of the note that explains it (``Note/severity``), which stands in the folder of its ABI and
/// gives cause and consequence. Without a note, `Report/Findings/Finding.swift` ranks it by its outcome, S3 or S4; a report
/// of the kernel in its log is S1.
public enum Severity: String, Codable, Sendable, CaseIterable, Comparable {
  case s1 = "S1"
  case s2 = "S2"
  case s3 = "S3"
  case s4 = "S4"

  /// The definition, as the report states it.
  public var meaning: String {
    switch self {
    case .s1:
      "events lost without a sign in any file or to the writer, corruption, a crash or hang, or access for somebody who must not have it"
    case .s2: "a missing, wrong or misplaced number, events delivered twice, or a loss with a sign and no count"
    case .s3: "the documentation is wrong or lacks what a consumer needs"
    case .s4: "a surprise"
    }
  }

  /// The most severe first.
  public static func < (one: Severity, other: Severity) -> Bool { one.rawValue < other.rawValue }
}
