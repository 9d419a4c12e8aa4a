/// Clause 4: each event that comes for the first time is later than all before it. One that comes again is for clause 3.
enum Clause04InOrder {
  static func judge(_ history: History) throws(CaseEnd) {
    var seen = SequenceSet()
    for (index, handover) in history.handovers.enumerated() {
      for run in handover.runs {
        let isNew = seen.common(with: run).isEmpty
        if isNew, let greatest = seen.greatest, run.lowerBound < greatest {
          throw .broken(
            expected: "events in the order of their sequence numbers",
            seen: "\(run.lowerBound) in hand-over \(index + 1), after \(greatest)")
        }
        seen.insert(run)
      }
    }
    try history.keptOrInconclusive()
  }
}
