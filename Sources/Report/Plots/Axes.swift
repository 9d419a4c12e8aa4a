import Foundation

/// A logarithmic axis of nanoseconds, from one step of 1, 2, 5, 10 … to another.
struct NanosecondAxis {
  /// The values at the ticks, in ascending order; at least two.
  let ticks: [Double]

  /// An axis that contains two values, the lesser first. What is below 1 ns is put on 1 ns.
  init(from low: UInt64, to high: UInt64) {
    let least = max(1, Double(low))
    let greatest = max(least, Double(high))
    // 2^64 ns lies below 10^20 ns.
    let steps = (0...20).flatMap { decade in [1, 2, 5].map { $0 * pow(10, Double(decade)) } }
    let first = steps.lastIndex { $0 <= least } ?? 0
    let last = max(first + 1, steps.firstIndex { $0 >= greatest } ?? steps.count - 1)
    if last - first < 13 {
      ticks = Array(steps[first...last])
    } else {
      // Whole decades: three steps in each have room for few of them only.
      let decades = first / 3...(last + 2) / 3
      ticks = decades.map { pow(10, Double($0)) }
    }
  }

  /// Where a value lies: 0 at the first tick, 1 at the last.
  func position(_ nanoseconds: UInt64) -> Double {
    position(max(1, Double(nanoseconds)))
  }

  func position(_ value: Double) -> Double {
    let low = log10(ticks[0])
    return (log10(value) - low) / (log10(ticks[ticks.count - 1]) - low)
  }
}

/// The percentile axis of HdrHistogram's plots: each nine takes as much room as the one before.
struct PercentileAxis {
  /// The number of nines on the axis; at least one.
  let nines: Int

  /// An axis on which a sample of so many has room.
  init(samples: UInt64) {
    // A little more than the sample needs, so that no curve ends on the frame.
    nines = max(1, Int((log10(max(1, Double(samples))) + 0.05).rounded(.up)))
  }

  /// The label of each tick with its position, as many as have room on a width in pixels.
  func ticks(width: Double) -> [(label: String, position: Double)] {
    var ticks = [("0", 0.0)]
    let room = width / Double(nines)
    if room > 60 { ticks.append(("50", position(samplesPerOneBeyond: 2))) }
    let step = max(1, Int((7 * Double(nines + 2) / room).rounded(.up)))
    for nine in stride(from: 1, through: nines, by: step) {
      let label = nine == 1 ? "90" : nine == 2 ? "99" : "99." + String(repeating: "9", count: nine - 2)
      ticks.append((label, Double(nine) / Double(nines)))
    }
    return ticks
  }

  /// Where a percentile lies, told by its 1 / (1 − share): 1 for p0, 10 for p90, 1,000 for p99.9.
  func position(samplesPerOneBeyond: Double) -> Double {
    log10(max(1, samplesPerOneBeyond)) / Double(nines)
  }
}

/// A logarithmic axis from the least of some levels to the greatest.
struct LevelAxis {
  private let levels: [Double]
  private let from: Double
  private let to: Double

  /// An axis for levels in ascending order.
  init(_ levels: [Double], from: Double, to: Double) {
    self.levels = levels
    self.from = from
    self.to = to
  }

  /// Where a level lies.
  func place(_ level: Double) -> Double {
    guard let least = levels.first, let greatest = levels.last, least > 0, greatest > least else {
      return (from + to) / 2
    }
    return from + (to - from) * log(max(level, least) / least) / log(greatest / least)
  }

  /// The levels that have room for a label.
  var labelled: [(level: Double, place: Double)] {
    var shown: [(level: Double, place: Double)] = []
    for level in levels {
      let place = place(level)
      if let last = shown.last, place - last.place < 26 { continue }
      shown.append((level, place))
    }
    return shown
  }
}
