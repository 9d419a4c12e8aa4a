import ReferenceModels
import Testing

@Suite struct ScheduleTests {
  @Test func textIsShortAndReadBack() throws {
    var schedule = Schedule()
    for thread in [0, 0, 0, 1, 0] { schedule.append(thread) }
    schedule.append(25, count: 12)
    schedule.append(3, count: 0)
    #expect(schedule.description == "a3baz12")
    #expect(Schedule(parsing: "a3baz12") == schedule)
    #expect(Schedule(parsing: "") == Schedule())
  }

  @Test(arguments: ["3", "a0", "A", "a-1", "a 1", "a99999999999999999999", "aé"])
  func otherTextIsRefused(_ text: String) {
    #expect(Schedule(parsing: text) == nil)
  }

  @Test func sameSeedSameHistory() {
    let made = (0..<50).map { seed in
      var world = Adders(threads: 3, each: 20)
      let run = world.run(seed: UInt64(seed), budget: 10_000)
      #expect(run.finished && run.steps == 120)
      var again = Adders(threads: 3, each: 20)
      let same = again.run(seed: UInt64(seed), budget: 10_000) == run
      #expect(same)
      #expect(again == world)
      return world
    }
    // The sums of the unprotected additions differ between seeds.
    #expect(Set(made).count > 25)
  }

  @Test func aScheduleMakesTheRunAgain() throws {
    for seed in 0..<50 as Range<UInt64> {
      var world = Adders(threads: 3, each: 20)
      let run = world.run(seed: seed, budget: 10_000)
      var again = Adders(threads: 3, each: 20)
      let schedule = try #require(Schedule(parsing: run.schedule.description))
      let fits = again.replay(schedule)
      #expect(fits)
      #expect(again == world)
    }
  }

  @Test func aScheduleOfAnotherWorldDoesNotFit() throws {
    for text in ["a3", "b"] {
      var few = Adders(threads: 1, each: 1)
      let fits = few.replay(try #require(Schedule(parsing: text)))
      #expect(!fits)
    }
  }

  @Test func anEndlessWaitUsesTheBudgetUp() {
    var world = Adders(threads: 2, each: .max)
    let run = world.run(seed: 1, budget: 1_000)
    #expect(!run.finished && run.steps == 1_000)
  }
}

/// Threads that add to one word by a load and a store, so that additions get lost.
private struct Adders: SteppedWorld {
  var memory = SteppedMemory(wordCount: 1)
  var left: [Int]
  var loaded: [UInt64?]

  init(threads: Int, each: Int) {
    left = Array(repeating: each, count: threads)
    loaded = Array(repeating: nil, count: threads)
  }

  var threadCount: Int { left.count }

  func isDone(_ thread: Int) -> Bool { left[thread] == 0 }

  mutating func step(_ thread: Int) {
    if let value = loaded[thread] {
      memory.store(value + 1, to: 0, .relaxed)
      loaded[thread] = nil
      left[thread] -= 1
    } else {
      loaded[thread] = memory.load(0, .relaxed)
    }
  }
}
