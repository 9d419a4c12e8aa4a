import SubbufferSource
import Testing
import Workload

@testable import Study

@Suite struct LossJudgeTests {
  private func judge(
    produced: UInt64, delivered: UInt64, _ channels: [(LossChannel, Loss)]
  ) -> LossJudge.Judgement {
    var ledger = SequenceLedger(0..<produced)
    for sequence in 0..<delivered { ledger.enter(sequence) }
    ledger.close()
    return LossJudge.judge(
      LossHistory(
        truth: Truth(produced: produced), ledger: ledger, handovers: 1,
        channels: channels.map { LossReading(channel: $0.0, loss: $0.1) }))
  }

  @Test(arguments: [
    (UInt64(30), LossResult.Verdict.exact), (29, .underReported), (31, .overReported),
  ])
  func aNumberIsComparedWithTheTruth(_ told: UInt64, _ verdict: LossResult.Verdict) {
    let judgement = judge(produced: 100, delivered: 70, [(.metaPageOverrun, .events(told))])
    #expect(judgement.lost == 30)
    #expect(judgement.reported == told)
    #expect(judgement.verdict == verdict)
    #expect(judgement.channel == .metaPageOverrun)
  }

  @Test func theFirstChannelWithANumberIsTheReport() {
    let judgement = judge(
      produced: 100, delivered: 70,
      [(.metaPageOverrun, .none), (.subbufferHeader, .events(30)), (.counter, .events(1))])
    #expect(judgement.channel == .subbufferHeader)
    #expect(judgement.verdict == .exact)
  }

  @Test func whatStandsBesideTheReaderABIIsNoReport() {
    let judgement = judge(
      produced: 100, delivered: 70,
      [(.metaPageOverrun, .none), (.statsDroppedEvents, .events(30)), (.writerError, .events(30))])
    #expect(judgement.verdict == .notTold)
    #expect(judgement.reported == 0)
  }

  @Test func silenceIsNoZero() {
    let judgement = judge(produced: 100, delivered: 70, [(.subbufferHeader, .notTold)])
    #expect(judgement.verdict == .notTold)
    #expect(judgement.reported == nil)
    #expect(judgement.channel == .nowhere)
  }

  @Test func packetsAreNoEvents() {
    let judgement = judge(produced: 100, delivered: 70, [(.subbufferHeader, .none), (.sequenceGap, .packets(3))])
    #expect(judgement.verdict == .packetsOnly)
    #expect(judgement.reported == nil)
  }

  /// In overwrite mode LTTng counts what it discarded all the same, beside the packets whose events nobody counts.
  @Test func anIncompleteNumberIsNoNumber() {
    let judgement = judge(
      produced: 100, delivered: 70, [(.subbufferHeader, .events(5)), (.sequenceGap, .packets(3))])
    #expect(judgement.verdict == .packetsOnly)
    #expect(judgement.reported == nil)
    #expect(judgement.channel == .sequenceGap)
    let tooMuch = judge(
      produced: 100, delivered: 70, [(.subbufferHeader, .events(31)), (.sequenceGap, .packets(3))])
    #expect(tooMuch.verdict == .overReported)
    #expect(tooMuch.reported == 31)
  }

  @Test func aFlagIsNoNumber() {
    let judgement = judge(produced: 100, delivered: 70, [(.subbufferHeader, .some)])
    #expect(judgement.verdict == .flagOnly)
    #expect(judgement.reported == nil)
  }

  @Test func nothingLostAndNothingToldIsNothingLost() {
    #expect(judge(produced: 9, delivered: 9, [(.counter, .none)]).verdict == .nothingLost)
    #expect(judge(produced: 9, delivered: 9, [(.counter, .notTold)]).verdict == .nothingLost)
  }

  @Test(arguments: [Loss.events(1), .packets(1), .some])
  func aReportWithoutALossIsTooMuch(_ told: Loss) {
    #expect(judge(produced: 9, delivered: 9, [(.subbufferHeader, told)]).verdict == .overReported)
  }

  @Test func brokenBooksDecideNothing() {
    var ledger = SequenceLedger(0..<3)
    ledger.enter(7)
    let judgement = LossJudge.judge(
      LossHistory(truth: Truth(produced: 3), ledger: ledger, handovers: 1, channels: []))
    #expect(judgement.verdict == .inconclusive)
    #expect(judgement.reason != nil)
  }

  @Test func aMalformedSubbufferDecidesNothing() {
    let malformed = MalformedSubbuffer(offset: 20, reason: .unknownType(99))
    let judgement = LossJudge.judge(
      LossHistory(
        truth: Truth(produced: 3), ledger: SequenceLedger(0..<3), handovers: 1, channels: [], malformed: malformed))
    #expect(judgement.verdict == .inconclusive)
    #expect(judgement.reason?.contains("offset 20") == true)
  }
}

extension Truth {
  fileprivate init(produced: UInt64) {
    self.init(produced: produced, accepted: produced, refused: 0, firstErrno: 0, begin: 0, end: 0)
  }
}
