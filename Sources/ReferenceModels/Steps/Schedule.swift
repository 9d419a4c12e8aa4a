/// The order of the threads' steps, from which a run can be replayed.
///
/// As text a letter for each thread, `a` for thread 0, with the number of its consecutive steps where there is more than
/// one: `a12b3ab` is twelve steps of thread 0, three of thread 1, and one of each.
package struct Schedule: Sendable, Hashable, CustomStringConvertible {
  /// Consecutive steps of one thread.
  package struct Run: Sendable, Hashable {
    /// The index of the thread.
    package var thread: Int
    /// The number of steps, at least 1.
    package var count: Int
  }

  /// The number of threads that the text has letters for.
  package static let maximumThreadCount = 26

  /// The steps in order; two runs in succession are of different threads.
  package private(set) var runs: [Run] = []

  /// A schedule of no steps.
  package init() {}

  /// Reads the text of a schedule.
  /// - Returns: `nil` where it is none.
  package init?(parsing text: String) {
    var thread: Int?
    var count: Int?
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"):
        if let thread { append(thread, count: count ?? 1) }
        thread = Int(byte - UInt8(ascii: "a"))
        count = nil
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let (shifted, overflow) = (count ?? 0).multipliedReportingOverflow(by: 10)
        guard thread != nil, !overflow, shifted <= Int.max - 9 else { return nil }
        count = shifted + Int(byte - UInt8(ascii: "0"))
        // No run is empty, and a number has one form.
        if count == 0 { return nil }
      default: return nil
      }
    }
    if let thread { append(thread, count: count ?? 1) }
  }

  /// Adds steps of one thread; none where the count is not positive.
  /// - Parameters:
  ///   - thread: the index of the thread, less than ``maximumThreadCount``.
  ///   - count: the number of steps.
  package mutating func append(_ thread: Int, count: Int = 1) {
    precondition(thread >= 0 && thread < Self.maximumThreadCount, "no letter for this thread")
    guard count > 0 else { return }
    if let last = runs.indices.last, runs[last].thread == thread {
      let (sum, overflow) = runs[last].count.addingReportingOverflow(count)
      runs[last].count = overflow ? .max : sum
    } else {
      runs.append(Run(thread: thread, count: count))
    }
  }

  /// The text, which ``init(parsing:)`` reads.
  package var description: String {
    var text = ""
    for run in runs {
      text.unicodeScalars.append(UnicodeScalar(UInt8(ascii: "a") + UInt8(run.thread)))
      if run.count > 1 { text += String(run.count) }
    }
    return text
  }
}

/// The result of a check of a design over many schedules.
package struct ScheduleCheck: Sendable, Hashable {
  /// Something that must not be.
  package struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The seed of the run.
    package var seed: UInt64
    /// The text of the ``Schedule`` that makes it again.
    package var schedule: String
    /// The violation.
    package var what: String

    /// The violation, and how to replay it.
    package var description: String { "\(what) (seed \(seed), schedule \(schedule))" }
  }

  /// The number of runs.
  package var schedules = 0
  /// The number of steps of all runs.
  package var steps = 0
  /// The number of times that the reader's sub-buffer was exchanged.
  package var exchanges: UInt64 = 0
  /// Events that were delivered.
  package var deliveredEvents: UInt64 = 0
  /// Events that were overwritten or dropped.
  package var lostEvents: UInt64 = 0
  /// The violations, at most one per run.
  package var violations: [Violation] = []
}

/// SplitMix64: a random number generator whose seed is all of its state.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
