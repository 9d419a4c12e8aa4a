import Results
import SubbufferSource
import Workload

/// A field of the memory that a reader shares with the writer, besides the events.
public struct SharedField: Sendable, Equatable {
  /// The structure that contains it: `struct trace_buffer_meta`.
  public var part: String
  /// Its name in the source of the ABI; the same for all elements of an array; `nil` where nothing is known to be there.
  public var name: String?
  /// The offset in bytes, from the beginning of the part, or of the memory if that is the part.
  public var offset: Int
  /// Its size in bytes: 1, 2, 4 or 8, and its address a multiple of that.
  public var size: Int
  /// The address in this process.
  public var address: UInt

  /// Describes a field.
  public init(part: String, name: String?, offset: Int, size: Int, address: UInt) {
    self.part = part
    self.name = name
    self.offset = offset
    self.size = size
    self.address = address
  }
}

/// Adds up the accesses to fields of one name.
struct SharedMemorySummary {
  private let fields: [SharedField]
  private var rows: [AccessCountsResult.Field] = []
  /// For each field its row.
  private var rowOf: [Int] = []

  init(_ fields: [SharedField]) {
    self.fields = fields
    var known: [String: Int] = [:]
    for field in fields {
      let key = "\(field.part)\n\(field.name ?? "\(field.offset)")"
      if let row = known[key] {
        rows[row].elements += 1
        rowOf.append(row)
      } else {
        known[key] = rows.count
        rowOf.append(rows.count)
        rows.append(
          AccessCountsResult.Field(
            part: field.part, name: field.name, offset: field.offset, size: field.size, elements: 1))
      }
    }
  }

  /// Adds what a lap did to a field: the operations in order, each with its accesses and the writes among them.
  /// - Throws: ``SourceError`` where there are more writes than accesses.
  mutating func add(
    _ field: Int, _ steps: [(operation: ReaderOperation, accesses: UInt64, writes: UInt64)]
  ) throws(SourceError) {
    var isRead = false
    var isWritten = false
    for step in steps {
      guard step.writes <= step.accesses else {
        throw SourceError(
          .unavailable, call: "watch \(fields[field].name ?? "a word")",
          detail: "\(step.accesses) accesses and \(step.writes) writes", remedy: "report it")
      }
      let reads = step.accesses - step.writes
      rows[rowOf[field]].add(step.operation, reads: reads, writes: step.writes)
      guard step.operation.isPerSubbuffer else { continue }
      if step.operation == .acquire { (isRead, isWritten) = (false, false) }
      if reads > 0, !isRead {
        isRead = true
        rows[rowOf[field]].readIn += 1
      }
      if step.writes > 0, !isWritten {
        isWritten = true
        rows[rowOf[field]].writtenIn += 1
      }
    }
  }

  /// The fields with a name, and the words without one that were touched, in the order in which they were given.
  var memory: AccessCountsResult.Memory {
    AccessCountsResult.Memory(
      watchedBytes: fields.reduce(0) { $0 + $1.size }, fields: rows.filter { $0.name != nil || !$0.accesses.isEmpty })
  }
}

extension AccessCountsResult.Field {
  fileprivate mutating func add(_ operation: ReaderOperation, reads: UInt64, writes: UInt64) {
    guard reads > 0 || writes > 0 else { return }
    if let index = accesses.firstIndex(where: { $0.operation == operation }) {
      accesses[index].reads += reads
      accesses[index].writes += writes
    } else {
      accesses.append(AccessCountsResult.Accesses(operation: operation, reads: reads, writes: writes))
    }
  }
}

/// Finds out how often a reader reads and writes each field of the memory that it shares with the writer.
///
/// Watchpoints are few, so that a lap is read for every few fields: first with every field's accesses watched, then, of
/// those that were touched, accesses and writes together. What is no write is a read.
struct SharedMemoryWatch {
  let fields: [SharedField]

  /// Reads as many laps as it takes.
  /// - Throws: ``SourceError``, of kind `unavailable` where it cannot be counted.
  func callAsFunction<Source: SubbufferSource & ~Copyable>(
    _ drain: inout AccessCountsDrain, _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) -> AccessCountsResult.Memory {
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
