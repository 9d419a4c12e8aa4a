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
    document.paragraph("What a channel, or a total made of channels, told of what was lost in a scenario:")
    document.list(ChannelVerdict.Relation.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
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
      """
      *produced*: events that the producer began to write, by its own count; one whose write never returned counts only \
      where it was delivered. *delivered*: those of them that readers found, each once. *lost*: the others.
      """,
      """
      *gaps*: runs of missing sequence numbers. *hand-overs*: sub-buffers handed out, counted from 1, a partial one again \
      each time that there was more in it.
      """,
      """
      *lap*: as many hand-overs as it takes until each of the ring buffer's sub-buffers had its turn. *Read by*: the \
      mapping, with the calls of the ABI; the others are the kernel's own, on a ring buffer that is not mapped.
      """,
      """
      *in place*: a loss told with the hand-over behind the gap, the first that can show it; a gap behind the last event \
      with whatever was told behind that. *late*, *early*: told with a later or an earlier one, by so many hand-overs at \
      most. *untold*: gaps of which nothing was told. *unfounded*: hand-overs that told of a loss and belong to no gap. \
      *fell*: how often less was told than before.
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

extension ChannelVerdict.Relation {
  /// The definition in the report.
  var meaning: Inline {
    switch self {
    case .nothingLost: "nothing was lost, and nothing or zero is told"
    case .exact: "events were lost, and the number told is the number lost"
    case .upperBound: "it is told that no more than so many were lost, and so many or fewer were"
    case .underReported: "fewer events are told than were lost"
    case .overReported: "more events are told than were lost, or a loss where there was none"
    case .flagOnly: "it is told that events were lost, and not how many"
    case .packetsOnly: "it is told how many packets were lost, and not how many events were in them"
    case .saysNone: "events were lost, and it is told that none was"
    case .notTold: "events were lost, and nothing is told"
    case .otherQuantity: "the channel counts something else, such as unread events"
    case .inconclusive: "a sub-buffer could not be decoded, and nothing can be said; the reason is given"
    }
  }
}
