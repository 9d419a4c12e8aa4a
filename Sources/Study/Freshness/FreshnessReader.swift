/// The way in which a reader learns of data, and the measures that it takes to have them early.
public struct FreshnessReader: Codable, Hashable, Sendable {
  /// The action between two attempts.
  public enum Waiting: String, Codable, Hashable, Sendable, CaseIterable {
    /// It acquires again at once.
    case polling
    /// It waits until the ABI reports that a sub-buffer is ready, then acquires until there is nothing more.
    case blocking
    /// It sleeps until the next of its times, whose distance is ``FreshnessReader/period``, then does the same.
    case timer
  }

  /// The action between two attempts.
  public var waiting: Waiting
  /// The time between two looks of a ``Waiting/timer``, in nanoseconds; else 0.
  public var period: UInt64 = 0
  /// `true` if it has the ABI end the partial sub-buffer before it looks.
  public var flushes = false
  /// The fill from which the ABI reports ready; `nil` if the ABI has no such control, and for a reader
  /// that does not wait.
  public var wake: RingControl?
  /// The period after which the ABI's own timer ends the partial sub-buffer, in microseconds; 0 for never.
  public var switchTimer: UInt32 = 0

  /// Describes a reader.
  public init(
    _ waiting: Waiting, period: UInt64 = 0, flushes: Bool = false, wake: RingControl? = nil, switchTimer: UInt32 = 0
  ) {
    self.waiting = waiting
    self.period = period
    self.flushes = flushes
    self.wake = wake
    self.switchTimer = switchTimer
  }
}

extension FreshnessReader {
  /// The readers that a back end is read by, the one that asks most often first.
  static func all(on backend: any StudiedBackend, _ extent: FreshnessExtent) -> [FreshnessReader] {
    let hasFlush = backend.calls.flush != nil
    let flushes = !hasFlush ? [false] : extent.unflushed ? [true, false] : [true]
    let fills = RingControl.fills.filter { backend.lacks(.control($0)) == nil }
    let wakes: [RingControl?] = fills.isEmpty ? [nil] : fills
    let timers = backend.lacks(.switchTimer) == nil ? extent.switchTimers : []
    return flushes.filter { extent.pollsWithFlush || !$0 }.map { FreshnessReader(.polling, flushes: $0) }
      + wakes.map { FreshnessReader(.blocking, wake: $0) }
      + timers.map { FreshnessReader(.blocking, switchTimer: $0) }
      + extent.periods.flatMap { period in
        flushes.map { FreshnessReader(.timer, period: period, flushes: $0) }
      }
  }
}

extension RingControl {
  /// The controls that set the fill from which a waiting reader is woken, the smallest first.
  static let fills: [RingControl] = [.wakeByFirstEvent, .wakeAtHalf, .wakeWhenFull]

  /// The share of the ring buffer that has to be filled, in per cent; `nil` of a control of something else.
  public var fill: UInt64? {
    switch self {
    case .wakeByFirstEvent: 0
    case .wakeAtHalf: 50
    case .wakeWhenFull: 100
    case .clear, .discard, .overwrite, .moreSubbuffers, .largerSubbuffers: nil
    }
  }
}
