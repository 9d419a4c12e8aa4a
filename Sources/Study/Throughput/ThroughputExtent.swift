/// The extent of the throughput measurement.
public struct ThroughputExtent: Sendable, Equatable {
  /// The number of trials made on each ring buffer.
  public var trials: Int
  /// The number of times that a ring buffer is filled and drained before anything is recorded, in each trial; once at
  /// least.
  public var warmup: Int
  /// The number of times that it is then filled and drained for each work.
  var rounds: Int
  /// The works on the sub-buffers.
  var works: [DrainWork]
  /// The modes of the ring buffers.
  var modes: [RingConfiguration.Mode]

  /// The extent for a profile.
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
