import Study

/// How much of the memory that it shares with the writer a reader touches, by watchpoints.
struct SharedMemoryTables {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let watched = results.surface.filter { $0.memory != nil }
    guard !watched.isEmpty else { return }
    document.heading(3, "Shared memory")
    document.paragraph(
      """
      What the reader's instructions in user space, its library's included, touch of the memory that it shares with the \
      writer; the events themselves were not watched. What the kernel does with that memory in a system call is not \
      counted. *Bytes*: of the fields that are touched in a hand-over, each counted once. *Accesses*: an instruction that \
      reads and writes is a write.
      """)
    document.table(summary(watched))
    document.paragraph(
      """
      What is there and what of it is touched, by structure; of an array, one element. *Not touched*: by none of the \
      operations; what is read when the ring buffer is opened is not seen here.
      """)
    document.table(parts(watched))
    for (key, some) in watched.grouped(by: { [$0.backend] }) {
      document.details("Field by field: \(key[0])") { document in
        for result in some {
          document.paragraph("\(results.label(result.backend)), \(result.mode), accesses of a sub-buffer:")
          document.table(fields(result))
        }
      }
    }
  }

  private func summary(_ watched: [SurfaceResult]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .number("bytes watched"), .number("bytes read per sub-buffer"),
      .number("reads per sub-buffer"), .number("bytes written per sub-buffer"), .number("writes per sub-buffer"),
    ])
    for result in watched {
      let fields = result.memory?.fields ?? []
      func sum(_ value: (SurfaceResult.Field) -> UInt64) -> Inline {
        Format.quotient(fields.reduce(0) { $0 + value($1) }, result.handovers)
      }
      table.add([
        results.label(result.backend), .text(result.mode), "\(result.memory?.watchedBytes ?? 0)",
        sum { UInt64($0.size) * $0.readIn }, sum { $0.perSubbuffer(\.reads) }, sum { UInt64($0.size) * $0.writtenIn },
        sum { $0.perSubbuffer(\.writes) },
      ])
    }
    return table
  }

  private func parts(_ watched: [SurfaceResult]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .text("Structure"), .number("fields"), .number("bytes"),
      .number("touched per sub-buffer"), .number("their bytes"), .text("touched otherwise"), .text("not touched"),
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

  private func bytes(_ fields: [SurfaceResult.Field]) -> Inline { "\(fields.reduce(0) { $0 + $1.size })" }

  private func names(_ fields: [SurfaceResult.Field]) -> Inline {
    fields.isEmpty ? .absent : Inline(fields.map { .code($0.label) }, separator: ", ")
  }

  private func fields(_ result: SurfaceResult) -> MarkdownTable {
    var table = MarkdownTable(
      [.text("Structure"), .text("Field"), .number("offset"), .number("bytes"), .number("elements")]
        + SurfaceOperation.inTables.map { .text("\($0.rawValue)") })
    for field in result.memory?.fields ?? [] where !field.accesses.isEmpty {
      let cells: [Inline] = SurfaceOperation.inTables.map { operation in
        field.accesses.first { $0.operation == operation }.map { cell($0, result) } ?? ""
      }
      table.add(
        [.text(field.part), .code(field.label), "\(field.offset)", "\(field.size)", "\(field.elements)"] + cells)
    }
    return table
  }

  /// Of an operation that is made for every sub-buffer, how often in one; of another, how often in all of its times.
  private func cell(_ accesses: SurfaceResult.Accesses, _ result: SurfaceResult) -> Inline {
    let times = result.times(accesses.operation)
    let parts: [(String, UInt64)] = [("r", accesses.reads), ("w", accesses.writes)]
    return Inline(
      parts.filter { $0.1 > 0 }.map { "\($0.0) \(Format.quotient($0.1, times))" as Inline }, separator: ", ")
  }
}

extension SurfaceResult.Field {
  /// The name, or where it is.
  fileprivate var label: String { name ?? "word at \(offset)" }

  /// Accesses in the operations that are made for every sub-buffer.
  fileprivate func perSubbuffer(_ kind: (SurfaceResult.Accesses) -> UInt64) -> UInt64 {
    accesses.filter(\.operation.isPerSubbuffer).reduce(0) { $0 + kind($1) }
  }
}

extension SurfaceResult {
  /// How often a lap has an operation.
  fileprivate func times(_ operation: SurfaceOperation) -> UInt64 {
    operation.isPerSubbuffer ? handovers : loads
  }
}
