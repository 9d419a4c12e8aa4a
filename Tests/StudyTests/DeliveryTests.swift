import Results
import Study
import Testing

/// Delivered events, and the gaps of missing events.
@Suite struct DeliveryTests {
  @Test(
    arguments: [
      (["1: 0-9"], []), ([], [LossGap(numbers: 0...9)]),
      (["1: 2-9"], [LossGap(numbers: 0...1, behind: 1)]), (["1: 0-7"], [LossGap(numbers: 8...9, before: 1)]),
      (["1: 0-2", "2: 5-9"], [LossGap(numbers: 3...4, before: 1, behind: 2)]),
      (["1: 0-2, 5-9"], [LossGap(numbers: 3...4, before: 1, behind: 1)]),
      (["1: 0-2", "2:", "3: 5-9"], [LossGap(numbers: 3...4, before: 1, behind: 3)]),
    ] as [([String], [LossGap])])
  func gapsLieBetweenHandovers(_ handovers: [String], _ gaps: [LossGap]) {
    let history = LossHistory.of(10, handovers)
    #expect(history.gaps == gaps)
    let judgement = LossJudge.judge(history)
    #expect(judgement.lost == gaps.reduce(0) { $0 + $1.count })
    #expect(judgement.produced == judgement.delivered + judgement.lost)
    #expect(judgement.violations.isEmpty)
  }

  @Test func aSecondDeliveryIsAViolationAndSaysWhichHandovers() {
    let judgement = LossJudge.judge(.of(10, ["4: 0-9", "4: 8-9"]))
    #expect(judgement.delivered == 10)
    #expect(judgement.duplicates == 2)
    #expect(judgement.reordered == 0)
    #expect(judgement.violations.count == 1)
    #expect(
      judgement.violations[0].contains("first 8, in hand-over 2 (sub-buffer 4), which hand-over 1 (sub-buffer 4)"))
    #expect(judgement.violations[0].contains("the ABI gave the same sub-buffer again"))
    #expect(
      LossJudge.judge(.of(10, ["4: 0-9", "5: 9"])).violations[0].contains("two sub-buffers with different numbers"))
  }

  @Test func aLateDeliveryIsAViolation() {
    let judgement = LossJudge.judge(.of(10, ["1: 0-4", "2: 8-9", "3: 5-7"]))
    #expect(judgement.delivered == 10)
    #expect(judgement.reordered == 3)
    #expect(judgement.lost == 0)
    #expect(judgement.violations.count == 1)
  }

  @Test func numbersThatNobodyWroteAreAViolation() {
    let judgement = LossJudge.judge(.of(10, ["1: 0-11", "2: 20"]))
    #expect(judgement.delivered == 10)
    #expect(judgement.foreign == 3)
    #expect(judgement.violations.count == 1)
  }

  @Test func anEventWhoseWriteNeverReturnedIsNotMissed() {
    let missing = LossJudge.judge(.of(10, ["1: 0-8"], unfinished: [9]))
    #expect((missing.produced, missing.delivered, missing.lost) == (9, 9, 0))
    let delivered = LossJudge.judge(.of(10, ["1: 0-9"], unfinished: [9]))
    #expect((delivered.produced, delivered.delivered, delivered.lost) == (10, 10, 0))
    let within = LossHistory.of(10, ["1: 0-1, 8-9"], unfinished: [4])
    #expect(within.gaps.map(\.numbers) == [2...3, 5...7])
    let judgement = LossJudge.judge(within)
    #expect((judgement.produced, judgement.lost) == (9, 5))
    #expect(judgement.violations.isEmpty)
  }

  @Test func theGreatestNumbersDoNotTrap() {
    for handovers in [
      [], ["1: 0-18446744073709551615"], ["1: 18446744073709551615"], ["1: 5", "2: 0-18446744073709551614"],
    ] {
      for produced in [0, 1, UInt64.max] {
        let judgement = LossJudge.judge(.of(produced, handovers, unfinished: [0, .max]))
        #expect(judgement.delivered <= produced)
      }
    }
  }
}
