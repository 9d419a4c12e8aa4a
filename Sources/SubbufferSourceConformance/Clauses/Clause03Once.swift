/// Clause 3: no sequence number comes twice.
enum Clause03Once {
  static func judge(_ history: History) throws(CaseEnd) {
    var seen = SequenceSet()
    for (index, handover) in history.handovers.enumerated() {
      for run in handover.runs {
        let again = seen.common(with: run)
        if !again.isEmpty {
          throw .broken(
            expected: "each event at most once", seen: "hand-over \(index + 1) has \(again.text) again")
        }
        seen.insert(run)
      }
    }
    try history.keptOrInconclusive()
  }
}
