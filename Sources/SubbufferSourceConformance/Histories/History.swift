import SubbufferSource

/// The record of a plan's execution, by which several clauses are judged.
struct History {
  /// A read: everything there was.
  struct Read {
    /// The hand-overs before its end, counted from the beginning of the history.
    var handovers: Int
    /// The writes before it.
    var writes: Int
    /// `true` if a flush came after the last of these.
    var flushed: Bool
  }

  let shape: RingShape
  let load: String
  var writes: [Bench.Write] = []
  var handovers: [Handover] = []
  var reads: [Read] = []
  /// The geometry before the first step, and after each step where it differed from the one before.
  var geometries: [Geometry] = []
  /// The readings of the channels at the end.
  var readings: [LossReading] = []
  /// Why it ended before its end.
  var end: CaseEnd?

  /// The number of events written.
  var written: UInt64 { writes.last?.numbers.upperBound ?? 0 }

  /// `true` if anything reports a loss.
  var tellsLoss: Bool {
    handovers.contains(where: \.loss.saysLost) || readings.contains(where: \.loss.saysLost)
  }

  /// The sequence numbers handed out in the first hand-overs.
  func delivered(in count: Int) -> SequenceSet {
    var set = SequenceSet()
    for handover in handovers.prefix(count) { for run in handover.runs { set.insert(run) } }
    return set
  }

  /// Returns if the clause is kept; throws if the history ended early or shows nothing.
  func keptOrInconclusive() throws(CaseEnd) {
    if let end { throw end }
    if handovers.allSatisfy(\.runs.isEmpty) { throw .inconclusive("no event was handed out") }
  }
}
