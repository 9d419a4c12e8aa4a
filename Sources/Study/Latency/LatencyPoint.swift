import Results
import SubbufferSource

/// The contents of the sub-buffers whose hand-over is timed, and the place where they are read.
struct LatencyPoint: Hashable, Sendable {
  /// The fill of a sub-buffer when it is handed over.
  enum Filling: Hashable, Sendable {
    /// No further event fits in. N sub-buffers are filled and then drained.
    case full(subbuffers: Int)
    /// N events, written and handed over one sub-buffer at a time.
    case partial(Int)
  }

  /// The varied quantity; `nil` at the point from which everything is varied.
  var growth: Growth?
  /// Bytes in each event besides the sequence number and its length word.
  var payload: UInt32
  /// The fill of a sub-buffer.
  var filling = LatencyPoint.usualFilling
  /// `true` if the reader runs on the producer's CPU.
  var isOnProducersCPU = false
  /// `true` if the reader takes each sub-buffer for the first time since it mapped the ring buffer.
  var isFirstTime = false

  /// The payload at the point from which everything is varied, in bytes.
  static let usualPayload: UInt32 = 16
  /// The sub-buffers there.
  static let usualCount = 64
  /// The size of the sub-buffers there, in bytes.
  static let usualSize = 4096
  /// Three quarters of the ring buffer, so that nothing is lost.
  static let usualFilling = Filling.full(subbuffers: 48)
  /// A load that fits into the smallest ring buffer. In a large one, as many hand-overs follow the reader's sleep.
  static let smallFilling = Filling.full(subbuffers: 3)

  /// The points that are measured on one ring buffer.
  struct Plan: Sendable {
    var configuration: RingConfiguration
    var points: [LatencyPoint]

    /// `true` if nothing of the ring buffer itself is varied.
    var isUsual: Bool {
      configuration.subbufferSize == LatencyPoint.usualSize && configuration.subbufferCount == LatencyPoint.usualCount
    }
  }
}

extension LatencyPoint {
  /// Half of a ring buffer at a time.
  static func firstTime(_ configuration: RingConfiguration) -> LatencyPoint {
    LatencyPoint(
      payload: usualPayload, filling: .full(subbuffers: max(1, configuration.subbufferCount / 2)), isFirstTime: true)
  }

  /// The number of events that one sub-buffer has when it is handed over.
  func eventsHandedOver(_ configuration: RingConfiguration, _ backend: any StudiedBackend) -> Int {
    switch filling {
    case .full: (configuration.subbufferSize - backend.headerSize) / backend.eventSize(payload: payload)
    case .partial(let events): events
    }
  }

  /// `true` if it is measured for what the reader ABI is held against, too: without what says something of the reader's
  /// CPU and of the shape of the ring buffer.
  var isForBaselines: Bool {
    guard let growth else { return !isOnProducersCPU }
    return growth.series == .eventsOfFullSubbuffer || growth.series == .eventsOfPartialSubbuffer
  }

  /// The number of sub-buffers filled before they are drained.
  var subbuffersAtATime: Int {
    switch filling {
    case .full(let subbuffers): subbuffers
    case .partial: 1
    }
  }
}

extension LatencyPoint.Plan {
  /// All ring buffers that are measured on, with the points of each.
  ///
  /// One thing is varied at a time. What is varied in sub-buffers of the usual size and number is measured on one ring
  /// buffer.
  static func all(
    _ backend: any StudiedBackend, modes: [RingMode], counts: [Int], hasOtherCPU: Bool
  ) -> [LatencyPoint.Plan] {
    backend.modes.flatMap { mode -> [LatencyPoint.Plan] in
      func ring(_ size: Int, _ count: Int, _ points: [LatencyPoint]) -> LatencyPoint.Plan {
        LatencyPoint.Plan(
          configuration: RingConfiguration(
            mode: mode, subbufferSize: size, subbufferCount: count, producerCPU: backend.producerCPU), points: points)
      }
      var usual = [LatencyPoint(payload: LatencyPoint.usualPayload)]
      if hasOtherCPU { usual.append(LatencyPoint(payload: LatencyPoint.usualPayload, isOnProducersCPU: true)) }
      guard backend.modes(of: modes).contains(mode) else {
        return [ring(LatencyPoint.usualSize, LatencyPoint.usualCount, usual)]
      }
      usual += bySize(backend) + byFill(backend)
      let sizes = [4096, 16_384, 65_536].map { size in
        ring(size, LatencyPoint.usualCount, [point(backend, .subbufferSize, size, events: 32, of: size)])
      }
      let counts = counts.map { count in
        ring(LatencyPoint.usualSize, count, [byCount(count)])
      }
      usual.append(byCount(LatencyPoint.usualCount))
      usual += sizes[0].points
      return [ring(LatencyPoint.usualSize, LatencyPoint.usualCount, usual)] + sizes.dropFirst() + counts
    }
  }

  /// A few full sub-buffers, among so many.
  private static func byCount(_ count: Int) -> LatencyPoint {
    LatencyPoint(
      growth: Growth(.subbufferCount, count), payload: LatencyPoint.usualPayload, filling: LatencyPoint.smallFilling)
  }

  /// Full sub-buffers of few large events to many small ones.
  private static func bySize(_ backend: any StudiedBackend) -> [LatencyPoint] {
    let most = (LatencyPoint.usualSize - backend.headerSize) / backend.eventSize(payload: 0)
    return [1, 4, 16, 48, most].map { events in
      var point = point(backend, .eventsOfFullSubbuffer, events, events: events, of: LatencyPoint.usualSize)
      // The payload that fits may be larger than requested.
      let size = backend.eventSize(payload: point.payload)
      point.growth?.level = (LatencyPoint.usualSize - backend.headerSize) / size
      return point
    }
  }

  /// Partial sub-buffers of one event up to what the smallest sub-buffer holds.
  private static func byFill(_ backend: any StudiedBackend) -> [LatencyPoint] {
    [1, 4, 16, 48].map { events in
      LatencyPoint(
        growth: Growth(.eventsOfPartialSubbuffer, events), payload: LatencyPoint.usualPayload,
        filling: .partial(events))
    }
  }

  /// The point at which N events fill a sub-buffer.
  private static func point(
    _ backend: any StudiedBackend, _ series: GrowthSeries, _ level: Int, events: Int, of size: Int
  ) -> LatencyPoint {
    let room = (size - backend.headerSize) / events
    var payload = min(size, backend.largestPayload)
    while payload > 0, backend.eventSize(payload: UInt32(payload)) > room { payload -= 1 }
    return LatencyPoint(growth: Growth(series, level), payload: UInt32(payload))
  }
}

/// The subject of a row of the costs.
struct LatencyKey: Hashable {
  /// The way of reading, as ``LatencyResult/reader`` has it.
  var reader: String
  var point: LatencyPoint
  var operation: LatencyOperation
  /// `true` if there was something to hand over.
  var hasData = true

  /// The circumstances.
  var condition: LatencyCondition {
    LatencyCondition(
      hasData: hasData, isOnProducersCPU: point.isOnProducersCPU, isFirstTime: point.isFirstTime)
  }
}
