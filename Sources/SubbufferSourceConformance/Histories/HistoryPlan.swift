/// The writes and reads of a history.
struct HistoryPlan {
  enum Step {
    case write(Int, payload: Int, Bench.Fit)
    case flush
    case read
  }

  /// The course of events, in words.
  var load: String
  var steps: [Step]

  /// Writes, flushes and reads, once for each of the counts.
  private init(_ load: String, counts: [Int], payload: Int) {
    self.load = load
    steps = counts.flatMap { [.write($0, payload: payload, .all), .flush, .read] }
  }

  private init(_ load: String, steps: [Step]) {
    self.load = load
    self.steps = steps
  }

  /// The histories of one ring buffer: 1 event, half, full, full + 1, 50 times around; the smallest event, one of half
  /// a sub-buffer, the biggest, and one that is too big.
  static func all(_ shape: RingShape, _ sizes: EventSizes) -> [HistoryPlan] {
    let small = sizes.size(payload: 0)
    let full = sizes.full(payload: 0)
    let half = sizes.size(payload: sizes.half)
    let fullOfHalves = sizes.full(payload: sizes.half)
    return [
      HistoryPlan(
        "1, 1, 1, then \(full / 2) events of \(small) bytes, each flushed and read", counts: [1, 1, 1, full / 2],
        payload: 0),
      HistoryPlan("\(full) events of \(small) bytes, a full sub-buffer, flushed and read", counts: [full], payload: 0),
      HistoryPlan(
        "\(full + 1) events of \(small) bytes, a full sub-buffer and one more, flushed and read", counts: [full + 1],
        payload: 0),
      HistoryPlan(
        "1, \(fullOfHalves), then \(fullOfHalves + 1) events of \(half) bytes, each flushed and read",
        counts: [1, fullOfHalves, fullOfHalves + 1], payload: sizes.half),
      theBiggest(sizes),
      aroundWhileReading(shape, sizes),
      aroundWithoutReading(shape, sizes),
    ]
  }

  /// Events up to the biggest and one of a byte more, with a small one before and after. An ABI that keeps room for a
  /// time stamp in full length finds the last of them too big already.
  private static func theBiggest(_ sizes: EventSizes) -> HistoryPlan {
    let biggest = (0...4).reversed().map { max(0, sizes.largest - 4 * $0) } + [sizes.largest + 1]
    let payloads: [(Int, Bench.Fit)] = [(0, .all)] + biggest.map { ($0, .maybe) } + [(0, .all)]
    return HistoryPlan(
      "1 event each of \(payloads.map { "\($0.0)" }.joined(separator: ", ")) bytes of payload, each flushed and read",
      steps: payloads.flatMap { [.write(1, payload: $0, $1), .flush, .read] })
  }

  /// 50 times around with a reader that keeps up.
  private static func aroundWhileReading(_ shape: RingShape, _ sizes: EventSizes) -> HistoryPlan {
    let payload = payloadForLaps(shape, sizes)
    let atOnce = max(1, shape.subbufferCount / 2)
    let chunk = atOnce * sizes.full(payload: payload)
    let rounds = (laps * shape.subbufferCount + atOnce - 1) / atOnce
    var steps: [Step] = []
    for _ in 0..<rounds { steps += [.write(chunk, payload: payload, .all), .read] }
    return HistoryPlan(
      "\(rounds) times \(chunk) events of \(sizes.size(payload: payload)) bytes, each read, then 1 more; flushed and read",
      // The last one reports what is lost before it.
      steps: steps + [.flush, .read, .write(1, payload: payload, .all), .flush, .read])
  }

  /// 50 times around at once, between two loads that fit.
  private static func aroundWithoutReading(_ shape: RingShape, _ sizes: EventSizes) -> HistoryPlan {
    let payload = payloadForLaps(shape, sizes)
    let full = sizes.full(payload: payload)
    let many = laps * shape.subbufferCount * full
    return HistoryPlan(
      "\(full + 1), \(many), then \(full) events of \(sizes.size(payload: payload)) bytes, each flushed and read",
      steps: [
        .write(full + 1, payload: payload, .all), .flush, .read,
        .write(many, payload: payload, shape.mode == .overwrite ? .last : .first), .flush, .read,
        .write(full, payload: payload, .all), .flush, .read,
      ])
  }

  /// Small events, and in big ring buffers, which would take too many of them, events of half a sub-buffer.
  private static func payloadForLaps(_ shape: RingShape, _ sizes: EventSizes) -> Int {
    sizes.capacity * shape.subbufferCount <= 1 << 16 ? 0 : sizes.half
  }

  private static let laps = 50
}
