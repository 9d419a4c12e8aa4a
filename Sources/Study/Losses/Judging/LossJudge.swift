import SubbufferSource

/// Compares the reports of an ABI with the loss: a pure function of a history.
public enum LossJudge {
  /// Judges a history. A point that was not passed decides nothing, whatever the channels report.
  /// - Parameter marks: the points that the scenario must pass.
  public static func judge(_ history: LossHistory, reaching marks: [LossMark] = []) -> LossJudgement {
    let inconclusive = history.malformed ?? marks.missing(in: history)
    let books = DeliveryBooks(history)
    let clears = ClearedEvents(history, books)
    let gaps = books.gaps(produced: history.produced, unfinished: history.unfinished, cleared: clears.numbers)
    let lost = gaps.reduce(0) { $0 + $1.count }
    let cleared = clears.count
    let abandoned = Set(history.unfinished).filter { $0 < history.produced && !books.delivered.contains($0) }
    let produced = history.produced - UInt64(abandoned.count)
    let violations = Conservation.violations(of: history, books, produced: produced, missing: lost + cleared)
    func verdict(_ channel: ChannelHistory) -> ChannelVerdict {
      ChannelJudge(
        channel: channel, gaps: gaps, end: history.end,
        undecided: UInt64(abandoned.count) + (clears.isUpperBound ? cleared : 0),
        isInconclusive: inconclusive != nil
      ).verdict
    }
    return LossJudgement(
      produced: produced, delivered: books.count, lost: lost, cleared: cleared,
      isClearedUpperBound: clears.isUpperBound, undecided: UInt64(abandoned.count), gaps: gaps.count,
      duplicates: books.duplicates,
      reordered: books.reordered, foreign: books.foreign, violations: violations, inconclusive: inconclusive,
      channels: history.channels.map(verdict), handoverLosses: verdict(history.handoverLosses),
      readerABI: verdict(history.readerABI), recipe: verdict(history.recipe))
  }
}

extension LossHistory {
  /// The gaps in the order of their numbers.
  public var gaps: [LossGap] {
    let books = DeliveryBooks(self)
    return books.gaps(produced: produced, unfinished: unfinished, cleared: ClearedEvents(self, books).numbers)
  }
}

extension ChannelVerdict {
  /// For each gap the hand-overs at which the channel reported it, from its first event to its last; `nil` if it never
  /// did.
  public func tellings(of channel: ChannelHistory, gaps: [LossGap], end: Int) -> [ClosedRange<Int>?] {
    ChannelJudge(channel: channel, gaps: gaps, end: end).tellings(relation)
  }
}
