import Study

/// What the terms and numbers mean.
struct GuideSection: ReportSection {
  func write(to document: inout MarkdownDocument) {
    document.heading(.guide)
    document.paragraph("Everything here is made from `results.json` alone. `—` stands where there is no value.")
    document.list([
      """
      *live*: a real ABI was read. *model*: a step machine of one was, which this tool contains. Wherever a model is \
      named outside of its own tables it is marked so.
      """,
      "*claim*: something that somebody stated or asked about a reader ABI, with its source. *Stated*: of this very ABI.",
      "*finding*: a claim that its source states of a live ABI, and that was refuted on it. Only these are in bold.",
      """
      *defect*: what has to work whatever is claimed. A back end that failed, an event that came twice or out of order, \
      a broken clause, a model that does not agree with itself.
      """,
      "*kind*, *status*: live, or what it is a model of; whether it ran, was skipped (it cannot run here) or failed.",
    ])
    document.paragraph("Verdicts on a claim:")
    document.list(FindingLabel.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
    document.paragraph("A model beside the live ABI that it is a model of:")
    document.list([
      "*agree*: both were decided, alike, and held against the same expectation.",
      "*disagree*: both were decided (it was observed on the one and not on the other).",
      "*alike against different expectations*: both were decided alike, and not held against the same.",
      "*not comparable*: one of them was not decided; how often and why is counted.",
    ])
    document.paragraph(
      "Verdicts on a clause of the protocol that this tool reads every back end through, a back end being its source:")
    document.list(ClauseResult.Verdict.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
    document.paragraph("A model against itself:")
    document.list([
      """
      *schedule*: the order in which the steps of the model's writer and reader were made; each is made again from its \
      text. *exchanges*: of the reader's sub-buffer. *violations*: schedules under which one of the model's invariants \
      did not hold, or that did not make the same run again.
      """
    ])
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

extension ClauseResult.Verdict {
  /// The definition in the report.
  var meaning: Inline {
    switch self {
    case .kept: "it was kept on every ring buffer that it was tried on"
    case .broken: "it was not kept on the ring buffer that is shown"
    case .inconclusive: "what was tried decides neither way; the reason is given"
    case .notApplicable: "there is nothing to try on this back end; the reason is given"
    }
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
