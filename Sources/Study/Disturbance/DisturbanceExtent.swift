/// The extent of the measurement of writer overhead.
public struct DisturbanceExtent: Sendable, Equatable {
  /// The number of trials made on each back end in each mode, each on a ring buffer of its own.
  public var trials: Int
  /// The number of events of a trial that are timed under each condition; in discard mode, this number beyond the ring
  /// buffer's capacity.
  var events: Int
  /// In which modes.
  var modes: [RingConfiguration.Mode]
  /// Under which conditions.
  var conditions: [WriterCondition]

  /// The extent for a profile.
  public init(_ profile: Profile) {
    switch profile {
    case .quick: (trials, events, modes) = (4, 10_000, [.overwrite])
    case .standard: (trials, events, modes) = (10, 10_000, [.overwrite, .discard])
    case .thorough: (trials, events, modes) = (20, 20_000, [.overwrite, .discard])
    }
    conditions = WriterCondition.allCases.filter { profile != .quick || ($0 != .waitingForEvent && $0 != .busyCPU) }
  }

  /// Events a second: 4 µs from one to the next.
  static let rate: UInt64 = 250_000
  /// Bytes in each event besides the sequence number and its length word.
  static let payload: UInt32 = 16
  /// The size of a sub-buffer, in bytes: one event in some hundred begins one, fewer than one in a hundred and more than
  /// one in a thousand, so that they lie between p99 and p99.9.
  static let subbufferSize = 8192

  /// The ring buffer. In overwrite mode it is gone around several times; in discard mode it takes 10,000 events before it
  /// is full. Reading the clock is part of a write, so it is the same on all back ends.
  static func configuration(_ mode: RingConfiguration.Mode, producerCPU: Int) -> RingConfiguration {
    RingConfiguration(
      mode: mode, subbufferSize: subbufferSize, subbufferCount: mode == .overwrite ? 16 : 64, producerCPU: producerCPU,
      clock: .monotonic)
  }

  /// The number of events that fit into a sub-buffer.
  static func eventsOfSubbuffer(_ backend: any StudiedBackend) -> Int {
    (subbufferSize - backend.headerSize) / backend.eventSize(payload: payload)
  }

  /// The number of events timed under a condition.
  func events(_ configuration: RingConfiguration, _ backend: any StudiedBackend) -> Int {
    let held = configuration.subbufferCount * DisturbanceExtent.eventsOfSubbuffer(backend)
    return configuration.mode == .discard ? held + events : events
  }
}
