import SubbufferSource

extension KernelModelParameters.Variant {
  /// Checks the design against itself: runs one writer and one reader in interleavings drawn from the seed, in small ring
  /// buffers of different shapes, and then has the reader read the rest.
  ///
  /// In each run: every event that is delivered is as it was written, delivered once, and in order; delivered, overrun
  /// and dropped events together are those that the writer tried to write; the counters are those of what happened; no
  /// header reports more lost events than are missing; and the schedule, from its text, makes the same world again.
  ///
  /// The reader begins no call while the writer decides whereto the tail moves (``KernelWriteEvent/isDecidingOnTail``).
  /// Without this, in overwrite mode about one run of 20,000 ends in a violation (seed 8839 as merged, 8934 as posted in
  /// v11): `rb_move_tail` decides by `rb_is_reader_page`, two loads, and goes on with a `next_page` that it loaded before;
  /// several calls of the reader in between can make the tail page the reader's. A kernel's writer cannot be preempted
  /// there, but it can be interrupted, or stopped with its virtual CPU.
  ///
  /// With writers that interrupt others, the writer does not commit while the reader compares what is committed on its page
  /// with the commit page. Without this, about one run of 200 ends in a violation (seed 171 as merged, 16 as posted in v11,
  /// with 4 events inside every third one): the reader has the page of an uncommitted event, on which nothing is committed;
  /// `rb_get_reader_page` finds no more data on it (`rb_page_size`); the writer commits, and its commit page moves on; then
  /// `commit_page == reader_page` fails, and the page is given back with its events, which no counter counts.
  /// - Parameters:
  ///   - mode: what the writer does that finds the ring buffer full.
  ///   - seed: of the first run; the others have those that follow. With the seed of a violation and one schedule, the
  ///     violation is made again.
  ///   - schedules: the number of runs.
  ///   - letsWriterBeOvertaken: whether the reader may begin calls there all the same.
  ///   - nested: the number of events that others write inside every third event of the writer, before its commit.
  ///   - letsReaderBeOvertaken: whether the writer may commit there all the same.
  package func check(
    _ mode: RingMode, seed: UInt64, schedules: Int, letsWriterBeOvertaken: Bool = false,
    nested: UInt64 = 0, letsReaderBeOvertaken: Bool = false
  ) -> ScheduleCheck {
    check(
      mode, seed: seed, schedules: schedules, letsWriterBeOvertaken: letsWriterBeOvertaken, nested: nested,
      letsReaderBeOvertaken: letsReaderBeOvertaken
    ) {
      SteppedMemory(wordCount: $0)
    }
  }

  /// Checks the design on a memory of one's own.
  /// - Parameter makeMemory: makes zeroed memory of N words.
  package func check<Memory: AtomicMemory & Hashable & Sendable>(
    _ mode: RingMode, seed: UInt64, schedules: Int, letsWriterBeOvertaken: Bool = false,
    nested: UInt64 = 0, letsReaderBeOvertaken: Bool = false, _ makeMemory: (Int) -> Memory
  ) -> ScheduleCheck {
    var check = ScheduleCheck()
    for index in 0..<UInt64(max(schedules, 0)) {
      let seed = seed &+ index
      let shape = Self.shapes[Int(seed % UInt64(Self.shapes.count))]
      guard
        let parameters = try? KernelModelParameters(
          variant: self, mode: mode, subbufferSize: shape.size, subbufferCount: shape.count)
      else { continue }
      let layout = KernelLayout(parameters)
      let empty = KernelModelWorld(
        layout, memory: makeMemory(layout.wordCount), events: 40, calls: 25,
        letsWriterBeOvertaken: letsWriterBeOvertaken, nested: nested,
        letsReaderBeOvertaken: letsReaderBeOvertaken)
      var world = empty
      let run = world.run(seed: seed, budget: 100_000)
      check.schedules += 1
      check.steps += run.steps
      if let what = violation(in: &world, of: run, from: empty) {
        check.violations.append(
          ScheduleCheck.Violation(seed: seed, schedule: run.schedule.description, what: what))
      }
      check.enter(world)
    }
    return check
  }

  /// Ring buffers of few sub-buffers, in which one to four of the events of 16 to 32 bytes find room.
  private static let shapes = [
    (size: 64, count: 2), (size: 80, count: 3), (size: 112, count: 2), (size: 96, count: 4), (size: 48, count: 3),
  ]

  private func violation<Memory>(
    in world: inout KernelModelWorld<Memory>, of run: ScheduledRun, from empty: KernelModelWorld<Memory>
  ) -> String? {
    guard run.finished else { return "not finished after \(run.steps) steps" }
    var again = empty
    guard let schedule = Schedule(parsing: run.schedule.description), again.replay(schedule), again == world else {
      return "the replayed schedule has a different history"
    }
    guard world.drain(budget: 100_000) else { return "the final drain does not end" }
    return world.firstContradiction()
  }
}

extension ScheduleCheck {
  fileprivate mutating func enter<Memory>(_ world: KernelModelWorld<Memory>) {
    let stats = world.stats
    exchanges += world.exchanges
    deliveredEvents += stats.readEvents
    lostEvents += stats.overrun + stats.droppedEvents + stats.commitOverrun
  }
}
