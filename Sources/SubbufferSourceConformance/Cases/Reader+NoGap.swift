extension Reader {
  /// Nothing is missing before the last event that was handed out.
  /// - Parameters:
  ///   - first: the first event that has to be there.
  ///   - atLeast: the least number of events for a conclusive result.
  /// - Throws: broken, where something is missing.
  func expectNoGap(_ bench: Bench, from first: UInt64 = 0, atLeast: UInt64) throws(CaseEnd) {
    let delivered = delivered
    guard let greatest = delivered.greatest, greatest < bench.next else {
      throw .inconclusive("none of the \(bench.next) events that were written was handed out")
    }
    let missing = delivered.missing(from: min(first, greatest)..<greatest)
    if !missing.isEmpty {
      throw .broken(
        expected: "every event up to \(greatest), the last one handed out", seen: "\(missing.text) missing")
    }
    if let refusing = bench.writes.first(where: { $0.refused > 0 }) {
      throw .inconclusive("the ring buffer refused events of \(refusing.first) … \(refusing.numbers.upperBound - 1)")
    }
    guard greatest + 1 >= atLeast else {
      throw .inconclusive("only \(greatest + 1) of \(bench.next) events were handed out")
    }
  }
}
