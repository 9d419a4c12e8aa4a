@testable import ReferenceModels
import SubbufferSource
import Testing

@Suite struct LTTngModelCheckTests {
  @Test(arguments: RingMode.allCases)
  func holds(_ mode: RingMode) throws {
    let check = mode.check(seed: 1, schedules: 150)
    #expect(check.violations.isEmpty, "\(check.violations.first?.description ?? "")")
    #expect(check.schedules == 150)
    // The interleavings include losses and deliveries.
    #expect(check.lostEvents > 500)
    #expect(check.deliveredEvents > 500)
    #expect(check.exchanges > 500)
  }

  /// 12 events of 16 bytes fill a sub-buffer to its last byte.
  @Test(arguments: RingMode.allCases, [1, 6, 12, 13, 50 * 24])
  func holdsAtTheBoundaries(_ mode: RingMode, events: Int) throws {
    let attributes = try LTTngModelAttributes(mode: mode, subbufferSize: 256, subbufferCount: 2)
    let check = Self.check(attributes, events: events, payload: 0, schedules: 3)
    #expect(check.violations.isEmpty, "\(check.violations.first?.description ?? "")")
    #expect(check.deliveredEvents + check.lostEvents == UInt64(3 * events))
  }

  @Test func holdsWithOneSubbuffer() throws {
    let attributes = try LTTngModelAttributes(mode: .discard, subbufferSize: 128, subbufferCount: 1)
    let check = Self.check(attributes, events: 60, payload: 8, schedules: 50)
    #expect(check.violations.isEmpty, "\(check.violations.first?.description ?? "")")
    #expect(check.lostEvents > 50)
  }

  private static func check(
    _ attributes: LTTngModelAttributes, events: Int, payload: Int, schedules: UInt64, budget: Int = 1_000_000
  ) -> ScheduleCheck {
    var check = ScheduleCheck()
    let memory = SteppedMemory(wordCount: attributes.wordCount)
    let world = LTTngModelWorld(attributes, memory: memory, events: events, payload: payload)
    for seed in 0..<schedules { check.enter(world, seed: seed, budget: budget) }
    return check
  }

  @Test func theBudgetIsAViolation() throws {
    let attributes = try LTTngModelAttributes(mode: .discard, subbufferSize: 256, subbufferCount: 2)
    let check = Self.check(attributes, events: 100, payload: 0, schedules: 1, budget: 50)
    #expect(check.violations.first?.what == "not finished after 50 steps")
  }

  /// Each broken access of the memory is detected, and the reported schedule reproduces the broken history.
  @Test(arguments: BrokenMemory.Fault.allCases)
  func aBrokenAccessIsFound(_ fault: BrokenMemory.Fault) throws {
    let mode: RingMode = fault == .losesDiscarded ? .discard : .overwrite
    let check = mode.check(seed: 1, schedules: fault.schedules) { BrokenMemory(fault: fault, $0) }
    let violation = try #require(
      check.violations.first { !$0.what.hasPrefix("not finished") } ?? check.violations.first)

    var world = try #require(mode.world(violation.seed - 1) { BrokenMemory(fault: fault, $0) })
    let fits = world.replay(try #require(Schedule(parsing: violation.schedule)))
    #expect(fits)
    #expect(world.isDone ? world.violations.first == violation.what : violation.what.hasPrefix("not finished"))
  }

  /// Interleavings reach the races of a flush with an event: the next sub-buffer is not committed yet, or the last
  /// event of a packet has not sampled the counters of lost events.
  @Test func racesAreReached() throws {
    let attributes = try LTTngModelAttributes(mode: .discard, subbufferSize: 256, subbufferCount: 2)
    var wraps = 0
    var unsampled = 0
    for seed in 0..<100 as Range<UInt64> {
      let memory = SteppedMemory(wordCount: attributes.wordCount)
      var world = LTTngModelWorld(attributes, memory: memory, events: 150, payload: 8)
      _ = world.run(seed: seed, budget: 1_000_000)
      wraps += world.outcomes.count { $0 == .discardedWrap }
      var last: UInt64 = 0
      for packet in world.packets {
        let header = try #require(packet.decoded(payload: 8)).header
        if header.eventsDiscarded < last {
          #expect(header.eventsDiscarded == 0)
          unsampled += 1
        } else {
          last = header.eventsDiscarded
        }
      }
    }
    #expect(wraps > 10)
    #expect(unsampled > 10)
  }
}

/// A memory with one defective access.
struct BrokenMemory: AtomicMemory, Sendable, Hashable {
  enum Fault: String, CaseIterable, Sendable {
    /// A reservation is stored without comparing the old value.
    case reservesBlindly
    /// The reader takes a sub-buffer without checking references to it.
    case takesBlindly
    /// The writer does not push the consumed position.
    case doesNotPush
    /// Sub-buffers are delivered when they are claimed, before their header is complete.
    case deliversEarly
    /// Some commits are lost.
    case losesCommits
    /// Discarded events are not counted.
    case losesDiscarded

    /// The number of interleavings: more to meet a race of few steps, fewer if each uses up the budget.
    var schedules: Int {
      switch self {
      case .takesBlindly, .deliversEarly: 200
      case .doesNotPush: 2
      default: 20
      }
    }
  }

  let fault: Fault
  let layout: LTTngLayout
  var memory: SteppedMemory
  private var adds = 0

  init(fault: Fault, _ attributes: LTTngModelAttributes) {
    self.fault = fault
    layout = LTTngLayout(attributes)
    memory = SteppedMemory(wordCount: attributes.wordCount)
  }

  private func isIn(_ word: Int, _ table: (Int) -> Int) -> Bool {
    word >= table(0) && word < table(layout.subbufferCount)
  }

  mutating func load(_ word: Int, _ order: LoadOrder) -> UInt64 { memory.load(word, order) }

  mutating func store(_ value: UInt64, to word: Int, _ order: StoreOrder) { memory.store(value, to: word, order) }

  mutating func compareExchange(
    _ word: Int, expected: UInt64, desired: UInt64, _ order: UpdateOrder
  ) -> (exchanged: Bool, original: UInt64) {
    let isBlind =
      fault == .reservesBlindly && word == layout.offset
      || fault == .takesBlindly && isIn(word, layout.writerID)
    if isBlind {
      memory.store(desired, to: word, .relaxed)
      return (true, expected)
    }
    if fault == .doesNotPush, word == layout.consumed { return (true, expected) }
    if fault == .deliversEarly, isIn(word, layout.deliveredCount) {
      let exchange = memory.compareExchange(word, expected: expected, desired: desired, order)
      if exchange.exchanged { memory.store(expected &+ layout.subbufferSize, to: word, .relaxed) }
      return exchange
    }
    return memory.compareExchange(word, expected: expected, desired: desired, order)
  }

  mutating func fetchAdd(_ word: Int, _ operand: UInt64, _ order: UpdateOrder) -> UInt64 {
    adds += 1
    if fault == .losesCommits, isIn(word, layout.commitCount), adds % 64 == 0 { return memory.load(word, order.load) }
    if fault == .losesDiscarded, word == layout.recordsLostFull { return memory.load(word, order.load) }
    return memory.fetchAdd(word, operand, order)
  }

  mutating func writePlain(_ value: UInt64, to word: Int) { memory.writePlain(value, to: word) }

  mutating func readPlain(_ word: Int) -> UInt64 { memory.readPlain(word) }
}

extension UpdateOrder {
  fileprivate var load: LoadOrder { .relaxed }
}
