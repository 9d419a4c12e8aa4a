import SubbufferSource

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

/// The record of a plan's execution, by which several clauses are judged.
struct History {
  /// A read: everything there was.
  struct Read {
    /// The hand-overs before its end, counted from the beginning of the history.
    var handovers: Int
    /// The writes before it.
    var writes: Int
    /// `true` if a flush came after the last of these.
    var flushed: Bool
  }

  let shape: RingShape
  let load: String
  var writes: [Bench.Write] = []
  var handovers: [Handover] = []
  var reads: [Read] = []
  /// The geometry before the first step, and after each step where it differed from the one before.
  var geometries: [Geometry] = []
  /// The readings of the channels at the end.
  var readings: [LossReading] = []
  /// Why it ended before its end.
  var end: CaseEnd?

  /// The number of events written.
  var written: UInt64 { writes.last?.numbers.upperBound ?? 0 }

  /// `true` if anything reports a loss.
  var tellsLoss: Bool {
    handovers.contains(where: \.loss.saysLost) || readings.contains(where: \.loss.saysLost)
  }

  /// The sequence numbers handed out in the first hand-overs.
  func delivered(in count: Int) -> SequenceSet {
    var set = SequenceSet()
    for handover in handovers.prefix(count) { for run in handover.runs { set.insert(run) } }
    return set
  }

  /// Returns if the clause is kept; throws if the history ended early or shows nothing.
  func keptOrInconclusive() throws(CaseEnd) {
    if let end { throw end }
    if handovers.allSatisfy(\.runs.isEmpty) { throw .inconclusive("no event was handed out") }
  }
}

/// Carries out a plan and records what happens; judges nothing.
struct HistoryRecorder: ConformanceVisitor {
  private let plan: HistoryPlan
  private let sizes: EventSizes
  private let conditions: Bench.Conditions
  private(set) var history: History
  private(set) var wasCalled = false

  init(_ plan: HistoryPlan, _ shape: RingShape, _ sizes: EventSizes, _ conditions: Bench.Conditions) {
    self.plan = plan
    self.sizes = sizes
    self.conditions = conditions
    history = History(shape: shape, load: plan.load)
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(_ source: inout Source, _ writer: any ConformanceWriter) {
    wasCalled = true
    var bench = Bench(history.shape, sizes, writer, conditions)
    var reader = Reader()
    history.geometries = [source.geometry]
    do throws(CaseEnd) {
      var flushed = false
      for step in plan.steps {
        switch step {
        case .write(let count, let payload, let fit):
          try bench.write(count, payload: payload, fit: fit)
          flushed = false
        case .flush:
          try source.flushOrEnd()
          flushed = true
        case .read:
          try reader.drain(&source, bench)
          history.reads.append(
            History.Read(handovers: reader.handovers.count, writes: bench.writes.count, flushed: flushed))
        }
        noteGeometry(source.geometry)
      }
      history.readings = try readings(&source)
    } catch {
      history.end = error
      noteGeometry(source.geometry)
    }
    history.writes = bench.writes
    history.handovers = reader.handovers
  }

  private mutating func noteGeometry(_ geometry: Geometry) {
    if geometry != history.geometries.last { history.geometries.append(geometry) }
  }

  private func readings<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source
  ) throws(CaseEnd) -> [LossReading] {
    do throws(SourceError) {
      return try source.lossChannels()
    } catch {
      throw CaseEnd(error, in: "lossChannels")
    }
  }
}

/// The events of a history that were never handed out, and the hand-overs around them.
struct LostEvents {
  /// Events in a row that are missing.
  struct Gap {
    let numbers: ClosedRange<UInt64>
    /// The hand-over of the last event before them; -1 if there is none.
    let before: Int
    /// The hand-over of the first event after them; `nil` if there is none.
    let behind: Int?
    /// `true` if they are events that the writer had refused because they are too big: those are not lost. What is
    /// refused because the ring buffer is full is, for its reader.
    let wereTooBig: Bool
  }

  let gaps: [Gap]

  init(_ history: History) {
    let delivered = history.delivered(in: history.handovers.count)
    let owners = Self.owners(history)
    var gaps: [Gap] = []
    for numbers in delivered.missing(from: 0..<history.written) {
      let writes = history.writes.filter { $0.numbers.overlaps(numbers) }
      let tooBig = writes.allSatisfy {
        $0.fit == .maybe && delivered.missing(from: $0.numbers).total <= $0.refused
      }
      gaps.append(
        Gap(
          numbers: numbers, before: owners.last { $0.run.upperBound < numbers.lowerBound }?.handover ?? -1,
          behind: owners.first { $0.run.lowerBound > numbers.upperBound }?.handover, wereTooBig: tooBig))
    }
    self.gaps = gaps
  }

  /// The number of events.
  var total: UInt64 { gaps.map(\.numbers).total }

  /// The runs of all hand-overs in the order of their numbers, each with the hand-over it came in first.
  private static func owners(_ history: History) -> [(run: ClosedRange<UInt64>, handover: Int)] {
    history.handovers.enumerated().flatMap { index, handover in handover.runs.map { (run: $0, handover: index) } }
      .sorted { ($0.run.lowerBound, $0.handover) < ($1.run.lowerBound, $1.handover) }
  }
}
