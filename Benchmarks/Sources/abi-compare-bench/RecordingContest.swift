import CLoops
import Histogram
import Study
import SubbufferSource

/// Recording latencies, as the study's samples do: a histogram, and the smallest and the largest sample.
struct Recorder {
  private var histogram = Histogram<UInt64>(
    highestTrackableValue: 10_000_000_000, numberOfSignificantValueDigits: .three)
  private(set) var minimum = UInt64.max
  private(set) var maximum: UInt64 = 0

  @inline(__always)
  mutating func record(_ nanoseconds: UInt64) {
    guard histogram.record(nanoseconds) else { return }
    minimum = min(minimum, nanoseconds)
    maximum = max(maximum, nanoseconds)
  }
}

/// A latency recorded, by itself.
struct RecordingWork: Timed {
  private static let count = 20_000
  private let latencies: [UInt64]
  private var recorder = Recorder()

  /// - Parameter random: draws the latencies, from 200 ns to 4 µs as those of the calls are.
  init(_ random: inout some RandomNumberGenerator) {
    latencies = (0..<Self.count).map { _ in UInt64.random(in: 200..<4_000, using: &random) }
  }

  mutating func timeSwift() throws(SourceError) -> Double {
    let begin = MonotonicClock.now()
    for latency in latencies { recorder.record(latency) }
    return Double(MonotonicClock.now() - begin) / Double(Self.count)
  }
}

/// What the tool adds to each operation that it measures: two readings of the clock, and recording their difference.
struct OverheadContest: Contest {
  private static let count = 20_000
  private var recorder = Recorder()

  mutating func timeSwift() throws(SourceError) -> Double {
    let begin = MonotonicClock.now()
    for _ in 0..<Self.count {
      let before = MonotonicClock.now()
      recorder.record(MonotonicClock.now() - before)
    }
    return Double(MonotonicClock.now() - begin) / Double(Self.count)
  }

  /// Two readings of the clock in C, without recording.
  mutating func timeOther() throws(SourceError) -> Double {
    cloops_two_readings(Self.count)
  }
}
