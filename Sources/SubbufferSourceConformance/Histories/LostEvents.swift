/// The events of a history that were never handed out, and the hand-overs around them.
struct LostEvents {
  /// Events in a row that are missing.
  struct Gap {
    let numbers: ClosedRange<UInt64>
    /// The hand-over of the last event before them; -1 if there is none.
    let before: Int
    /// The hand-over of the first event after them; `nil` if there is none.
    let behind: Int?
    /// `true` if they are events that the writer had refused because they are too big: those are not lost. What is
    /// refused because the ring buffer is full is, for its reader.
    let wereTooBig: Bool
  }

  let gaps: [Gap]

  init(_ history: History) {
    let delivered = history.delivered(in: history.handovers.count)
    let owners = Self.owners(history)
    var gaps: [Gap] = []
    for numbers in delivered.missing(from: 0..<history.written) {
      let writes = history.writes.filter { $0.numbers.overlaps(numbers) }
      let tooBig = writes.allSatisfy {
        $0.fit == .maybe && delivered.missing(from: $0.numbers).total <= $0.refused
      }
      gaps.append(
        Gap(
          numbers: numbers, before: owners.last { $0.run.upperBound < numbers.lowerBound }?.handover ?? -1,
          behind: owners.first { $0.run.lowerBound > numbers.upperBound }?.handover, wereTooBig: tooBig))
    }
    self.gaps = gaps
  }

  /// The number of events.
  var total: UInt64 { gaps.map(\.numbers).total }

  /// The runs of all hand-overs in the order of their numbers, each with the hand-over it came in first.
  private static func owners(_ history: History) -> [(run: ClosedRange<UInt64>, handover: Int)] {
    history.handovers.enumerated().flatMap { index, handover in handover.runs.map { (run: $0, handover: index) } }
      .sorted { ($0.run.lowerBound, $0.handover) < ($1.run.lowerBound, $1.handover) }
  }
}
