import Results

/// The access counts of a complete reader: system calls, library calls, and shared memory.
struct AccessCountsSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(.accessCounts)
    guard !results.accessCounts.isEmpty else { return document.paragraph("No access was counted.") }
    document.paragraph(
      """
      The calls and memory accesses of a complete reader of full sub-buffers, counted over a *lap*: each sub-buffer of the \
      ring buffer once. Opening and closing are not counted.
      """)
    writeSystemCalls(to: &document)
    writeLibraryCalls(to: &document)
    SharedMemoryTables(results: results).write(to: &document)
    writeNotCounted(to: &document)
    document.details("The ring buffers and the loads") { document in
      for result in results.accessCounts {
        document.paragraph("\(results.label(result.backend)), \(result.mode), \(result.way):")
        document.list(of: result.setup)
      }
    }
  }

  private func writeSystemCalls(to document: inout MarkdownDocument) {
    let counted = results.accessCounts.filter { $0.systemCalls != nil || $0.tracedCalls != nil }
    guard !counted.isEmpty else { return }
    document.heading(3, "System calls")
    document.paragraph(
      """
      Calls per operation. The first three operations are made for every sub-buffer, and their sum is *per sub-buffer*. `0`: \
      the operation makes no call.
      """)
    var table = callTable([.text("perf and ptrace")])
    for result in counted {
      table.add(row(result, result.systemCalls ?? result.tracedCalls ?? [], [agreement(result)]))
    }
    document.table(table)
  }

  private func writeLibraryCalls(to document: inout MarkdownDocument) {
    let counted = results.accessCounts.filter { $0.library != nil }
    guard !counted.isEmpty else { return }
    document.heading(3, "Library calls")
    document.paragraph(
      "*Offered*: the functions of the library's header that take a stream, except those that make, send and destroy one."
    )
    var table = callTable([.number("functions offered"), .number("functions called")])
    for result in counted {
      guard let library = result.library else { continue }
      table.add(
        row(
          result, library.operations,
          ["\(library.functions.count)", "\(library.functions.count - uncalled(library).count)"]))
    }
    document.table(table)
    for (functions, some) in counted.grouped(by: { $0.library.map(uncalled) ?? [] }) where !functions.isEmpty {
      let names: [Inline] = functions.map { .code($0) }
      document.details("Not called in a lap: \(functions.count) of them (\(some[0].backend))") {
        $0.paragraph(Inline(names, separator: ", "))
      }
    }
  }

  private func uncalled(_ library: AccessCountsResult.LibraryCalls) -> [String] {
    let called = Set(library.operations.flatMap(\.calls).map(\.name))
    return library.functions.filter { !called.contains($0) }
  }

  private func callTable(_ last: [MarkdownTable.Column]) -> MarkdownTable {
    MarkdownTable(
      [.text("Back end"), .text("Mode"), .text("Read by")] + ReaderOperation.inTables.map { .text("\($0.rawValue)") }
        + [.number("calls per sub-buffer")] + last)
  }

  private func row(
    _ result: AccessCountsResult, _ operations: [AccessCountsResult.OperationCalls], _ last: [Inline]
  ) -> [Inline] {
    let cells: [Inline] = ReaderOperation.inTables.map { operation in
      operations.first { $0.operation == operation }.map(cell) ?? .absent
    }
    let sum = operations.filter(\.operation.isPerSubbuffer).flatMap(\.calls).reduce(0.0) { $0 + Double($1.count) }
    return [results.label(result.backend), .text(result.mode), .text(result.way)] + cells
      + [Format.quotient(sum, result.handovers)] + last
  }

  private func cell(_ calls: AccessCountsResult.OperationCalls) -> Inline {
    guard !calls.calls.isEmpty else { return "0" }
    return Inline(
      calls.calls.map { "\(code: $0.name) \(Format.quotient(Double($0.count), calls.times))" as Inline },
      separator: "<br>")
  }

  private func agreement(_ result: AccessCountsResult) -> Inline {
    guard result.systemCalls != nil else { return "ptrace alone" }
    guard result.tracedCalls != nil else { return "perf alone" }
    let disagreeing = result.disagreeing
    return disagreeing.isEmpty
      ? "equal" : "differ: \(Inline(texts: disagreeing.map(\.rawValue)))"
  }

  private func writeNotCounted(to document: inout MarkdownDocument) {
    let missing = results.accessCounts.flatMap { result in result.notCounted.map { (result, $0) } }
    guard !missing.isEmpty else { return }
    document.heading(3, "Not counted")
    document.list(
      missing.grouped { [$0.0.backend, $0.1.what, $0.1.reason] }.map { _, some in
        let (result, what) = some[0]
        return .skipped(
          "\(results.label(result.backend)), \(what.what)", some.map { "\($0.0.way) (\($0.0.mode))" },
          reason: what.reason, remedy: what.remedy)
      })
  }
}

extension ReaderOperation {
  /// The order of the columns: operations per sub-buffer first.
  static let inTables = allCases.filter(\.isPerSubbuffer) + allCases.filter { !$0.isPerSubbuffer }
}

extension Format {
  /// An average count, with at most two decimals.
  static func quotient(_ count: Double, _ times: UInt64) -> Inline {
    times == 0 ? .absent : .text(decimal(count / Double(times), digits: 2))
  }
}

/// The accesses of a reader to the memory that it shares with the writer, by watchpoints.
struct SharedMemoryTables {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    let watched = results.accessCounts.filter { $0.memory != nil }
    guard !watched.isEmpty else { return }
    document.heading(3, "Shared memory")
    document.paragraph(
      """
      Accesses of the reader's instructions in user space, those of its library included, to the memory that it shares with \
      the writer, without the events themselves. Accesses of the kernel in a system call are not counted. *Bytes*: of the \
      fields accessed in a hand-over, each counted once. An instruction that reads and writes counts as a write.
      """)
    document.table(summary(watched))
    document.paragraph(
      """
      The fields of each structure and the accesses to them; an array counts once. *Not accessed*: by none of the operations; \
      reads at the opening of the ring buffer are not counted.
      """)
    document.table(parts(watched))
    for (key, some) in watched.grouped(by: { [$0.backend] }) {
      document.details("Field by field: \(key[0])") { document in
        for result in some {
          document.paragraph("\(results.label(result.backend)), \(result.mode), accesses per sub-buffer:")
          document.table(fields(result))
        }
      }
    }
  }

  private func summary(_ watched: [AccessCountsResult]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .number("bytes watched"), .number("bytes read per sub-buffer"),
      .number("reads per sub-buffer"), .number("bytes written per sub-buffer"), .number("writes per sub-buffer"),
    ])
    for result in watched {
      let fields = result.memory?.fields ?? []
      func sum(_ value: (AccessCountsResult.Field) -> Double) -> Inline {
        Format.quotient(fields.reduce(0) { $0 + value($1) }, result.handovers)
      }
      table.add([
        results.label(result.backend), .text(result.mode), "\(result.memory?.watchedBytes ?? 0)",
        sum { Double($0.size) * Double($0.readIn) }, sum { $0.perSubbuffer(\.reads) },
        sum { Double($0.size) * Double($0.writtenIn) }, sum { $0.perSubbuffer(\.writes) },
      ])
    }
    return table
  }

  private func parts(_ watched: [AccessCountsResult]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Structure"), .number("fields"), .number("bytes"),
      .number("fields accessed per sub-buffer"), .number("their bytes"), .text("accessed otherwise"),
      .text("not accessed"),
    ])
    for result in watched {
      let fields = result.memory?.fields ?? []
      for (key, part) in fields.grouped(by: { [$0.part] }) {
        let used = part.filter { $0.readIn > 0 || $0.writtenIn > 0 }
        let other = part.filter { $0.readIn == 0 && $0.writtenIn == 0 && !$0.accesses.isEmpty }
        table.add([
          results.label(result.backend), .text(result.mode), .text(key[0]), "\(part.count)", bytes(part),
          "\(used.count)", bytes(used), names(other), names(part.filter(\.accesses.isEmpty)),
        ])
      }
    }
    return table
  }

  private func bytes(_ fields: [AccessCountsResult.Field]) -> Inline { "\(fields.reduce(0) { $0 &+ $1.size })" }

  private func names(_ fields: [AccessCountsResult.Field]) -> Inline {
    fields.isEmpty ? .absent : Inline(fields.map { .code($0.label) }, separator: ", ")
  }

  private func fields(_ result: AccessCountsResult) -> MarkdownTable {
    var table = MarkdownTable(
      [.text("Structure"), .text("Field"), .number("offset (bytes)"), .number("size (bytes)"), .number("elements")]
        + ReaderOperation.inTables.map { .text("\($0.rawValue)") })
    for field in result.memory?.fields ?? [] where !field.accesses.isEmpty {
      let cells: [Inline] = ReaderOperation.inTables.map { operation in
        field.accesses.first { $0.operation == operation }.map { cell($0, result) } ?? ""
      }
      table.add(
        [.text(field.part), .code(field.label), "\(field.offset)", "\(field.size)", "\(field.elements)"] + cells)
    }
    return table
  }

  /// Accesses per sub-buffer, or per operation if the operation is not made for every sub-buffer.
  private func cell(_ accesses: AccessCountsResult.Accesses, _ result: AccessCountsResult) -> Inline {
    let times = result.times(accesses.operation)
    let parts: [(String, UInt64)] = [("r", accesses.reads), ("w", accesses.writes)]
    return Inline(
      parts.filter { $0.1 > 0 }.map { "\($0.0) \(Format.quotient(Double($0.1), times))" as Inline }, separator: ", ")
  }
}

extension AccessCountsResult.Field {
  /// The name, or the offset.
  fileprivate var label: String { name ?? "word at \(offset)" }

  /// Accesses in the operations that are made for every sub-buffer.
  fileprivate func perSubbuffer(_ kind: (AccessCountsResult.Accesses) -> UInt64) -> Double {
    accesses.filter(\.operation.isPerSubbuffer).reduce(0) { $0 + Double(kind($1)) }
  }
}

extension AccessCountsResult {
  /// The number of times of an operation in a lap.
  fileprivate func times(_ operation: ReaderOperation) -> UInt64 {
    operation.isPerSubbuffer ? handovers : loads
  }
}
