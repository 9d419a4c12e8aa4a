import SubbufferSource

/// The body of a clause's test, for one ring buffer.
protocol ClauseCase {
  /// The load, in words.
  var load: String { get }

  /// Ends without an error where the clause is kept.
  mutating func run<Source: SubbufferSource & ~Copyable>(_ source: inout Source, _ bench: inout Bench) throws(CaseEnd)
}

/// Runs a body on the ring buffer that it is called with.
struct CaseVisitor<Body: ClauseCase>: ConformanceVisitor {
  private(set) var body: Body
  private let shape: RingShape
  private let sizes: EventSizes
  private let conditions: Bench.Conditions
  private(set) var end: CaseEnd?
  private(set) var wasCalled = false

  init(_ body: Body, _ shape: RingShape, _ sizes: EventSizes, _ conditions: Bench.Conditions) {
    self.body = body
    self.shape = shape
    self.sizes = sizes
    self.conditions = conditions
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(_ source: inout Source, _ writer: any ConformanceWriter) {
    wasCalled = true
    var bench = Bench(shape, sizes, writer, conditions)
    do throws(CaseEnd) {
      try body.run(&source, &bench)
    } catch {
      end = error
    }
  }
}

/// The context of a case besides the source: its ring buffer's shape, and the writer with its writes so far.
struct Bench {
  /// The events of one write that must be delivered once they were flushed.
  enum Fit: Sendable {
    /// All: the ring buffer has room for them.
    case all
    /// The first one: the ring buffer runs full and keeps the oldest.
    case first
    /// The last one: the ring buffer runs full and keeps the newest.
    case last
    /// None: whether it has room for them is the ABI's business.
    case maybe
  }

  /// One call of the writer.
  struct Write: Sendable {
    var first: UInt64
    var count: UInt64
    var refused: UInt64
    var fit: Fit

    var numbers: Range<UInt64> { first..<first + count }
  }

  let shape: RingShape
  let sizes: EventSizes
  let writer: any ConformanceWriter
  let patience: Milliseconds
  let endsWriter: Bool
  let writesConcurrently: Bool
  private(set) var writes: [Write] = []
  /// The next sequence number.
  private(set) var next: UInt64 = 0

  init(_ shape: RingShape, _ sizes: EventSizes, _ writer: any ConformanceWriter, _ conditions: Conditions) {
    self.shape = shape
    self.sizes = sizes
    self.writer = writer
    patience = conditions.patience
    endsWriter = conditions.endsWriter
    writesConcurrently = conditions.writesConcurrently
  }

  /// The conditions shared by all cases of a run.
  struct Conditions {
    var patience: Milliseconds
    var endsWriter: Bool
    var writesConcurrently: Bool
  }

  /// Has the next events written.
  mutating func write(_ count: Int, payload: Int = 0, fit: Fit = .all) throws(CaseEnd) {
    let count = UInt64(max(0, count))
    let result = Result { () throws(SourceError) in try writer.write(first: next, count: count, payload: payload) }
    try enter(result, count, fit)
  }

  /// Enters what came of the next events, which were written without ``write(_:payload:fit:)``.
  mutating func enter(_ result: Result<Written, SourceError>, _ count: UInt64, _ fit: Fit = .all) throws(CaseEnd) {
    let written: Written
    do throws(SourceError) {
      written = try result.get()
    } catch {
      throw CaseEnd(error, in: "the writer")
    }
    guard written.refused <= count, written.accepted == count - written.refused else {
      throw .inconclusive(
        "the writer reports \(written.accepted) accepted and \(written.refused) refused of \(count) events")
    }
    writes.append(Write(first: next, count: count, refused: written.refused, fit: fit))
    next += count
  }

  /// Ends the writer.
  func end() throws(CaseEnd) {
    do throws(SourceError) {
      try writer.end()
    } catch {
      throw CaseEnd(error, in: "ending the writer")
    }
  }

  /// The number of hand-overs that in a row may bring nothing new: a source that makes more does not come to an end.
  var idleBound: Int { 8 * shape.subbufferCount + 64 }

  /// The bound on the number of calls of one kind; more are an endless loop.
  var callBound: Int { Int(clamping: min(next, 1 << 32)) + idleBound }

  /// The number of the smallest events that fill the ring buffer.
  var capacity: Int { sizes.full(payload: 0) * shape.subbufferCount }
}

/// Why a case ends before its end.
enum CaseEnd: Error {
  /// It shows a breach of the clause.
  case broken(expected: String, seen: String)
  /// It decides nothing.
  case inconclusive(String)
  /// The clause is about something that this source does not have.
  case notApplicable(String)
  /// The source hands over without an end, and nothing that is new.
  case endless
  /// The user ends the run.
  case interrupted(String)

  /// Classifies an error that the case does not expect. Clauses 5, 8 and 10 test whether the source may throw it; the
  /// other clauses are then undecided.
  init(_ error: SourceError, in call: String) {
    self = error.kind == .interrupted ? .interrupted(error.description) : .inconclusive("\(call) failed: \(error)")
  }
}

/// The ring buffers of a run.
struct Shapes {
  /// For the histories.
  let all: [RingShape]
  /// For the clauses with a case of their own: both ends of the range in each mode, in the quick extent one.
  let some: [RingShape]

  init(_ harness: some ConformanceHarness, _ extent: ConformanceOptions.Extent) {
    let sizes = harness.subbufferSizes.sorted()
    guard let smallest = sizes.first, let biggest = sizes.last else {
      all = []
      some = []
      return
    }
    switch extent {
    case .quick:
      // 2 sub-buffers in the one mode, 8 in the other.
      all = zip(harness.modes, [2, 8]).map {
        RingShape(mode: $0, subbufferSize: smallest, subbufferCount: $1)
      }
      some = Array(all.prefix(1))
    case .full:
      some = harness.modes.flatMap { mode in
        [
          RingShape(mode: mode, subbufferSize: smallest, subbufferCount: 2),
          RingShape(mode: mode, subbufferSize: biggest, subbufferCount: 8),
        ]
      }
      all = harness.modes.flatMap { mode in
        sizes.flatMap { size in
          [2, 8].map { RingShape(mode: mode, subbufferSize: size, subbufferCount: $0) }
        }
      }
    }
  }
}

/// The number of events of each size that fill a sub-buffer.
struct EventSizes {
  /// The bytes of a sub-buffer after its header.
  let capacity: Int
  private let sizeOf: (Int) -> Int

  /// The payload of an event that takes about half of a sub-buffer, or of the biggest that the writer can write: two fit,
  /// also with a time stamp in full length each.
  let half: Int
  /// The payload of the biggest event that fits.
  let largest: Int

  /// The greatest size of a full time stamp, in bytes.
  private static let longTimestamp = 16

  /// `nil` where no event fits, or the harness tells an impossible size.
  init?(_ shape: RingShape, _ harness: some ConformanceHarness) {
    let capacity = shape.subbufferSize - harness.headerSize
    let sizeOf = harness.eventSize
    guard harness.headerSize >= 0, sizeOf(0) > 0, let largest = Self.largest(upTo: capacity, sizeOf),
      let half = Self.largest(upTo: capacity / 2 - Self.longTimestamp, sizeOf)
    else { return nil }
    self.capacity = capacity
    self.sizeOf = sizeOf
    self.largest = largest
    self.half = max(0, min(half, harness.largestPayload))
  }

  /// The bytes that an event takes.
  func size(payload: Int) -> Int { max(1, sizeOf(payload)) }

  /// The number of events that fill a sub-buffer.
  func full(payload: Int) -> Int { max(1, capacity / size(payload: payload)) }

  /// The largest payload whose event takes no more than N bytes; `nil` if there is none.
  private static func largest(upTo limit: Int, _ sizeOf: (Int) -> Int) -> Int? {
    guard limit > 0, sizeOf(0) <= limit else { return nil }
    var fits = 0
    var tooBig = limit + 1
    while tooBig - fits > 1 {
      let middle = fits + (tooBig - fits) / 2
      if sizeOf(middle) <= limit { fits = middle } else { tooBig = middle }
    }
    return fits
  }
}
