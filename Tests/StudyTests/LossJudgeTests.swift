import Results
import Study
import SubbufferSource
import Testing

@Suite struct LossJudgeTests {
  private typealias Relation = ChannelVerdict.Relation

  /// Judges a report; 30 of 100 events are missing between two hand-overs, or none if `lost` is `false`.
  private func verdict(_ told: Loss, lost: Bool = true) -> ChannelVerdict {
    let handovers = lost ? ["1: 0-49", "2: 80-99"] : ["1: 0-99"]
    var history = LossHistory.of(100, handovers)
    history.channels[0].readings = [ReadingRecord(handover: 2, loss: told)]
    return LossJudge.judge(history).channels[0]
  }

  @Test(
    arguments: [
      (.events(30), .exact, 0), (.events(29), .underReported, 1), (.events(31), .overReported, 1),
      (.events(.max), .overReported, .max - 30), (.atMost(30), .upperBound, 0), (.atMost(34), .upperBound, 4),
      (.atMost(3), .underReported, 27), (.none, .saysNone, 30), (.events(0), .saysNone, 30),
    ] as [(Loss, ChannelVerdict.Relation, UInt64)])
  func aNumberIsComparedWithTheTruth(_ told: Loss, _ relation: ChannelVerdict.Relation, _ difference: UInt64) {
    let verdict = verdict(told)
    #expect(verdict.relation == relation)
    #expect(verdict.difference == difference)
  }

  @Test(
    arguments: [
      (.packets(3), .packetsOnly), (.packets(3, events: 30), .packetsOnly), (.some, .flagOnly), (.notTold, .notTold),
      (.packets(0), .saysNone),
    ] as [(Loss, ChannelVerdict.Relation)])
  func whatIsNoNumberIsNamed(_ told: Loss, _ relation: ChannelVerdict.Relation) {
    let verdict = verdict(told)
    #expect(verdict.relation == relation)
    #expect(verdict.reported == nil || told == .packets(0))
  }

  @Test(arguments: [Loss.events(1), .packets(1), .some, .atMost(2)])
  func aReportWithoutALossIsTooMuch(_ told: Loss) {
    #expect(verdict(told, lost: false).relation == .overReported)
  }

  @Test(arguments: [Loss.none, .notTold, .events(0)])
  func nothingLostAndNothingToldIsNothingLost(_ told: Loss) {
    #expect(verdict(told, lost: false).relation == .nothingLost)
  }

  @Test func aMalformedSubbufferDecidesNothing() {
    let judgement = LossJudge.judge(.of(10, ["1: 0-4"], told: ["1: 5 events"], malformed: "offset 20"))
    #expect(judgement.inconclusive == "offset 20")
    #expect(judgement.allChannels.allSatisfy { $0.relation == .inconclusive && $0.placement == nil })
  }

  /// An event whose write never returned may count as dropped or not.
  @Test func anUndecidedEventMayBeCounted() {
    for (told, relation) in [(4, .underReported), (5, .exact), (6, .exact), (7, .overReported)]
      as [(UInt64, ChannelVerdict.Relation)]
    {
      let judgement = LossJudge.judge(.of(11, ["1: 0-4"], told: ["1: \(told) events"], unfinished: [10]))
      #expect(judgement.lost == 5)
      #expect(judgement.undecided == 1)
      #expect(judgement.channels[0].relation == relation, "\(told)")
    }
  }

  private func cleared(
    _ told: String, _ clear: ClearRecord, handovers: [String], produced: UInt64,
    counts quantity: LossChannel.Quantity = .lostEvents
  ) -> LossJudgement {
    var history = LossHistory.of(produced, handovers, told: [told])
    history.clears = [clear]
    history.channels[0].counts = quantity
    return LossJudge.judge(history)
  }

  @Test func `events removed by a clear are cleared and not lost`() {
    let clear = ClearRecord(handovers: 0, produced: 312, capacity: 702, isOverwriting: true)
    let silent = cleared("2: none", clear, handovers: ["2: 312-389", "3: 390-467"], produced: 468)
    #expect(silent.lost == 0 && silent.cleared == 312 && !silent.isClearedUpperBound && silent.gaps == 0)
    #expect(silent.channels[0].relation == .nothingLost)
    #expect(silent.violations.isEmpty)
    let packets = cleared("2: 4 packets", clear, handovers: ["2: 312-389", "3: 390-467"], produced: 468)
    #expect(packets.channels[0].relation == .overReported)
  }

  @Test func `a clear after a loss removes only the events after the last delivered one`() {
    let clear = ClearRecord(handovers: 1, produced: 1872, capacity: 702, isOverwriting: true)
    let judgement = cleared(
      "2: 1872 events", clear, handovers: ["1: 1248-1325", "8: 2496-3197"], produced: 3198)
    #expect(judgement.cleared == 546 && judgement.lost == 1872 && !judgement.isClearedUpperBound)
    #expect(judgement.channels[0].relation == .exact)
  }

  @Test func `more events before a clear than fit give an upper bound and a tolerance`() {
    let clear = ClearRecord(handovers: 1, produced: 1872, capacity: 702, isOverwriting: false)
    func relation(_ told: String) -> (ChannelVerdict.Relation, LossJudgement) {
      let judgement = cleared(told, clear, handovers: ["1: 0-77", "8: 1872-1949"], produced: 1950)
      return (judgement.channels[0].relation, judgement)
    }
    let (exact, judgement) = relation("2: 1248 events")
    #expect(judgement.isClearedUpperBound && judgement.cleared == 702 && judgement.lost == 1092)
    #expect(exact == .exact)
    #expect(relation("2: 1091 events").0 == .underReported)
    #expect(relation("2: 1795 events").0 == .overReported)
  }

  @Test(arguments: [LossChannel.Quantity.somethingElse, .oneKindOfLoss])
  func `a channel that counts something else is not judged by its 0`(_ quantity: LossChannel.Quantity) {
    var history = LossHistory.of(100, ["1: 0-49", "2: 80-99"], told: ["2: none"])
    history.channels[0].counts = quantity
    #expect(LossJudge.judge(history).channels[0].relation == .otherQuantity)
    #expect(LossJudge.judge(history).recipe.relation == .saysNone)
  }

  @Test func aChannelThatWasNeverReadToldNothing() {
    #expect(LossJudge.judge(.of(10, ["1: 0-4"])).channels[0].relation == .notTold)
  }
}

/// The hand-over with which a loss is reported.
@Suite struct LossPlacementTests {
  /// Judges reports on gaps of 10 before the hand-overs 2 and 4, and of 5 after the last one.
  private func placement(_ told: [String]) -> LossPlacement? {
    LossJudge.judge(.of(105, ["1: 0-9", "2: 20-29", "3: 30-39", "4: 50-99"], told: told)).channels[0].placement
  }

  @Test func withTheHandoverBehindTheGapIsInPlace() {
    #expect(placement(["0: none", "2: 10 events", "4: 20 events", "5: 25 events"]) == LossPlacement(inPlace: 3))
  }

  @Test func withALaterOneIsLate() {
    #expect(
      placement(["0: none", "3: 10 events", "5: 25 events"]) == LossPlacement(inPlace: 1, late: 2, latest: 1))
  }

  @Test func withAnEarlierOneIsEarly() {
    #expect(
      placement(["0: none", "1: 10 events", "2: 20 events", "4: 25 events"])
        == LossPlacement(early: 3, earliest: 2))
  }

  /// A part of a later gap that is reported with an earlier one counts as early, although the final sums agree.
  @Test func aPartThatIsToldEarlyIsEarly() {
    #expect(
      placement(["0: none", "2: 15 events", "4: 20 events", "5: 25 events"])
        == LossPlacement(inPlace: 2, early: 1, earliest: 2))
    #expect(
      placement(["0: none", "2: 90 events", "3: 10 events", "4: 25 events"])
        == LossPlacement(inPlace: 1, early: 2, earliest: 3, fell: 1))
  }

  /// No event follows the last gap, so every later place is right.
  @Test func behindTheLastEventEveryPlaceIsRight() {
    let handovers = ["1: 0-9", "2:", "3:"]
    for place in 2...4 {
      let history = LossHistory.of(15, handovers, told: ["0: none", "\(place): 5 events"])
      #expect(LossJudge.judge(history).channels[0].placement == LossPlacement(inPlace: 1), "\(place)")
    }
  }

  /// One mark covers all gaps in its sub-buffer.
  @Test func aMarkIsAboutAllGapsOfItsPlace() {
    let history = LossHistory.of(
      20, ["1: 0-4", "2: 6-9, 12-19"], told: ["0: none", "2: some, number not reported; 1 marked"])
    #expect(LossJudge.judge(history).channels[0].placement == LossPlacement(inPlace: 2))
  }

  @Test func marksAreMatchedWithGaps() {
    #expect(
      placement(["0: none", "2: some, number not reported; 1 marked", "4: some, number not reported; 2 marked"])
        == LossPlacement(inPlace: 2, untold: 1))
    #expect(
      placement(["0: none", "2: 1 packets", "3: 2 packets", "4: 3 packets"])
        == LossPlacement(inPlace: 2, early: 1, earliest: 2))
    #expect(
      placement(["0: none", "1: 1 packets", "2: 2 packets", "3: 3 packets", "4: 4 packets"])
        == LossPlacement(inPlace: 2, early: 1, earliest: 2, unfounded: 1))
  }

  /// A report close to a later gap does not count as a late report of an earlier gap.
  @Test func theNearestPairsBelongTogether() {
    #expect(placement(["0: none", "3: 5 events"]) == LossPlacement(late: 1, latest: 1, untold: 2))
    let history = LossHistory.of(130, ["1: 20-29", "2: 30-69", "3: 70-119"], told: ["0: none", "3: 10 events"])
    #expect(LossJudge.judge(history).channels[0].placement == LossPlacement(early: 1, earliest: 1, untold: 1))
  }

  @Test func whatIsNotToldHasNoPlace() {
    #expect(placement(["0: none"]) == nil)
    #expect(placement([]) == nil)
  }

  @Test func aShortNumberIsMatchedByItsGrowth() {
    #expect(placement(["0: none", "2: 9 events", "4: 18 events"]) == LossPlacement(inPlace: 2, untold: 1))
  }
}
