import SubbufferSource

/// Counts how often some fields are touched, for each operation.
struct WatchMeter: SurfaceMeter, ~Copyable {
  /// The counts of one operation.
  struct Step {
    var operation: SurfaceOperation
    var counts: [UInt64]
  }

  private let watchpoints: Watchpoints
  private var before: [UInt64] = []
  /// The operations, in order.
  private(set) var steps: [Step] = []

  /// Watches from now on.
  /// - Throws: ``SourceError`` where it cannot.
  init(_ watched: [(address: UInt, size: Int, kind: Watchpoints.Kind)]) throws(SourceError) {
    watchpoints = try Watchpoints(watched)
  }

  mutating func begin() throws(SourceError) {
    before = try watchpoints.counts()
  }

  mutating func end(_ operation: SurfaceOperation) throws(SourceError) {
    steps.append(Step(operation: operation, counts: zip(try watchpoints.counts(), before).map { $0 &- $1 }))
  }

  /// The number of times that each field was touched in all.
  var totals: [UInt64] {
    steps.reduce(into: []) { totals, step in
      totals = totals.isEmpty ? step.counts : zip(totals, step.counts).map { $0 &+ $1 }
    }
  }
}
