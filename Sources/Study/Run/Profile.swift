import SubbufferSourceConformance

/// The extent of the measurement.
public enum Profile: String, Sendable, CaseIterable {
  /// A first look: about half a minute, half of which is waited for the kernel to remove ring buffers.
  case quick
  /// Enough for the usual comparison: some minutes.
  case standard
  /// For tails and rare losses.
  case thorough

  /// The number of times that its capacity is written to a ring buffer in a loss scenario.
  var lossLaps: Int {
    switch self {
    case .quick: 4
    case .standard: 30
    case .thorough: 100
    }
  }

  /// In which modes the surface is counted.
  var surfaceModes: [RingConfiguration.Mode] { self == .quick ? [.overwrite] : RingConfiguration.Mode.allCases }

  /// Over which ring buffers the clauses are tried.
  var clauses: ConformanceOptions.Extent {
    switch self {
    case .quick: .quick
    case .standard, .thorough: .full
    }
  }

  /// The number of ring buffers that the clauses take on a back end, as counted on tracefs; for an estimate of the
  /// time.
  var clauseRings: Int {
    switch self {
    case .quick: 32
    case .standard, .thorough: 94
    }
  }

  /// In how many interleavings a model is held against itself.
  var modelSchedules: Int {
    switch self {
    case .quick: 200
    case .standard: 2_000
    case .thorough: 20_000
    }
  }
}
