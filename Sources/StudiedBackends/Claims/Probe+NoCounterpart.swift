import Study

/// A claim about a call or a field of one ABI that the other has nothing to hold against.
/// - Parameter call: what the claim is about.
func noCounterpart(_ claim: Claim, to call: String, _ reason: String) -> Probe {
  Probe(claim, expectation: "none: the claim is about \(call)", basis: .noCounterpart) { () in
    Finding(.skipped, reason: reason, evidence: [])
  }
}
