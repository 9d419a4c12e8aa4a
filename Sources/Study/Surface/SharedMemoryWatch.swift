import SubbufferSource
import Workload

/// Finds out how often a reader reads and writes each field of the memory that it shares with the writer.
///
/// Watchpoints are few, so that a lap is read for every few fields: first with every field's accesses watched, then, of
/// those that were touched, accesses and writes together. What is no write is a read.
struct SharedMemoryWatch {
  let fields: [SharedField]

  /// Reads as many laps as it takes.
  /// - Throws: ``SourceError``, of kind `unavailable` where it cannot be counted.
  func callAsFunction<Source: SubbufferSource & ~Copyable>(
    _ drain: inout SurfaceDrain, _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) -> SurfaceResult.Memory {
    try Watchpoints.check()
    var touched: [Int] = []
    for begin in stride(from: 0, to: fields.count, by: Watchpoints.most) {
      let some = begin..<min(begin + Watchpoints.most, fields.count)
      var meter = try WatchMeter(some.map { watch($0, .accesses) })
      try drain(&source, producer, &meter)
      touched += zip(some, meter.totals).filter { $1 > 0 }.map(\.0)
    }
    var summary = SharedMemorySummary(fields)
    // Two of each field's four watchpoints.
    for begin in stride(from: 0, to: touched.count, by: Watchpoints.most / 2) {
      let some = touched[begin..<min(begin + Watchpoints.most / 2, touched.count)]
      var meter = try WatchMeter(some.flatMap { [watch($0, .accesses), watch($0, .writes)] })
      try drain(&source, producer, &meter)
      for (place, field) in some.enumerated() {
        try summary.add(field, meter.steps.map { ($0.operation, $0.counts[2 * place], $0.counts[2 * place + 1]) })
      }
    }
    return summary.memory
  }

  private func watch(_ field: Int, _ kind: Watchpoints.Kind) -> (address: UInt, size: Int, kind: Watchpoints.Kind) {
    (fields[field].address, fields[field].size, kind)
  }
}
