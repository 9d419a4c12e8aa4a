/// An operation of a design, such as the writing of one event, taken apart into steps.
///
/// Each step makes at most one atomic access to the memory; all that an operation remembers between two steps is in the
/// value itself. So a scheduler can interleave operations at any step, copy a state and go on from it twice, and tell
/// whether it has seen a state before.
package protocol StepMachine: Sendable, Hashable {
  /// The result of the operation.
  associatedtype Output: Sendable

  /// Makes the next step.
  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<Output>
}

/// The result of a step.
package enum StepOutcome<Output: Sendable>: Sendable {
  /// The operation has more steps.
  case more
  /// The operation is done.
  case done(Output)
}

extension StepMachine {
  /// Makes all steps that are left, one after the other.
  @inlinable
  package mutating func run<Memory: AtomicMemory>(on memory: inout Memory) -> Output {
    while true {
      if case .done(let output) = step(on: &memory) { return output }
    }
  }
}

extension StepMachine {
  /// Makes the next step of an operation within another.
  /// - Returns: what the operation comes to, where that was its last step.
  @inline(__always)
  mutating func output<Memory: AtomicMemory>(on memory: inout Memory) -> Output? {
    if case .done(let output) = step(on: &memory) { output } else { nil }
  }
}

/// Some memory and the threads that work on it, as one value.
///
/// A thread is a sequence of operations, each a ``StepMachine``; what they came to is part of the value as well. So a
/// world can be copied, gone on from twice, and compared with one that was seen before. Which thread makes the next
/// step is chosen from outside: by a seeded generator (``run(seed:budget:)``), or as a recorded ``Schedule`` says
/// (``replay(_:)``).
package protocol SteppedWorld: Sendable, Hashable {
  /// The number of threads; constant.
  var threadCount: Int { get }

  /// `true` if a thread has made all its steps.
  /// - Parameter thread: from 0 and less than ``threadCount``.
  func isDone(_ thread: Int) -> Bool

  /// Makes the next step of a thread.
  /// - Parameter thread: one that is not done.
  mutating func step(_ thread: Int)
}

/// The result of a run.
package struct ScheduledRun: Sendable, Hashable {
  /// The order of the threads' steps: replays the run from the same world.
  package var schedule: Schedule
  /// The number of steps.
  package var steps: Int
  /// `true` if all threads were done; if not, the budget was used up first.
  package var finished: Bool
}

extension SteppedWorld {
  /// `true` if all threads have made all their steps.
  package var isDone: Bool { (0..<threadCount).allSatisfy { isDone($0) } }

  /// Makes steps until all threads are done, or until the budget is used up, as where threads wait for each other.
  ///
  /// The generator draws a thread and for how many steps it goes on: 1, up to 2, up to 4 and so on up to 128, all of
  /// them as often. So there are schedules that switch with each step, and threads that stand still while another goes
  /// around the ring buffer. The same seed and world give the same run.
  /// - Parameters:
  ///   - seed: of the generator.
  ///   - budget: the number of steps at the most.
  package mutating func run(seed: UInt64, budget: Int) -> ScheduledRun {
    var random = SplitMix64(seed: seed)
    var schedule = Schedule()
    var steps = 0
    var live = (0..<threadCount).filter { !isDone($0) }
    while !live.isEmpty, steps < budget {
      let thread = live[Int(random.next() % UInt64(live.count))]
      let longest = UInt64(1) << (random.next() % 8)
      let run = min(1 + Int(random.next() % longest), budget - steps)
      var made = 0
      while made < run, !isDone(thread) {
        step(thread)
        made += 1
      }
      schedule.append(thread, count: made)
      steps += made
      if isDone(thread) { live.removeAll { $0 == thread } }
    }
    return ScheduledRun(schedule: schedule, steps: steps, finished: live.isEmpty)
  }

  /// Makes the steps of a schedule.
  /// - Returns: whether they could be made; if not, the schedule is one of another world, and the steps before the first
  ///   one that does not fit were made.
  package mutating func replay(_ schedule: Schedule) -> Bool {
    for run in schedule.runs {
      guard run.thread < threadCount else { return false }
      for _ in 0..<run.count {
        if isDone(run.thread) { return false }
        step(run.thread)
      }
    }
    return true
  }
}
