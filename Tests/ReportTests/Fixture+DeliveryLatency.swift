import Results

extension Fixture {
  /// Readers of two back ends at two rates, with every setting, repeated ages, lost events, future time stamps and
  /// samples out of range.
  static let deliveryLatency: [DeliveryLatencyResult] = [
    row("tracefs", DeliveryLatencyReader(.polling), 10_000, age: 900, cpu: 100),
    row("tracefs", DeliveryLatencyReader(.polling), 100_000, age: 800, cpu: 100),
    row("tracefs", DeliveryLatencyReader(.blocking, wake: .wakeByFirstEvent), 10_000, age: 27_000, cpu: 12),
    row("tracefs", DeliveryLatencyReader(.blocking, wake: .wakeByFirstEvent), 100_000, age: 9_000, cpu: 40),
    row(
      "tracefs", DeliveryLatencyReader(.blocking, wake: .wakeAtHalf), 100_000, age: 2_900_000, cpu: 3, bound: 6_240_000,
      lost: 17, left: 3),
    row("tracefs", DeliveryLatencyReader(.timer, period: 1_000_000), 10_000, age: 480_000, cpu: 2, bound: 1_000_000),
    row(
      "lttng-ust", DeliveryLatencyReader(.polling, flushes: true), 10_000, age: 2_500, cpu: 99, ahead: 2, outOfRange: 1),
    row("lttng-ust", DeliveryLatencyReader(.polling), 10_000, age: 5_000_000, cpu: 99, bound: 10_000_000),
    row("lttng-ust", DeliveryLatencyReader(.blocking), 100_000, age: 500_000, cpu: 4, bound: 1_000_000),
    row(
      "lttng-ust", DeliveryLatencyReader(.blocking, switchTimer: 1_500), 100_000, age: 490_000, cpu: 4, bound: 1_000_000
    ),
    row(
      "lttng-ust", DeliveryLatencyReader(.timer, period: 1_000_000, flushes: true), 10_000, age: 470_000, cpu: 3,
      bound: 1_000_000),
    // No event was seen.
    DeliveryLatencyResult(
      backend: "lttng-ust", mode: .overwrite, reader: DeliveryLatencyReader(.timer, period: 10_000_000), rate: 100_000,
      bound: 11_000_000, setup: [], age: [], youngest: [], intended: [], counts: []),
  ]

  private static func row(
    _ backend: String, _ reader: DeliveryLatencyReader, _ rate: UInt64, age: UInt64, cpu: UInt64, bound: UInt64 = 0,
    lost: UInt64 = 0, left: UInt64 = 0, ahead: UInt64 = 0, outOfRange: UInt64 = 0
  ) -> DeliveryLatencyResult {
    let places = 1...5
    func trials(_ scale: UInt64, _ count: UInt64) -> [Trial] {
      places.compactMap {
        trial($0, scale: scale + UInt64($0) * scale / 100, count: count, outOfRange: $0 == 1 ? outOfRange : 0)
      }
    }
    return DeliveryLatencyResult(
      backend: backend, mode: .overwrite, reader: reader, rate: rate, bound: bound,
      setup: [
        Observation("sub-buffers", "16 | <b>"), Observation("events of a full sub-buffer", 80),
        Observation("events before those recorded", 200),
      ], age: trials(age, 400), youngest: trials(age / 2 + 1, 3),
      intended: trials(age + 500, 400),
      counts: places.map { place in
        var counts = DeliveryLatencyCounts()
        counts.place = place
        counts.events = 400 + lost + left
        counts.seen = 400
        counts.left = left
        counts.ahead = place == 1 ? ahead : 0
        counts.nanoseconds = 20_000_000
        counts.cpu = cpu * 200_000 + UInt64(place)
        counts.waits = reader.waiting == .polling ? 0 : 20
        counts.sleeps = reader.waiting == .polling && reader.flushes ? 2 : counts.waits
        counts.preemptions = UInt64(place % 2)
        counts.flushes = reader.flushes ? 20 : 0
        counts.acquires = 1_000 + UInt64(place)
        counts.handovers = 3
        return counts
      })
  }
}
