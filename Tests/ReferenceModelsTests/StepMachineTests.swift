import ReferenceModels
import Testing

@Suite struct StepMachineTests {
  @Test func runMakesEveryStep() {
    var countdown = Countdown(left: 3)
    var memory = NoMemory()
    #expect(countdown.run(on: &memory) == 3)
  }
}

/// Counts its own steps.
private struct Countdown: StepMachine {
  var left: Int
  var made = 0

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Int> {
    made += 1
    left -= 1
    return left == 0 ? .done(made) : .more
  }
}

private struct NoMemory: AtomicMemory {
  mutating func load(_ word: Int, _ order: LoadOrder) -> UInt64 { 0 }
  mutating func store(_ value: UInt64, to word: Int, _ order: StoreOrder) {}
  mutating func compareExchange(
    _ word: Int, expected: UInt64, desired: UInt64, _ order: UpdateOrder
  ) -> (exchanged: Bool, original: UInt64) { (false, 0) }
  mutating func fetchAdd(_ word: Int, _ operand: UInt64, _ order: UpdateOrder) -> UInt64 { 0 }
  mutating func writePlain(_ value: UInt64, to word: Int) {}
  mutating func readPlain(_ word: Int) -> UInt64 { 0 }
}
