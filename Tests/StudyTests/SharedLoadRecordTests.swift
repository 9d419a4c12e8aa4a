import Results
import SubbufferSource
import Testing

@Suite struct SharedLoadRecordTests {
  private func record(_ produced: UInt64, _ handovers: [[ClosedRange<UInt64>]]) -> SharedLoadRecord {
    SharedLoadRecord(
      course: "course", title: "title", mode: .discard, setup: [],
      rings: handovers.map { runs in
        var history = LossHistory.of(produced, [])
        history.handovers = runs.map { HandoverRecord(number: 0, runs: [$0]) }
        return SharedLoadRecord.Ring(backend: "b", room: 1, history: history)
      })
  }

  private func text(_ record: SharedLoadRecord) -> [String] {
    record.runs.map { "\($0.sequences) \($0.isDelivered.map { $0 ? "+" : "-" }.joined())" }
  }

  @Test func `events with the same outcome everywhere are one run`() {
    #expect(text(record(10, [[0...3, 4...5], [0...1, 8...9]])) == ["0...1 ++", "2...5 +-", "6...7 --", "8...9 -+"])
    #expect(text(record(3, [[], []])) == ["0...2 --"])
    #expect(text(record(0, [[], []])) == [])
  }

  @Test(.timeLimit(.minutes(1))) func `the greatest numbers are one run each`() {
    #expect(text(record(.max, [[0...0, 5...(.max)]])) == ["0...0 +", "1...4 -", "5...18446744073709551614 +"])
  }
}
