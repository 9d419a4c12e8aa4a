/// Clause 1: what the compiler does not see of it. A hand-over is one sub-buffer and no more.
enum Clause01OneAtATime {
  static func judge(_ history: History) throws(CaseEnd) {
    let size = history.geometries.first?.subbufferSize ?? 0
    for (index, handover) in history.handovers.enumerated() where !handover.isOneSubbuffer {
      throw .broken(
        expected: "hand-overs of at most the \(size) bytes of a sub-buffer, with unreadOffset within",
        seen: "hand-over \(index + 1) of \(handover.count) bytes with unreadOffset \(handover.unreadOffset)")
    }
    try history.keptOrInconclusive()
  }
}
