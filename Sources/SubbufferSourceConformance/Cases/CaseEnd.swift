import SubbufferSource

/// Why a case ends before its end.
enum CaseEnd: Error {
  /// It shows a breach of the clause.
  case broken(expected: String, seen: String)
  /// It decides nothing.
  case inconclusive(String)
  /// The clause is about something that this source does not have.
  case notApplicable(String)
  /// The source hands over without an end, and nothing that is new.
  case endless
  /// The user ends the run.
  case interrupted(String)

  /// Classifies an error that the case does not expect. Clauses 5, 8 and 10 test whether the source may throw it; the
  /// other clauses are then undecided.
  init(_ error: SourceError, in call: String) {
    self = error.kind == .interrupted ? .interrupted(error.description) : .inconclusive("\(call) failed: \(error)")
  }
}
