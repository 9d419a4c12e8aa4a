/// The extent of the measurement of costs.
public struct LatencyExtent: Sendable, Equatable {
  /// The number of trials made on each ring buffer.
  public var trials: Int
  /// The number of times that a ring buffer is filled and drained at a point before anything is recorded there.
  public var warmup: Int
  /// The number of times that it is then filled and drained, and recorded, at the point from which everything is
  /// varied.
  var usualRounds: Int
  /// The same where something is varied, at least.
  var rounds: Int
  /// The number of sub-buffers handed over in a trial at a point, where only a few are at a time.
  var samples: Int
  /// The number of times that a trial acquires, and checks for data, on an empty ring buffer.
  var empty: Int
  /// The number of times that the calls of a getter are timed in a trial.
  var getterBatches: Int
  /// The numbers of sub-buffers besides the usual one.
  var counts: [Int]
  /// The modes in which more than the usual point is measured.
  var modes: [RingConfiguration.Mode]

  /// The extent for a profile.
  public init(_ profile: Profile) {
    warmup = 1
    switch profile {
    case .quick: (trials, usualRounds, rounds, samples, empty, getterBatches) = (5, 4, 1, 30, 400, 5)
    case .standard: (trials, usualRounds, rounds, samples, empty, getterBatches) = (20, 20, 4, 100, 2_000, 20)
    case .thorough: (trials, usualRounds, rounds, samples, empty, getterBatches) = (60, 40, 8, 200, 5_000, 50)
    }
    counts = profile == .quick ? [4, 256] : [4, 16, 256]
    modes = profile == .quick ? [.overwrite] : [.overwrite, .discard]
  }

  /// Less of everything, where times are counts of instructions, which hardly differ from one time to the next; as many
  /// trials as a test needs to find a difference significant.
  public mutating func reduceToCounts() {
    (trials, usualRounds, rounds, samples, empty, getterBatches) = (4, 2, 1, 16, 100, 2)
  }

  /// The number of times that sub-buffers are filled and drained at a point, without the warm-up.
  func rounds(_ point: LatencyPoint) -> Int {
    guard point.growth != nil else { return usualRounds }
    return switch point.filling {
    case .full(let subbuffers): max(rounds, samples / subbuffers)
    case .partial: samples
    }
  }

  /// The number of events written at a point.
  func events(_ point: LatencyPoint, _ configuration: RingConfiguration, _ backend: any StudiedBackend) -> Int {
    (warmup + rounds(point)) * point.subbuffersAtATime * point.eventsHandedOver(configuration, backend)
  }
}
