import Study

/// What the terms and numbers mean.
struct GuideSection: ReportSection {
  func write(to document: inout MarkdownDocument) {
    document.heading(2, "How to read this", anchor: "how-to-read-this")
    document.paragraph(
      """
      Everything here is made from `results.json` alone. `—` stands where there is no value. A back end is *live* where \
      a real ABI was read, and a *model* where a step machine of one was.
      """)
    document.paragraph("Verdicts of a probe:")
    document.list(FindingLabel.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
    document.paragraph("Verdicts of a loss row:")
    document.list(LossResult.Verdict.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
    document.paragraph("Numbers:")
    document.list([
      """
      *p50*, *p90*, *p99*, *p99.9*: the value at or below which that share of the *n* samples lies. It is left out \
      (`—`) where fewer than \(SampleSupport.samplesBeyond) samples are expected beyond it: p50 below \
      \(SampleSupport.required(for: 50)) samples, p90 below \(SampleSupport.required(for: 90)), p99 below \
      \(SampleSupport.required(for: 99)), p99.9 below \(SampleSupport.required(for: 99.9)).
      """,
      "*out of range*: samples beyond the range of the histogram; they are not among *n* nor in any other column.",
      "*clock overhead*: the median cost of reading the clock twice. It is contained in every sample and not subtracted.",
      "*produced*: events that the producer tried to write, by its own count. *delivered*: those of them that the reader found.",
      "*lost*: produced − delivered. *reported*: the number of events that the reader ABI said were lost; `—` where it gave none.",
      """
      *duplicates*: events delivered a second time. *reordered*: events delivered after a later one. *gaps*: runs of \
      missing sequence numbers. *hand-overs*: sub-buffers handed out, a partial one again each \
      time that there was more in it.
      """,
    ])
  }
}

extension LossResult.Verdict {
  /// The definition in the report.
  var meaning: Inline {
    switch self {
    case .nothingLost: "nothing was lost, and nothing or zero is reported"
    case .exact: "events were lost, and the number reported is the number lost"
    case .underReported: "fewer events are reported than were lost"
    case .overReported: "more events are reported than were lost"
    case .flagOnly: "it is told that events were lost, and not how many"
    case .packetsOnly: "it is told how many packets were lost, and not how many events"
    case .notTold: "events were lost, and the reader ABI gives no sign of it: it says nothing, or that none was lost"
    case .inconclusive: "the counts do not add up, and nothing can be said; the reason is given"
    }
  }
}
