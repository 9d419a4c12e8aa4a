import Study

/// Comparisons of the same reader on two back ends, and of two settings on one back end.
struct FreshnessComparisons {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    // Of rows with the same back end, mode, reader and rate the first is compared.
    let rows = results.freshness.uniqued(by: FreshnessIdentity.init)
    let between = rows.pairs(where: FreshnessPair.betweenBackends)
    let within = rows.pairs(where: FreshnessPair.withinBackend)
    guard !between.isEmpty || !within.isEmpty else { return }
    let family = TestFamily(
      between.flatMap { comparisons($0, hasNewest: true) } + within.flatMap { comparisons($0, hasNewest: false) })
    document.heading(3, "Ages compared")
    document.paragraph(
      """
      Second over first: ratios of the medians of trials. In round brackets the range of the ratios of single trials, in \
      square brackets the 95 % interval of a bootstrap over the trials. The value of a trial is its median; for *newest* the \
      median of its hand-overs, for *CPU* its share. \(family.note)
      """)
    if !between.isEmpty {
      document.paragraph(
        "The same reader on two back ends: the same way of waiting, with the same wake-up rule, period and flush:")
      let names = ["Reader", "First", "Second"].map { MarkdownTable.Column.text("\($0)") }
      document.table(
        table(between, names, hasNewest: true, family) { pair in
          [.text(pair.first.reader.title), results.label(pair.first.backend), results.label(pair.second.backend)]
        })
    }
    if between.isEmpty, Set(results.freshness.map(\.backend)).count > 1 {
      document.paragraph(
        """
        Ages are not compared between back ends: no two of them were read by equal readers, with the same way of waiting, \
        wake-up rule, period and flush.
        """)
    }
    if !within.isEmpty {
      document.paragraph("One setting varied on one back end:")
      let names = ["Back end", "First", "Second"].map { MarkdownTable.Column.text("\($0)") }
      document.table(
        table(within, names, hasNewest: false, family) { pair in
          [
            results.label(pair.first.backend), .text(pair.first.reader.title), .text(pair.second.reader.title),
          ]
        })
    }
  }

  private func table(
    _ pairs: [FreshnessPair], _ names: [MarkdownTable.Column], hasNewest: Bool, _ family: TestFamily,
    _ cells: (FreshnessPair) -> [Inline]
  ) -> MarkdownTable {
    let compared = ["age"] + (hasNewest ? ["newest"] : []) + ["CPU"]
    var table = MarkdownTable(
      names + [.number("Rate (events/s)"), .number("n")]
        + compared.flatMap { [.number("\($0): second / first"), .number("p")] })
    for pair in pairs {
      let (first, second) = (pair.first, pair.second)
      table.add(
        cells(pair) + ["\(first.rate)", "\(first.age.count), \(second.age.count)"]
          + comparisons(pair, hasNewest: hasNewest).flatMap { [LatencyFormat.ratio($0), family.p($0)] })
    }
    return table
  }

  private func comparisons(_ pair: FreshnessPair, hasNewest: Bool) -> [Comparison] {
    let (first, second) = (pair.first, pair.second)
    let newest = Comparison(base: first.youngest.percentiles(50), other: second.youngest.percentiles(50))
    return [Comparison(base: first.trialMedians, other: second.trialMedians)] + (hasNewest ? [newest] : [])
      + [Comparison(base: first.cpuPercents, other: second.cpuPercents)]
  }
}

/// The properties that differ between the rows of one study.
private struct FreshnessIdentity: Hashable {
  let backend: String
  let mode: String
  let reader: FreshnessReader
  let rate: UInt64

  init(_ row: FreshnessResult) {
    (backend, mode, reader, rate) = (row.backend, row.mode, row.reader, row.rate)
  }
}

/// Two rows that are compared.
struct FreshnessPair {
  let first: FreshnessResult
  let second: FreshnessResult

  /// Equal readers on two back ends. One that is woken per event is not equal to one woken per sub-buffer, nor one that
  /// flushes to one that does not.
  static func betweenBackends(_ first: FreshnessResult, _ second: FreshnessResult) -> Bool {
    first.backend != second.backend && first.mode == second.mode && first.rate == second.rate
      && first.reader == second.reader
  }

  /// Readers of one back end of which the second is less eager by one thing: it blocks instead of polling, waits for more,
  /// looks less often, or does not flush.
  static func withinBackend(_ first: FreshnessResult, _ second: FreshnessResult) -> Bool {
    guard first.backend == second.backend, first.mode == second.mode, first.rate == second.rate else { return false }
    let (one, other) = (first.reader, second.reader)
    var unflushed = one
    unflushed.flushes = false
    if one.flushes, unflushed == other { return true }
    guard one.flushes == other.flushes else { return false }
    switch (one.waiting, other.waiting) {
    case (.polling, .blocking): return (other.wake?.fill ?? 0) == 0 && other.switchTimer == 0
    case (.blocking, .blocking):
      if let fill = one.wake?.fill, let next = other.wake?.fill { return fill < next }
      // Without a timer partial sub-buffers are ended least often.
      return one.switchTimer > 0 && (other.switchTimer == 0 || one.switchTimer < other.switchTimer)
    case (.timer, .timer): return one.period < other.period
    case (.polling, _), (.blocking, _), (.timer, _): return false
    }
  }
}

extension [FreshnessResult] {
  /// Each two rows, in either order, of which something is true, in the order of the rows.
  fileprivate func pairs(where isPair: (FreshnessResult, FreshnessResult) -> Bool) -> [FreshnessPair] {
    indices.flatMap { first in
      indices.compactMap { second -> FreshnessPair? in
        guard isPair(self[first], self[second]) else { return nil }
        // Of two back ends the one that stands first, once.
        guard self[first].backend == self[second].backend || first < second else { return nil }
        return FreshnessPair(first: self[first], second: self[second])
      }
    }
  }
}
