import SubbufferSource

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
