/// How much of the costs is measured.
public struct LatencyExtent: Sendable, Equatable {
  /// How many trials are made on each ring buffer.
  public var trials: Int
  /// How many times a ring buffer is filled and drained at a point before anything is recorded there.
  public var warmup: Int
  /// How many times it is then filled and drained, and recorded, at the point from which everything is varied.
  var usualRounds: Int
  /// The same where something is varied, at least.
  var rounds: Int
  /// How many sub-buffers are handed over in a trial at a point, where only a few are at a time.
  var samples: Int
  /// How many times a trial acquires, and looks whether there is anything, with nothing waiting.
  var empty: Int
  /// How many times the calls of a getter are timed in a trial.
  var getterBatches: Int
  /// The numbers of sub-buffers beside the usual one.
  var counts: [Int]
  /// The modes in which more than the usual point is measured.
  var modes: [RingConfiguration.Mode]

  /// That of a profile.
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

  /// How many times sub-buffers are filled and drained at a point, the warm-up left out.
  func rounds(_ point: LatencyPoint) -> Int {
    guard point.growth != nil else { return usualRounds }
    return switch point.filling {
    case .full(let subbuffers): max(rounds, samples / subbuffers)
    case .partial: samples
    }
  }

  /// How many events are written at a point.
  func events(_ point: LatencyPoint, _ configuration: RingConfiguration, _ backend: any StudiedBackend) -> Int {
    (warmup + rounds(point)) * point.subbuffersAtATime * point.eventsHandedOver(configuration, backend)
  }
}
