import Results
import SubbufferSource

/// The loads that one writer wrote into ring buffers of several back ends at once: what came of each event in each of them.
struct SharedLoadsSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(.sharedLoads)
    guard let records = results.sharedLoads, !records.isEmpty else {
      return document.paragraph("No writer fed ring buffers of two back ends at once.")
    }
    document.paragraph(
      """
      One writer calls one function, and the kernel records each call in a ring buffer of each back end: the same events, at \
      the same times, into as many bytes. What differs is the size of a record, and the design. *Room*: the events that fit. \
      *Reported*: the loss that the channels of the reader ABI report in the end, and those of the recipe. Below, every \
      event: *lost, reported* where the reader ABI reports that very gap, *marked* where it does so without its number of events.
      """)
    for record in records { write(record, to: &document) }
  }

  private func write(_ record: SharedLoadRecord, to document: inout MarkdownDocument) {
    document.heading(3, "\(record.course), \(record.mode.rawValue) mode")
    document.paragraph("Course: \(record.title).")
    document.list(of: record.setup)
    var table = MarkdownTable([
      .text("Ring buffer"), .number("room"), .number("produced"), .number("delivered"), .number("lost"),
      .number("gaps"),
      .text("Reported, reader ABI alone"), .text("Reported, by the recipe"),
    ])
    let judged = record.rings.map { JudgedRing($0) }
    for ring in judged {
      table.add([
        results.label(ring.ring.backend), "\(ring.ring.room)", "\(ring.judgement.produced)",
        "\(ring.judgement.delivered)", "\(ring.judgement.lost)", "\(ring.judgement.gaps)",
        ring.report(ring.judgement.readerABI), ring.report(ring.judgement.recipe),
      ])
    }
    document.table(table)
    let broken = judged.flatMap { ring in
      ([ring.judgement.inconclusive].compactMap(\.self) + ring.judgement.violations.map { "\($0)" }).map {
        "\(results.label(ring.ring.backend)): \($0)" as Inline
      }
    }
    document.list(broken)
    var events = MarkdownTable(
      [.text("Events"), .number("number")] + record.rings.map { .text(results.label($0.backend)) })
    for run in record.runs {
      let (first, last) = (run.sequences.lowerBound, run.sequences.upperBound)
      events.add(
        [first == last ? "\(first)" : "\(first) … \(last)", "\(last - first + 1)"]
          + zip(judged, run.isDelivered).map { ring, isDelivered in
            isDelivered ? "delivered" : ring.lost(run.sequences)
          })
    }
    document.table(events)
  }
}

/// One of the ring buffers, with the judgement on what its ABI reported.
private struct JudgedRing {
  let ring: SharedLoadRecord.Ring
  let judgement: LossJudgement
  /// Each gap, and whether the reader ABI reported it.
  private let gaps: [(gap: LossGap, isReported: Bool)]

  init(_ ring: SharedLoadRecord.Ring) {
    self.ring = ring
    judgement = LossJudge.judge(ring.history)
    let gaps = ring.history.gaps
    let tellings = judgement.readerABI.tellings(of: ring.history.readerABI, gaps: gaps, end: ring.history.end)
    self.gaps = gaps.enumerated().map { index, gap in
      (gap, index < tellings.count && tellings[index] != nil)
    }
  }

  /// "1346 events (exact)".
  func report(_ verdict: ChannelVerdict) -> Inline {
    judgement.lost == 0 ? .text(verdict.told) : "\(verdict.told) (\(verdict.relation.rawValue))"
  }

  /// The report of the reader ABI on events that were lost.
  func lost(_ sequences: ClosedRange<UInt64>) -> Inline {
    guard let gap = gaps.first(where: { $0.gap.numbers.contains(sequences.lowerBound) }), gap.isReported else {
      return "lost, no report"
    }
    return judgement.readerABI.relation == .exact ? "lost, reported" : "lost, marked"
  }
}
