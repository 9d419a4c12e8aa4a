import Study

/// What a complete reader touches of each ABI, counted.
struct SurfaceSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(.surface)
    guard !results.surface.isEmpty else { return document.paragraph("Nothing was counted.") }
    document.paragraph(
      """
      What a complete reader does to read whole sub-buffers, counted over a *lap*, as many as it takes until each of the \
      ring buffer's had its turn. Opening and closing are not counted.
      """)
    writeSystemCalls(to: &document)
    writeLibraryCalls(to: &document)
    SharedMemoryTables(results: results).write(to: &document)
    writeNotCounted(to: &document)
    document.details("The ring buffers and the loads") { document in
      for result in results.surface {
        document.paragraph("\(results.label(result.backend)), \(result.mode), \(result.way):")
        document.list(result.setup.map { "\($0.name): \(code: $0.value)" })
      }
    }
  }

  private func writeSystemCalls(to document: inout MarkdownDocument) {
    let counted = results.surface.filter { $0.systemCalls != nil || $0.tracedCalls != nil }
    guard !counted.isEmpty else { return }
    document.heading(3, "System calls")
    document.paragraph(
      """
      How often each operation makes each call. The first three are made for every sub-buffer, and their sum is *per \
      sub-buffer*; `0`: the operation was made and made no call.
      """)
    var table = callTable([.text("by perf and by ptrace")])
    for result in counted {
      table.add(row(result, result.systemCalls ?? result.tracedCalls ?? [], [agreement(result)]))
    }
    document.table(table)
  }

  private func writeLibraryCalls(to document: inout MarkdownDocument) {
    let counted = results.surface.filter { $0.library != nil }
    guard !counted.isEmpty else { return }
    document.heading(3, "Library calls")
    document.paragraph(
      "*Offered*: the functions of the library's header that take a stream, but for what makes, sends and destroys one."
    )
    var table = callTable([.number("functions offered"), .number("called")])
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

  private func uncalled(_ library: SurfaceResult.LibraryCalls) -> [String] {
    let called = Set(library.operations.flatMap(\.calls).map(\.name))
    return library.functions.filter { !called.contains($0) }
  }

  private func callTable(_ last: [MarkdownTable.Column]) -> MarkdownTable {
    MarkdownTable(
      [.text("Back end"), .text("Mode"), .text("Read by")] + SurfaceOperation.inTables.map { .text("\($0.rawValue)") }
        + [.number("per sub-buffer")] + last)
  }

  private func row(
    _ result: SurfaceResult, _ operations: [SurfaceResult.OperationCalls], _ last: [Inline]
  ) -> [Inline] {
    let cells: [Inline] = SurfaceOperation.inTables.map { operation in
      operations.first { $0.operation == operation }.map(cell) ?? .absent
    }
    let sum = operations.filter(\.operation.isPerSubbuffer).flatMap(\.calls).reduce(0) { $0 + $1.count }
    return [results.label(result.backend), .text(result.mode), .text(result.way)] + cells
      + [Format.quotient(sum, result.handovers)] + last
  }

  private func cell(_ calls: SurfaceResult.OperationCalls) -> Inline {
    guard !calls.calls.isEmpty else { return "0" }
    return Inline(
      calls.calls.map { "\(code: $0.name) \(Format.quotient($0.count, calls.times))" as Inline }, separator: "<br>")
  }

  private func agreement(_ result: SurfaceResult) -> Inline {
    guard result.systemCalls != nil else { return "by ptrace alone" }
    guard result.tracedCalls != nil else { return "by perf alone" }
    let disagreeing = result.disagreeing
    return disagreeing.isEmpty
      ? "the same" : "**not the same**: \(Inline(disagreeing.map { .text($0.rawValue) }, separator: ", "))"
  }

  private func writeNotCounted(to document: inout MarkdownDocument) {
    let missing = results.surface.flatMap { result in result.notCounted.map { (result, $0) } }
    guard !missing.isEmpty else { return }
    document.heading(3, "What was not counted")
    document.list(
      missing.grouped { [$0.0.backend, $0.1.what, $0.1.reason] }.map { _, some in
        let (result, what) = some[0]
        let where_ = some.map { "\($0.0.way) (\($0.0.mode))" }
        let enable: Inline = what.remedy.isEmpty ? "" : "; to enable it: \(code: what.remedy)"
        return """
          \(results.label(result.backend)), \(what.what): \(Inline(where_.map { .text($0) }, separator: ", ")): \
          \(what.reason)\(enable)
          """
      })
  }
}

extension SurfaceOperation {
  /// In the order of the columns: what is made for every sub-buffer first.
  static let inTables = allCases.filter(\.isPerSubbuffer) + allCases.filter { !$0.isPerSubbuffer }
}

extension Format {
  /// How often on average, with at most two decimals.
  static func quotient(_ count: UInt64, _ times: UInt64) -> Inline {
    times == 0 ? .absent : .text(decimal(Double(count) / Double(times), digits: 2))
  }
}
