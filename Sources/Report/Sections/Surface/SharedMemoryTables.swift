import Study

/// The accesses of a reader to the memory that it shares with the writer, by watchpoints.
struct SharedMemoryTables {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let watched = results.surface.filter { $0.memory != nil }
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

  private func summary(_ watched: [SurfaceResult]) -> MarkdownTable {
    var table = MarkdownTable([
      .text("Back end"), .text("Mode"), .number("bytes watched"), .number("bytes read per sub-buffer"),
      .number("reads per sub-buffer"), .number("bytes written per sub-buffer"), .number("writes per sub-buffer"),
    ])
    for result in watched {
      let fields = result.memory?.fields ?? []
      func sum(_ value: (SurfaceResult.Field) -> Double) -> Inline {
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

  private func parts(_ watched: [SurfaceResult]) -> MarkdownTable {
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

  private func bytes(_ fields: [SurfaceResult.Field]) -> Inline { "\(fields.reduce(0) { $0 &+ $1.size })" }

  private func names(_ fields: [SurfaceResult.Field]) -> Inline {
    fields.isEmpty ? .absent : Inline(fields.map { .code($0.label) }, separator: ", ")
  }

  private func fields(_ result: SurfaceResult) -> MarkdownTable {
    var table = MarkdownTable(
      [.text("Structure"), .text("Field"), .number("offset (bytes)"), .number("size (bytes)"), .number("elements")]
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

  /// Accesses per sub-buffer, or per operation if the operation is not made for every sub-buffer.
  private func cell(_ accesses: SurfaceResult.Accesses, _ result: SurfaceResult) -> Inline {
    let times = result.times(accesses.operation)
    let parts: [(String, UInt64)] = [("r", accesses.reads), ("w", accesses.writes)]
    return Inline(
      parts.filter { $0.1 > 0 }.map { "\($0.0) \(Format.quotient(Double($0.1), times))" as Inline }, separator: ", ")
  }
}

extension SurfaceResult.Field {
  /// The name, or where it is.
  fileprivate var label: String { name ?? "word at \(offset)" }

  /// Accesses in the operations that are made for every sub-buffer.
  fileprivate func perSubbuffer(_ kind: (SurfaceResult.Accesses) -> UInt64) -> Double {
    accesses.filter(\.operation.isPerSubbuffer).reduce(0) { $0 + Double(kind($1)) }
  }
}

extension SurfaceResult {
  /// The number of times of an operation in a lap.
  fileprivate func times(_ operation: SurfaceOperation) -> UInt64 {
    operation.isPerSubbuffer ? handovers : loads
  }
}
