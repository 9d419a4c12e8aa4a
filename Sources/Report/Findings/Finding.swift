import Study

/// An answer of a live ABI that a consumer has to know of: one that is not as expected, or that a note ranks.
struct Finding {
  /// The index of the record in ``Results/probes``.
  var index: Int
  var result: ProbeResult
  var severity: Severity
  /// The note bound to this answer; `nil` if there is no note.
  var note: Note?

  /// The finding in a few words.
  var title: String { note?.title ?? "\(result.title): \(result.answer ?? result.outcome.rawValue)" }

  /// `true` if its note states that a later version does not have it.
  var isFixedLater: Bool { note?.status?.text.hasPrefix("Fixed") == true }

  /// The findings of a run on its live back ends, the most severe first, those as documented last among equals.
  ///
  /// Without a note an answer that contradicts its documentation is S3, and one that is not as assumed S4. An answer that
  /// was only assumed from another ABI and is a different one is a difference and no finding.
  static func all(in results: Results, _ wording: Wording) -> [Finding] {
    let notes = Dictionary(grouping: wording.notes, by: \.claim)
    let found = results.probes.indices.compactMap { index in
      Finding(at: index, in: results, notes[results.probes[index].id] ?? [])
    }
    return (found.filter { $0.result.outcome != .asDocumented } + found.filter { $0.result.outcome == .asDocumented })
      .sorted(bySeverity: \.severity)
  }

  /// The finding of one record; `nil` if it is none.
  /// - Parameter notes: the notes, at least those of its claim.
  init?(at index: Int, in results: Results, _ notes: [Note]) {
    let result = results.probes[index]
    guard results.isLive(result.backend), let answer = result.answer else { return nil }
    let ranked = Self.rank(
      result.id, answer, result.outcome, result.basis, abis: results.abis(of: result.backend), notes)
    guard let ranked else { return nil }
    (self.index, self.result, self.severity, self.note) = (index, result, ranked.severity, ranked.note)
  }

  /// The severity of an answer of a live ABI, and the note bound to it; `nil` if it is no finding.
  /// - Parameters:
  ///   - abis: the ABIs that the back end is one of.
  ///   - notes: the notes, at least those of the claim.
  static func rank(
    _ claim: String, _ answer: String, _ outcome: ProbeResult.Outcome, _ basis: ProbeResult.Basis, abis: [ABI],
    _ notes: [Note]
  ) -> (severity: Severity, note: Note?)? {
    let note = notes.first { $0.claim == claim && $0.answer == answer && abis.contains($0.abi) }
    return (note?.severity ?? unranked(outcome, basis)).map { ($0, note) }
  }

  private static func unranked(_ outcome: ProbeResult.Outcome, _ basis: ProbeResult.Basis) -> Severity? {
    switch (outcome, basis) {
    case (.contradicts, _): .s3
    case (.notAsAssumed, .assumed): .s4
    default: nil
    }
  }
}

extension Severity {
  /// The number of findings of each severity with its definition.
  static func counts(_ severities: [Severity]) -> Inline {
    Inline(
      allCases.map { severity in
        "**\(severity.rawValue)** \(severity.meaning): \(severities.count { $0 == severity })"
      }, separator: "; ")
  }

  /// The definition in the report.
  var meaning: String {
    switch self {
    case .s1:
      "events lost without a sign in any file, corruption, a crash or hang, or access for somebody who must not have it"
    case .s2: "a missing, wrong or misplaced number, events delivered twice, or a loss with a sign and no count"
    case .s3: "the documentation is wrong or lacks what a consumer needs"
    case .s4: "a surprise"
    }
  }
}

extension Array {
  /// The elements by severity, the most severe first, equals in their order.
  func sorted(bySeverity severity: (Element) -> Severity) -> [Element] {
    Severity.allCases.flatMap { each in filter { severity($0) == each } }
  }
}
