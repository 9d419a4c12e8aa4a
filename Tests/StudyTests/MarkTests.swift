import Results
@testable import Study
import SubbufferSource
import Testing

/// Marks of probes and of loss scenarios.
@Suite struct MarkTests {
  private let abi = ABI("kernel")
  private let wrapped = Mark("wrapped", "the writer wrapped") { seen in try seen.number("laps") > 0 }

  private func result(
    claim marks: [Mark]?, _ ownMarks: [Mark]?, _ evidence: [Observation], answer: Answer = .yes(true)
  ) throws -> ProbeResult {
    let claim = Claim(
      "c", .losses, title: "t", question: "q", source: "s", procedure: "p", reaching: marks,
      [abi: .documented("yes", reaching: ownMarks) { _ in answer }])
    let expectation = try #require(claim.expectation(of: [abi]))
    return ProbeResult(
      judging: ProbeRecord(claim, expectation, backend: "b", ProbeObservations(evidence: evidence)), by: claim,
      abis: [abi])
  }

  @Test func `an answer with its marks is decided`() throws {
    let result = try result(claim: [wrapped], nil, [Observation("laps", 2)])
    #expect(result.outcome == .asDocumented)
  }

  @Test(arguments: [true, false]) func `an answer without a mark is undecided, whatever it is`(_ isYes: Bool) throws {
    let result = try result(claim: [wrapped], nil, [Observation("laps", 0)], answer: .yes(isYes))
    #expect(result.outcome == .undecided)
    #expect(result.reason == "mark “the writer wrapped” not reached")
    #expect(result.answer == nil)
  }

  @Test func `a mark that the evidence does not show is not reached`() throws {
    let result = try result(claim: [wrapped], nil, [Observation("seen", 1)])
    #expect(result.reason == "mark “the writer wrapped” not reached: nothing was observed of “laps”")
  }

  @Test func `marks of the claim and of the expectation are needed both`() throws {
    let flagged = Mark("flagged", "the flag was set") { seen in try seen["flag"] == "1" }
    let evidence = [Observation("laps", 2), Observation("flag", 0)]
    #expect(try result(claim: [wrapped], [flagged], evidence).reason == "mark “the flag was set” not reached")
    #expect(try result(claim: nil, [flagged], evidence).outcome == .undecided)
    #expect(try result(claim: .nothing, nil, evidence).outcome == .asDocumented)
  }

  @Test func `marks are declared by the claim or the expectation, else missing`() throws {
    let claims = [([Mark].nothing as [Mark]?, nil as [Mark]?), (nil, .nothing), (nil, nil)].map { marks, own in
      Claim(
        "c", .losses, title: "t", question: "q", source: "s", procedure: "p", reaching: marks,
        [abi: .assumed("yes", reaching: own) { _ in .yes(true) }])
    }
    let declared = try claims.map { try $0.marks(of: #require($0.expectation(of: [abi])))?.count }
    #expect(declared == [0, 0, nil])
  }

  @Test func `a recorded mark is reached where the probe passes it`() {
    let inside = Mark.recorded("inside-write", "the writer was inside its write")
    var evidence = Evidence()
    #expect(!inside.isReached(in: evidence))
    evidence.reach(Mark.recorded("another", "another point"))
    #expect(!inside.isReached(in: evidence))
    evidence.reach(inside)
    #expect(inside.isReached(in: Evidence(evidence.observations)))
  }

  @Test func `a loss scenario without its mark is undecided in every channel`() {
    let history = LossHistory.of(10, ["1: 0-9"], told: ["1: none"])
    #expect(LossJudge.judge(history, reaching: [.eventsDelivered]).inconclusive == nil)
    let judgement = LossJudge.judge(history, reaching: [.eventsDelivered, .eventsLost])
    #expect(judgement.inconclusive == "mark “events were lost” not reached")
    #expect(judgement.allChannels.allSatisfy { $0.relation == .inconclusive })
  }

  @Test func `a sub-buffer that could not be decoded is named before a missing mark`() {
    let history = LossHistory.of(10, ["1: 0-9"], told: ["1: none"], malformed: "offset 20")
    #expect(LossJudge.judge(history, reaching: [.eventsLost]).inconclusive == "offset 20")
  }

  @Test func `the marks of calls are those of the calls`() {
    var history = LossHistory.of(10, ["1: 0-4"])
    let marks: [LossMark] = [.readerOpened, .readerKilled, .writerInsideWrite, .cleared, .modeSwitched, .resizeTried]
    #expect(!marks.contains { $0.isReached(in: history) })
    #expect(LossMark.subbufferHeld.isReached(in: history))
    history.calls = [
      CallRecord(handovers: 0, purpose: .hold, call: "acquire", result: "nothing yet"),
      CallRecord(handovers: 0, purpose: .open, call: "a reader opens", result: "no error"),
      CallRecord(handovers: 0, purpose: .killReader, call: "kill", result: "-EAGAIN (-11)"),
      CallRecord(handovers: 0, purpose: .holdWriter, call: "hold", result: "in write(2)"),
      CallRecord(handovers: 0, purpose: .clear, call: RingControl.clear.rawValue, result: "-EBUSY (-16)"),
      CallRecord(handovers: 0, purpose: .switchMode, call: RingControl.discard.rawValue, result: "0"),
      CallRecord(handovers: 0, purpose: .resize, call: RingControl.moreSubbuffers.rawValue, result: "-EBUSY (-16)"),
    ]
    history.clears = [ClearRecord(handovers: 0, produced: 5, capacity: 9, isOverwriting: true)]
    let reached: [LossMark] = [.readerOpened, .writerInsideWrite, .modeSwitched, .resizeTried]
    #expect(marks.filter { $0.isReached(in: history) } == reached)
    #expect(!LossMark.subbufferHeld.isReached(in: history))
  }

  @Test func `every loss scenario must reach something`() {
    for scenario in LossScenario.all { #expect(!scenario.marks.isEmpty, "\(scenario.name)") }
  }
}
