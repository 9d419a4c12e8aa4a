/// Calls by name, for each operation.
struct CallTally {
  private var times: [SurfaceOperation: UInt64] = [:]
  private var calls: [SurfaceOperation: [String: UInt64]] = [:]

  /// An operation was made, and called this often by name.
  mutating func add(_ operation: SurfaceOperation, _ names: [String: UInt64]) {
    times[operation, default: 0] += 1
    calls[operation, default: [:]].merge(names.filter { $0.value > 0 }, uniquingKeysWith: +)
  }

  /// The operations that were made, and their calls in the order of their names.
  var operations: [SurfaceResult.OperationCalls] {
    SurfaceOperation.allCases.compactMap { operation in
      guard let times = times[operation] else { return nil }
      let calls = (calls[operation] ?? [:]).sorted { $0.key < $1.key }
      return SurfaceResult.OperationCalls(
        operation: operation, times: times, calls: calls.map { SurfaceResult.Call(name: $0.key, count: $0.value) })
    }
  }
}
