import Glibc
import Results
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

/// The sub-buffers, bytes and events of a drain.
public struct Drained: Sendable, Equatable {
  /// From before the first acquire to after the one that found nothing, in nanoseconds of `CLOCK_MONOTONIC`.
  public var nanoseconds: UInt64 = 0
  /// The number of sub-buffers handed out.
  public var subbuffers: UInt64 = 0
  /// The number of bytes after their headers that were not handed out before.
  public var bytes: UInt64 = 0
  /// The number of events, if they were decoded.
  public var events: UInt64 = 0
  /// The sum of their sequence numbers, modulo 2^64.
  public var sum: UInt64 = 0

  /// Nothing yet.
  @inlinable
  public init() {}
}

extension SubbufferSource where Self: ~Copyable {
  /// Acquires and releases until there is nothing more.
  ///
  /// Inlinable, so that a back end compiles it for its own source: what is timed is the ABI and the decoder, and not the
  /// dispatch between modules.
  /// - Parameter buffer: where to copy to; sub-buffers that are larger are copied as far as it goes.
  /// - Throws: ``SourceError`` where a call fails or an event cannot be decoded.
  @inlinable
  public mutating func drain(
    _ work: DrainWork, copyingTo buffer: UnsafeMutableRawBufferPointer
  ) throws(SourceError) -> Drained {
    let decoder = decoder
    var drained = Drained()
    let begin = MonotonicClock.now()
    reading: while true {
      switch try acquire() {
      case .subbuffer(let subbuffer):
        drained.subbuffers &+= 1
        drained.bytes &+= UInt64(subbuffer.unreadCount)
        switch work {
        case .handOver: break
        case .copy:
          let first = subbuffer.unreadOffset
          subbuffer.withBytes { bytes in
            bytes.withUnsafeBytes { buffer.copyMemory(from: .init(rebasing: $0[first...].prefix(buffer.count))) }
          }
        case .decode: try decoder.count(subbuffer, into: &drained)
        }
        try subbuffer.release()
      case .nothingYet: break reading
      case .finished: break reading
      }
    }
    drained.nanoseconds = MonotonicClock.now() &- begin
    return drained
  }
}

extension SubbufferSource where Self: ~Copyable {
  /// Lets `body` have the source read until there is nothing more. A partial sub-buffer is ended before, which is not timed.
  /// - Throws: what `body` throws, and ``SourceError`` where a call fails.
  @inlinable
  public mutating func withDrain(
    _ body: ((DrainWork) throws(SourceError) -> Drained) throws(SourceError) -> Void
  ) throws(SourceError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: geometry.subbufferSize, alignment: 64)
    defer { buffer.deallocate() }
    try body { (work) throws(SourceError) in
      _ = try flush()
      return try drain(work, copyingTo: buffer)
    }
  }
}

extension SubbufferDecoder {
  @inlinable
  @inline(__always)
  func count(_ subbuffer: borrowing Subbuffer, into drained: inout Drained) throws(SourceError) {
    var (events, sum) = (drained.events, drained.sum)
    do {
      try forEachSequenceNumber(in: subbuffer) { sequence in
        events &+= 1
        sum &+= sequence
      }
    } catch {
      throw SourceError(error)
    }
    (drained.events, drained.sum) = (events, sum)
  }
}

/// The bandwidth of the machine's memory, as one thread gets it.
final class MemoryBandwidth: Sendable {
  /// The number of bytes copied or read at a time.
  static let bytes = 32 << 20

  private nonisolated(unsafe) let memory: UnsafeMutableRawBufferPointer

  /// Memory that was touched once.
  init() {
    memory = .allocate(byteCount: 2 * MemoryBandwidth.bytes, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 1)
  }

  deinit {
    memory.deallocate()
  }

  /// Half of the memory copied into the other half, by memcpy, in nanoseconds.
  func copy() -> UInt64 {
    let begin = MonotonicClock.now()
    if let start = memory.baseAddress { memcpy(start, start + MemoryBandwidth.bytes, MemoryBandwidth.bytes) }
    return MonotonicClock.now() - begin
  }

  /// Half of the memory read, words of 8 bytes added up, in nanoseconds.
  func read() -> UInt64 {
    let words = UnsafeRawBufferPointer(memory).bindMemory(to: UInt64.self).prefix(MemoryBandwidth.bytes / 8)
    let begin = MonotonicClock.now()
    var sum: UInt64 = 0
    for word in words { sum &+= word }
    let end = MonotonicClock.now()
    // The memory holds nothing but ones, so that the sum is known and has to be made.
    return sum == 0 ? 0 : end - begin
  }
}

extension ThroughputResult.Trial {
  /// A trial of some drains.
  fileprivate init(place: Int, events: UInt64, rounds: [Drained]) {
    self.init(
      place: place, events: events, nanoseconds: rounds.map(\.nanoseconds), subbuffers: rounds.map(\.subbuffers),
      bytes: rounds.map(\.bytes))
  }
}
