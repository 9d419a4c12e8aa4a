import SubbufferSource

/// Work that can be timed again and again.
protocol Timed: ~Copyable {
  /// Does it once in Swift, through the layer.
  /// - Returns: nanoseconds for each unit of it.
  mutating func timeSwift() throws(SourceError) -> Double
}

/// The same work in two forms.
protocol Contest: Timed, ~Copyable {
  /// Does it once in the other form.
  /// - Returns: nanoseconds for each unit of it.
  mutating func timeOther() throws(SourceError) -> Double
}

/// The number of times that a contest is held.
struct Trials {
  /// The blocks that count: in each, two trials of either form, in an order drawn anew.
  var blocks: Int
  /// The times that the work is done in a trial, whose result is their median.
  var repetitions: Int
}

/// What the trials of a contest came to, one value for each block. Each form is in every block twice, so that it can be
/// held against itself.
struct Samples {
  enum Column: Int, CaseIterable { case swift, swiftAgain, other, otherAgain }

  private(set) var blocks: [[Double]] = []

  /// Holds a contest. A first block is warm-up and does not count.
  static func of<Form: Contest & ~Copyable>(
    _ contest: inout Form, _ trials: Trials, _ random: inout some RandomNumberGenerator
  ) throws(SourceError) -> Samples {
    var samples = Samples()
    for block in 0...trials.blocks {
      var row = [Double](repeating: .nan, count: Column.allCases.count)
      for column in Column.allCases.shuffled(using: &random) {
        switch column {
        case .swift, .swiftAgain: row[column.rawValue] = try swiftTrial(&contest, trials)
        case .other, .otherAgain: row[column.rawValue] = try otherTrial(&contest, trials)
        }
      }
      if block > 0 { samples.blocks.append(row) }
    }
    return samples
  }

  /// Times work of which there is no other form.
  static func alone<Work: Timed & ~Copyable>(_ work: inout Work, _ trials: Trials) throws(SourceError) -> Samples {
    var samples = Samples()
    for block in 0...trials.blocks {
      let row = [try swiftTrial(&work, trials), try swiftTrial(&work, trials), .nan, .nan]
      if block > 0 { samples.blocks.append(row) }
    }
    return samples
  }

  private static func swiftTrial<Work: Timed & ~Copyable>(
    _ work: inout Work, _ trials: Trials
  ) throws(SourceError) -> Double {
    var times: [Double] = []
    for _ in 0..<trials.repetitions { times.append(try work.timeSwift()) }
    return times.median
  }

  private static func otherTrial<Form: Contest & ~Copyable>(
    _ contest: inout Form, _ trials: Trials
  ) throws(SourceError) -> Double {
    var times: [Double] = []
    for _ in 0..<trials.repetitions { times.append(try contest.timeOther()) }
    return times.median
  }
}

extension [Double] {
  /// The middle one, or the mean of the two in the middle; not a number where there is none.
  var median: Double {
    guard !isEmpty else { return .nan }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
