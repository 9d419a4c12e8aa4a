import SubbufferSource

/// Adds up the accesses to fields of one name.
struct SharedMemorySummary {
  private let fields: [SharedField]
  private var rows: [SurfaceResult.Field] = []
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
          SurfaceResult.Field(
            part: field.part, name: field.name, offset: field.offset, size: field.size, elements: 1))
      }
    }
  }

  /// Adds what a lap did to a field: the operations in order, each with its accesses and the writes among them.
  /// - Throws: ``SourceError`` where there are more writes than accesses.
  mutating func add(
    _ field: Int, _ steps: [(operation: SurfaceOperation, accesses: UInt64, writes: UInt64)]
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
  var memory: SurfaceResult.Memory {
    SurfaceResult.Memory(
      watchedBytes: fields.reduce(0) { $0 + $1.size }, fields: rows.filter { $0.name != nil || !$0.accesses.isEmpty })
  }
}

extension SurfaceResult.Field {
  fileprivate mutating func add(_ operation: SurfaceOperation, reads: UInt64, writes: UInt64) {
    guard reads > 0 || writes > 0 else { return }
    if let index = accesses.firstIndex(where: { $0.operation == operation }) {
      accesses[index].reads += reads
      accesses[index].writes += writes
    } else {
      accesses.append(SurfaceResult.Accesses(operation: operation, reads: reads, writes: writes))
    }
  }
}
