import Study

/// The back ends against each other, and one setting of a back end against another.
struct FreshnessComparisons {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let between = results.freshness.pairs(where: FreshnessPair.betweenBackends)
    let within = results.freshness.pairs(where: FreshnessPair.withinBackend)
    guard !between.isEmpty || !within.isEmpty else { return }
    document.heading(3, "Ages compared")
    document.paragraph(
      """
      Second over first, by the statistics of the \(ContentsSection.Section.latency.link): medians of trials, with the \
      95 % interval of a bootstrap over the trials, and p of the test of Mann and Whitney, two-sided; `~`: not significant. \
      The value of a trial is its median, of *youngest* that of its hand-overs, of *CPU* its share. Nothing is corrected for the number of rows.
      """)
    if !between.isEmpty {
      document.paragraph("**The same reader on two back ends:**")
      let names = ["First", "Reader", "Second", "Reader"].map { MarkdownTable.Column.text("\($0)") }
      document.table(
        table(between, names, hasYoungest: true) { pair in
          [
            results.label(pair.first.backend), .text(pair.first.reader.title), results.label(pair.second.backend),
            .text(pair.second.reader.title),
          ]
        })
    }
    if !within.isEmpty {
      document.paragraph("**One thing varied on one back end:**")
      let names = ["Back end", "First", "Second"].map { MarkdownTable.Column.text("\($0)") }
      document.table(
        table(within, names, hasYoungest: false) { pair in
          [
            results.label(pair.first.backend), .text(pair.first.reader.title), .text(pair.second.reader.title),
          ]
        })
    }
  }

  private func table(
    _ pairs: [FreshnessPair], _ names: [MarkdownTable.Column], hasYoungest: Bool, _ cells: (FreshnessPair) -> [Inline]
  ) -> MarkdownTable {
    let compared = ["age"] + (hasYoungest ? ["youngest"] : []) + ["CPU"]
    var table = MarkdownTable(
      names + [.number("Rate (events/s)"), .number("n")]
        + compared.flatMap { [.number("\($0): second / first [95 %]"), .number("p")] })
    for pair in pairs {
      let (first, second) = (pair.first, pair.second)
      let compared = [
        Comparison(base: first.trialMedians, other: second.trialMedians),
        hasYoungest
          ? Comparison(base: first.youngest.percentiles(50), other: second.youngest.percentiles(50)) : nil,
        Comparison(base: first.cpuPercents, other: second.cpuPercents),
      ].compactMap(\.self)
      table.add(
        cells(pair) + ["\(first.rate)", "\(first.age.count), \(second.age.count)"]
          + compared.flatMap { [LatencyFormat.ratio($0), LatencyFormat.p($0)] })
    }
    return table
  }
}

/// Two rows that are compared.
struct FreshnessPair {
  let first: FreshnessResult
  let second: FreshnessResult

  /// Readers that wait in the same way on two back ends, whether they flush or not: an ABI that hands out partial
  /// sub-buffers has no flush. Where a fill can be waited for, the one that waits for the first event.
  static func betweenBackends(_ first: FreshnessResult, _ second: FreshnessResult) -> Bool {
    first.backend != second.backend && first.mode == second.mode && first.rate == second.rate
      && first.reader.waiting == second.reader.waiting && first.reader.period == second.reader.period
      && [first, second].allSatisfy { ($0.reader.wake?.fill ?? 0) == 0 }
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
