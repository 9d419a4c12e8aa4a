import SubbufferSource

/// Takes down where the system calls of each operation begin and end.
struct CallMeter: SurfaceMeter, ~Copyable {
  private let calls: ThreadCalls
  private var begun: UInt64 = 0
  private var spans: [(operation: SurfaceOperation, begin: UInt64, end: UInt64)] = []

  /// Opens the counter.
  /// - Throws: ``SourceError`` where it cannot.
  init() throws(SourceError) {
    calls = try ThreadCalls()
    spans.reserveCapacity(256)
  }

  mutating func begin() { begun = calls.position }

  mutating func end(_ operation: SurfaceOperation) {
    spans.append((operation, begun, calls.position))
  }

  /// Counts from now on.
  func start() throws(SourceError) { try calls.start() }

  /// Counts no more.
  /// - Returns: the calls of each operation.
  /// - Throws: ``SourceError`` where the counter and the records disagree.
  func stop() throws(SourceError) -> [SurfaceResult.OperationCalls] {
    try calls.stop()
    let all = try calls.names(from: 0, to: calls.position).values.reduce(0, +)
    let counted = try calls.count()
    guard all == counted else {
      throw SourceError(
        .unavailable, call: "count system calls", detail: "\(counted) by the counter, \(all) by the records",
        remedy: "report it")
    }
    var tally = CallTally()
    for span in spans { tally.add(span.operation, try calls.names(from: span.begin, to: span.end)) }
    return tally.operations
  }
}
