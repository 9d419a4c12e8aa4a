import SubbufferSource
import Workload

/// One trial: a ring buffer that is filled and drained, by one way of reading after the other, with each work.
struct ThroughputTrial: StudiedRingVisitor {
  /// The subject of a row, within a ring buffer.
  struct Key: Hashable {
    var reader: String
    var work: DrainWork
  }

  let backend: any StudiedBackend
  let configuration: RingConfiguration
  let extent: ThroughputExtent
  /// Ways of reading and works, in the order in which they are measured.
  let keys: [Key]
  let place: Int

  /// Bytes in each event besides the sequence number and its length word.
  static let payload: UInt32 = 16

  /// The results by condition.
  private(set) var measured: [Key: ThroughputResult.Trial] = [:]

  /// The number of events that fill three quarters of the sub-buffers, so that nothing is lost.
  static func events(_ backend: any StudiedBackend, _ configuration: RingConfiguration) -> UInt64 {
    let perSubbuffer = (configuration.subbufferSize - backend.headerSize) / backend.eventSize(payload: payload)
    return UInt64(configuration.subbufferCount * 3 / 4 * perSubbuffer)
  }

  init(
    on backend: any StudiedBackend, _ configuration: RingConfiguration, extent: ThroughputExtent, keys: [Key],
    place: Int
  ) {
    self.backend = backend
    self.configuration = configuration
    self.extent = extent
    self.keys = keys
    self.place = place
  }

  mutating func visit(_ ring: some StudiedRing) throws(SourceError) {
    let events = ThroughputTrial.events(backend, configuration)
    var next: UInt64 = 0
    for key in keys {
      let baseline = backend.baselines.first { $0.name == key.reader }
      var rounds: [Drained] = []
      try ring.withDrain(baseline) { (drain) throws(SourceError) in
        // Once at least, so that every drain finds what the one before left.
        let warmup = max(1, extent.warmup)
        for round in 0..<warmup + extent.rounds {
          let load = Load(first: next, count: events, payload: ThroughputTrial.payload)
          _ = try ring.producer.write(load)
          next += events
          let drained = try drain(key.work)
          guard round >= warmup else { continue }
          try check(drained, load, key)
          rounds.append(drained)
        }
      }
      measured[key] = ThroughputResult.Trial(place: place, events: events, rounds: rounds)
    }
  }

  /// As much was read as was written, and that are consecutive events: the last ones, but for what a drain leaves in a
  /// sub-buffer that was not full, where the way of reading takes full ones only.
  private func check(_ drained: Drained, _ load: Load, _ key: Key) throws(SourceError) {
    let size = UInt64(backend.eventSize(payload: load.payload))
    let ofSubbuffer = UInt64(configuration.subbufferSize) / size
    let isRead =
      if key.work == .decode {
        drained.isConsecutive(upTo: load.first &+ load.count, from: load.first, leaving: ofSubbuffer)
      } else {
        // The kernel may put padding after the last event of a sub-buffer, and a time extension before one.
        drained.bytes + ofSubbuffer * size >= load.count * size
      }
    guard isRead else {
      throw SourceError(
        .malformed, call: "drain by \(key.reader)",
        detail: "\(load.count) events written, \(drained.subbuffers) sub-buffers with \(drained.bytes) bytes read, "
          + "\(drained.events) events decoded",
        remedy: "report it: the reader did not read everything that was written, so its throughput is meaningless")
    }
  }
}

extension Drained {
  /// `true` if the events that were decoded are consecutive ones that begin and end as they may.
  /// - Parameters:
  ///   - end: the sequence number after the last that was written.
  ///   - first: the first that was written since the drain before.
  ///   - count: how many events each drain may leave to the next.
  func isConsecutive(upTo end: UInt64, from first: UInt64, leaving count: UInt64) -> Bool {
    guard events > 0 else { return false }
    // Of n numbers from a on the sum is n * a and n * (n - 1) / 2.
    let offsets = events % 2 == 0 ? (events / 2) &* (events &- 1) : events &* ((events &- 1) / 2)
    let (begin, remainder) = (sum &- offsets).quotientAndRemainder(dividingBy: events)
    return remainder == 0 && begin <= first && first &- begin <= count && begin &+ events <= end
      && end &- (begin &+ events) <= count
  }
}
