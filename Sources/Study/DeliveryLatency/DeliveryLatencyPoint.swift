import Results
import SubbufferSource

/// A reader at a rate.
struct DeliveryLatencyPoint: Hashable, Sendable {
  /// The way of reading.
  var reader: DeliveryLatencyReader
  /// The events offered, a second.
  var rate: UInt64

  /// Bytes in each event besides the sequence number and its length word.
  static let payload: UInt32 = 24
  /// Enough that a reader that looks every 10 ms loses nothing at 100,000 events a second.
  static let subbufferCount = 16
  static let subbufferSize = 4096

  /// Points that are measured on one ring buffer.
  struct Plan: Sendable {
    var configuration: RingConfiguration
    var points: [DeliveryLatencyPoint]
  }
}

extension DeliveryLatencyPoint {
  /// The greatest age of an event at its hand-over by the design of the ABI and the reader, if no call takes any
  /// time, in nanoseconds.
  func bound(on backend: any StudiedBackend) -> UInt64 {
    switch reader.waiting {
    case .polling: hidden(on: backend)
    case .timer: hidden(on: backend) + reader.period
    case .blocking: hidden(on: backend) + awaitedFill(on: backend)
    }
  }

  /// The time after which hand-overs repeat, in nanoseconds; 0 where each event may have one of its own.
  func cycle(on backend: any StudiedBackend) -> UInt64 {
    max(hidden(on: backend), awaitedFill(on: backend), reader.period)
  }

  /// For how long the ABI holds an event back: until the event that does not fit into the partial sub-buffer ends that, or
  /// until the ABI's timer does.
  private func hidden(on backend: any StudiedBackend) -> UInt64 {
    guard backend.calls.flush != nil, !reader.flushes else { return 0 }
    let fill = nanoseconds(ofEvents: DeliveryLatencyPoint.eventsOfSubbuffer(backend))
    return reader.switchTimer > 0 ? min(fill, UInt64(reader.switchTimer) * 1_000) : fill
  }

  /// The time in which the fill is written that is waited for.
  private func awaitedFill(on backend: any StudiedBackend) -> UInt64 {
    let events = DeliveryLatencyPoint.eventsOfSubbuffer(backend) * UInt64(DeliveryLatencyPoint.subbufferCount)
    return nanoseconds(ofEvents: events * (reader.wake?.fill ?? 0) / 100)
  }

  /// The number of events that a full sub-buffer has.
  static func eventsOfSubbuffer(_ backend: any StudiedBackend) -> UInt64 {
    UInt64((subbufferSize - backend.headerSize) / backend.eventSize(payload: payload))
  }

  /// The events that are written, and which of them are recorded.
  func load(_ extent: DeliveryLatencyExtent, on backend: any StudiedBackend) -> DeliveryLatencyLoad {
    let (bound, cycle) = (bound(on: backend), cycle(on: backend))
    // Whole cycles, so that no age of a cycle is recorded more often than others.
    let window = cycle > 0 ? (extent.window + cycle - 1) / cycle * cycle : extent.window
    return DeliveryLatencyLoad(
      lead: events(in: 2_000_000), recorded: max(1, events(in: window)),
      // A quarter more than what has to be written until the last one is handed over.
      runOut: events(in: bound + bound / 4 + 1_000_000))
  }

  private func nanoseconds(ofEvents count: UInt64) -> UInt64 { count * 1_000_000_000 / rate }
  private func events(in nanoseconds: UInt64) -> UInt64 { nanoseconds * rate / 1_000_000_000 }
}

/// The number of events written at a point: a lead, those that are recorded, and as many after them as the reader
/// needs to be handed the last of these in the same way as the others.
struct DeliveryLatencyLoad: Equatable {
  var lead: UInt64
  var recorded: UInt64
  var runOut: UInt64

  var count: UInt64 { lead + recorded + runOut }
}

extension DeliveryLatencyPoint.Plan {
  /// All ring buffers that are measured on: one, and one more for each period of the ABI's own timer, which is given when
  /// a ring buffer is made.
  static func all(_ backend: any StudiedBackend, _ extent: DeliveryLatencyExtent) -> [DeliveryLatencyPoint.Plan] {
    let readers = DeliveryLatencyReader.all(on: backend, extent)
    return ([0] + extent.switchTimers).compactMap { timer in
      let points = readers.filter { $0.switchTimer == timer }.flatMap { reader in
        extent.rates.map { DeliveryLatencyPoint(reader: reader, rate: $0) }.filter {
          $0.bound(on: backend) <= extent.longest
        }
      }
      guard !points.isEmpty else { return nil }
      return DeliveryLatencyPoint.Plan(
        configuration: RingConfiguration(
          mode: backend.usualMode, subbufferSize: DeliveryLatencyPoint.subbufferSize,
          subbufferCount: DeliveryLatencyPoint.subbufferCount, producerCPU: backend.producerCPU, clock: .monotonic,
          switchTimer: timer),
        points: points)
    }
  }
}
