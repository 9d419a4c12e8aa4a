import SubbufferSource

/// One load that one writer wrote into ring buffers of several back ends at once.
public struct SharedLoadRecord: Codable, Sendable, Equatable {
  /// The name of the course: `stalled`.
  public var course: String
  /// The course in a sentence.
  public var title: String
  /// The mode of the ring buffers.
  public var mode: RingMode
  /// The shape and the load.
  public var setup: [Observation]
  /// The ring buffers.
  public var rings: [Ring]

  /// One of the ring buffers.
  public struct Ring: Codable, Sendable, Equatable {
    /// The back end.
    public var backend: String
    /// The number of events that fit into it.
    public var room: Int
    /// The events written and handed out, and the losses that the ABI reported.
    public var history: LossHistory

    /// One with its observations.
    public init(backend: String, room: Int, history: LossHistory) {
      self.backend = backend
      self.room = room
      self.history = history
    }
  }

  /// A record.
  public init(course: String, title: String, mode: RingMode, setup: [Observation], rings: [Ring]) {
    self.course = course
    self.title = title
    self.mode = mode
    self.setup = setup
    self.rings = rings
  }

  /// Successive events with the same outcome in each ring buffer.
  public struct Run: Sendable, Equatable {
    /// Their sequence numbers.
    public var sequences: ClosedRange<UInt64>
    /// For each of ``SharedLoadRecord/rings``: whether a reader got them.
    public var isDelivered: [Bool]
  }

  /// The outcome of every event, in order, as runs of events with the same outcome.
  public var runs: [Run] {
    let produced = rings.map(\.history.produced).max() ?? 0
    guard produced > 0 else { return [] }
    let delivered = rings.map { ring in ring.history.handovers.flatMap(\.runs) }
    // Between two of these numbers nothing changes.
    let begins = delivered.flatMap { runs in
      runs.flatMap { $0.upperBound < .max ? [$0.lowerBound, $0.upperBound + 1] : [$0.lowerBound] }
    }
    let bounds = Set([0] + begins).filter { $0 < produced }.sorted() + [produced]
    var runs: [Run] = []
    for (first, next) in zip(bounds, bounds.dropFirst()) {
      let outcome = delivered.map { runs in runs.contains { $0.contains(first) } }
      if let last = runs.last, last.isDelivered == outcome {
        runs[runs.count - 1].sequences = last.sequences.lowerBound...(next - 1)
      } else {
        runs.append(Run(sequences: first...(next - 1), isDelivered: outcome))
      }
    }
    return runs
  }
}
