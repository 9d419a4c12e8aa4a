import SubbufferSource
import SubbufferSourceConformance

/// The time that a study will take, by what it is made of.
///
/// It is a sum of counts and of what one of each takes, and no promise: other machines, and other things that run
/// in parallel, make it wrong by a factor.
public struct StudyEstimate: Sendable, Equatable {
  /// The time that all of it takes, in seconds.
  public private(set) var seconds = 0.0

  /// Nothing yet.
  public init() {}

  /// Adds a chapter.
  public mutating func add(seconds more: Double) { seconds += more }

  /// The same in words, rounded up: seconds up to two minutes, then minutes.
  public var text: String {
    seconds <= 120 ? "\(Int(seconds.rounded(.up))) s" : "\(Int((seconds / 60).rounded(.up))) minutes"
  }
}

extension StudyEstimate {
  /// Adds the parts of a study.
  /// - Parameters:
  ///   - ringSeconds: what it takes to make, read and remove one ring buffer, by back end, as measured here.
  ///   - threads: how many are made at a time.
  mutating func add(_ parts: [StudyPart], ringSeconds: [String: Double], threads: Int) {
    func seconds(_ chosen: [StudyPart]) -> Double {
      chosen.reduce(0) { $0 + $1.seconds + Double($1.rings) * (ringSeconds[$1.backend.name] ?? 0) }
    }
    let parallel = parts.filter { $0.concurrency != .exclusive }
    // The rings of one back end are made one at a time: the kernel's under a lock, LTTng's by one thread.
    let longest = Dictionary(grouping: parallel) { $0.backend.name }.values.map(seconds).max() ?? 0
    add(seconds: max(longest, seconds(parallel) / Double(max(1, threads))))
    let alone = parts.filter { $0.concurrency == .exclusive }
    add(seconds: seconds(alone.filter(\.backend.isLive)))
    // The models in parallel.
    let models = Dictionary(grouping: alone.filter { !$0.backend.isLive }) { $0.backend.name }
    add(seconds: models.values.map(seconds).max() ?? 0)
  }
}

/// The unit costs, in seconds, as measured with two CPUs of a virtual machine; see `Docs/methods.md`.
enum UnitCost {
  /// The process of a probe, without its ring buffer.
  static let probe = 0.02
  /// An event, written and read in a scenario that does not keep to a rate.
  static let event = 1e-6
  /// An interleaving of a model.
  static let schedule = 0.0003
}

extension LossScenario {
  /// The time that its steps take on a back end, in seconds.
  func seconds(_ sizes: ScenarioSizing) -> Double {
    lives.reduce(0) { sum, life in
      switch life {
      case .nobody(let steps), .reader(let steps): sum + LossScenario.seconds(steps, sizes)
      case .killedHolding: sum
      }
    }
  }

  private static func seconds(_ steps: [LossStep], _ sizes: ScenarioSizing) -> Double {
    steps.reduce(0) { sum, step in
      switch step {
      case .write(let amount, _), .killProducerWriting(let amount):
        sum + Double(sizes.events(amount)) * UnitCost.event
      case .keepUp(let amount, let rate, _), .readAtIntervals(let amount, let rate, _):
        sum + Double(sizes.events(amount)) * (rate > 0 ? 1 / Double(rate) : UnitCost.event)
      case .hold(let inner): sum + seconds(inner, sizes)
      case .times(let count, let inner): sum + Double(sizes.count(count)) * seconds(inner, sizes)
      case .readOne, .readAll, .flush, .control, .beginHeldWrite, .endHeldWrite, .killProducer, .stopProducer,
        .resumeProducer:
        sum
      }
    }
  }
}

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

  /// The modes in which accesses are counted.
  var accessCountsModes: [RingMode] { self == .quick ? [.overwrite] : RingMode.allCases }

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
