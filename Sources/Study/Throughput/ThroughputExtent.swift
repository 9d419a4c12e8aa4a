/// How much of the throughput is measured.
public struct ThroughputExtent: Sendable, Equatable {
  /// How many trials are made on each ring buffer.
  public var trials: Int
  /// How many times a ring buffer is filled and drained before anything is recorded, in each trial; once at
  /// least.
  public var warmup: Int
  /// How many times it is then filled and drained for each work.
  var rounds: Int
  /// What is done with what is handed out.
  var works: [DrainWork]
  /// The modes of the ring buffers.
  var modes: [RingConfiguration.Mode]

  /// That of a profile.
  public init(_ profile: Profile) {
    warmup = 1
    switch profile {
    case .quick: (trials, rounds) = (5, 2)
    case .standard: (trials, rounds) = (20, 5)
    case .thorough: (trials, rounds) = (60, 9)
    }
    modes = profile == .quick ? [.overwrite] : RingConfiguration.Mode.allCases
    works = profile == .quick ? [.handOver, .decode] : DrainWork.allCases
  }
}
