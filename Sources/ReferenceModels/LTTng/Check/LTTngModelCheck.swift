import SubbufferSource

extension LTTngModelAttributes.Mode {
  /// Checks the design against itself: runs one writer and one reader in interleavings drawn from the seed, step by step,
  /// in small ring buffers of different shapes.
  ///
  /// In each run: every packet that is read is whole, whether it is consumed or looked at by its position; it has exactly
  /// the events that were accepted into it, in order; none is consumed twice; times do not go back; no internal error is
  /// found; and the schedule, from its text, makes the same world again. In discard mode no packet is missing, and the
  /// events consumed and `events_discarded` of the last packet add up to those that the writer tried to write. In
  /// overwrite mode events are missing exactly where `packet_seq_num` has a gap.
  /// - Parameters:
  ///   - seed: of the first run; the others have those that follow.
  ///   - schedules: the number of runs.
  public func check(seed: UInt64, schedules: Int) -> ScheduleCheck {
    check(seed: seed, schedules: schedules) { SteppedMemory(wordCount: $0.wordCount) }
  }

  /// Checks the design on a memory of one's own.
  /// - Parameter makeMemory: makes zeroed memory of ``LTTngModelAttributes/wordCount`` words.
  public func check<Memory: AtomicMemory & Hashable & Sendable>(
    seed: UInt64, schedules: Int, _ makeMemory: (LTTngModelAttributes) -> Memory
  ) -> ScheduleCheck {
    var check = ScheduleCheck()
    for index in 0..<UInt64(max(schedules, 0)) {
      if let world = world(index, makeMemory) { check.enter(world, seed: seed &+ index) }
    }
    return check
  }

  /// The world in which a run begins; the shapes take turns.
  func world<Memory: AtomicMemory & Hashable & Sendable>(
    _ index: UInt64, _ makeMemory: (LTTngModelAttributes) -> Memory
  ) -> LTTngModelWorld<Memory>? {
    let shape = Self.shapes[Int(index % UInt64(Self.shapes.count))]
    guard
      let attributes = try? LTTngModelAttributes(mode: self, subbufferSize: shape.size, subbufferCount: shape.count)
    else { return nil }
    return LTTngModelWorld(attributes, memory: makeMemory(attributes), events: shape.events, payload: shape.payload)
  }

  /// Ring buffers with room for 2 to 12 events in a sub-buffer, which they fill to its last byte or not.
  private static let shapes = [
    (size: 256, count: 2, events: 60, payload: 8), (size: 128, count: 2, events: 40, payload: 0),
    (size: 256, count: 4, events: 100, payload: 17), (size: 256, count: 2, events: 90, payload: 0),
    (size: 128, count: 4, events: 40, payload: 9),
  ]
}

extension ScheduleCheck {
  /// Runs a world, and enters what came of it.
  mutating func enter<Memory>(_ beginning: LTTngModelWorld<Memory>, seed: UInt64, budget: Int = 100_000) {
    var world = beginning
    let run = world.run(seed: seed, budget: budget)
    schedules += 1
    steps += run.steps
    exchanges += UInt64(world.packets.count)
    deliveredEvents += UInt64(world.delivered)
    lostEvents += UInt64(world.outcomes.count - world.delivered)
    if let what = world.violation(of: run, from: beginning) {
      violations.append(Violation(seed: seed, schedule: run.schedule.description, what: what))
    }
  }
}

extension LTTngModelWorld {
  fileprivate func violation(of run: ScheduledRun, from beginning: Self) -> String? {
    guard run.finished else { return "not finished after \(run.steps) steps" }
    var again = beginning
    guard let schedule = Schedule(parsing: run.schedule.description), again.replay(schedule), again == self else {
      return "the replayed schedule has a different history"
    }
    return violations.first
  }
}
