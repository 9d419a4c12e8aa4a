import CPerfEvents
import Results
import SubbufferSource

/// Something that counts what goes on between two moments.
protocol AccessCountsMeter: ~Copyable {
  /// An operation begins.
  /// - Throws: ``SourceError`` where counting fails.
  mutating func begin() throws(SourceError)

  /// It has ended, and was this one: what an acquire is, is known when it returns.
  /// - Throws: ``SourceError`` where counting fails.
  mutating func end(_ operation: ReaderOperation) throws(SourceError)
}

/// Counts nothing, for a load that brings the ring buffer to where every other begins.
struct NoMeter: AccessCountsMeter {
  func begin() {}
  func end(_ operation: ReaderOperation) {}
}

/// Takes down where the system calls of each operation begin and end.
struct CallMeter: AccessCountsMeter, ~Copyable {
  private let calls: ThreadCalls
  private var begun: UInt64 = 0
  private var spans: [(operation: ReaderOperation, begin: UInt64, end: UInt64)] = []

  /// Opens the counter.
  /// - Throws: ``SourceError`` where it cannot.
  init() throws(SourceError) {
    calls = try ThreadCalls()
    spans.reserveCapacity(256)
  }

  mutating func begin() { begun = calls.position }

  mutating func end(_ operation: ReaderOperation) {
    spans.append((operation, begun, calls.position))
  }

  /// Counts from now on.
  func start() throws(SourceError) { try calls.start() }

  /// Counts no more.
  /// - Returns: the calls of each operation.
  /// - Throws: ``SourceError`` where the counter and the records disagree.
  func stop() throws(SourceError) -> [AccessCountsResult.OperationCalls] {
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

/// Calls by name, for each operation.
struct CallTally {
  private var times: [ReaderOperation: UInt64] = [:]
  private var calls: [ReaderOperation: [String: UInt64]] = [:]

  /// An operation was made, and called this often by name.
  mutating func add(_ operation: ReaderOperation, _ names: [String: UInt64]) {
    times[operation, default: 0] += 1
    calls[operation, default: [:]].merge(names.filter { $0.value > 0 }, uniquingKeysWith: +)
  }

  /// The operations that were made, and their calls in the order of their names.
  var operations: [AccessCountsResult.OperationCalls] {
    ReaderOperation.allCases.compactMap { operation in
      guard let times = times[operation] else { return nil }
      let calls = (calls[operation] ?? [:]).sorted { $0.key < $1.key }
      return AccessCountsResult.OperationCalls(
        operation: operation, times: times, calls: calls.map { AccessCountsResult.Call(name: $0.key, count: $0.value) })
    }
  }
}

/// Counts the calls of a library.
struct LibraryMeter: AccessCountsMeter {
  let library: any AccessCountsLibrary
  private(set) var tally = CallTally()
  private var before: [UInt64] = []

  init(_ library: any AccessCountsLibrary) {
    self.library = library
  }

  mutating func begin() {
    before = library.counts
  }

  mutating func end(_ operation: ReaderOperation) {
    let grown = zip(library.counts, before).map { $0 &- $1 }
    tally.add(operation, Dictionary(zip(library.functions, grown), uniquingKeysWith: &+))
  }
}

/// Marks in the sequence of system calls, for the process that traces this one.
enum AccessCountsMark {
  /// A load is read in the next way; the marks of its operations follow.
  static let way: UInt64 = 1
  /// An operation begins.
  static let begin: UInt64 = 2
  /// Everything was read.
  static let end: UInt64 = 3
  /// An operation has ended: this, and its number among all.
  static let operation: UInt64 = 100
}

/// Marks where operations begin and end, for the process that traces this one.
struct MarkMeter: AccessCountsMeter {
  func begin() { cperf_mark(AccessCountsMark.begin) }

  func end(_ operation: ReaderOperation) {
    let number = ReaderOperation.allCases.firstIndex(of: operation) ?? 0
    cperf_mark(AccessCountsMark.operation + UInt64(number))
  }
}

/// Counts how often some fields are touched, for each operation.
struct WatchMeter: AccessCountsMeter, ~Copyable {
  /// The counts of one operation.
  struct Step {
    var operation: ReaderOperation
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

  mutating func end(_ operation: ReaderOperation) throws(SourceError) {
    steps.append(Step(operation: operation, counts: zip(try watchpoints.counts(), before).map { $0 &- $1 }))
  }

  /// The number of times that each field was touched in all.
  var totals: [UInt64] {
    steps.reduce(into: []) { totals, step in
      totals = totals.isEmpty ? step.counts : zip(totals, step.counts).map { $0 &+ $1 }
    }
  }
}
