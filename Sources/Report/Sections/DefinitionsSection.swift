import Study

/// The definitions of the terms and numbers of a page, in front of it.
struct DefinitionsSection: ReportSection {
  /// The subject of a group of definitions.
  enum Subject {
    case claims, evidence, models, numbers, losses
    /// All of them, as a section of their own.
    case all
  }

  private let subject: Subject

  init(_ subject: Subject) {
    self.subject = subject
  }

  func write(to document: inout MarkdownDocument) {
    switch subject {
    case .all:
      document.heading(.guide)
      document.paragraph("Every page is made from `results.json` alone. `—`: no value.")
      general(&document)
      outcomes(&document)
      models(&document)
      clauses(&document)
      relations(&document)
      numbers(&document)
    case .claims, .evidence: document.details("Definitions", outcomes)
    case .models:
      document.details("Definitions") {
        models(&$0); outcomes(&$0)
      }
    case .numbers: document.details("Definitions", numbers)
    case .losses:
      document.details("Definitions") {
        relations(&$0); numbers(&$0)
      }
    }
  }

  private func general(_ document: inout MarkdownDocument) {
    document.list([
      """
      *live*: a real ABI was read. *model*: a step machine of one was, which this tool contains. Wherever a model is \
      named outside of its own tables it is marked so.
      """,
      "*claim*: something that somebody stated or asked about a reader ABI, with its source. *Stated*: of this very ABI.",
      """
      *finding*: an answer of a live ABI that a consumer has to know of: it contradicts the ABI's documentation, is not as \
      assumed, or a note ranks it. Its severity is its effect on a consumer, whoever stated the expectation.
      """,
      """
      *defect*: a failure of this tool or of a basic guarantee: a back end that failed, an event that came twice or out of \
      order, a broken clause, a model that violates its invariants.
      """,
      "*status*: the back end ran, was skipped (it cannot run here) or failed.",
    ])
  }

  private func outcomes(_ document: inout MarkdownDocument) {
    document.paragraph("*Answer*: at most six words computed from the observations. Outcomes of a claim:")
    document.list(ProbeResult.Outcome.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
  }

  private func models(_ document: inout MarkdownDocument) {
    document.paragraph("A model and the live ABI that it is a model of:")
    document.list([
      "*same answer*: both were decided, with the same answer and against the same expectation.",
      "*different answer*: both were decided, with different answers.",
      "*same answer, different expectation*: as it says.",
      "*not comparable*: at least one of them was not decided.",
    ])
    document.paragraph("A model against itself:")
    document.list([
      """
      *schedule*: the order of the steps of the model's writer and reader; its text replays it. *exchanges*: of the \
      reader's sub-buffer. *violations*: schedules that broke an invariant of the model or did not replay.
      """
    ])
  }

  private func clauses(_ document: inout MarkdownDocument) {
    document.paragraph(
      "Verdicts on a clause of the protocol that this tool reads every back end through, a back end being its source:")
    document.list(ClauseResult.Verdict.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
  }

  private func relations(_ document: inout MarkdownDocument) {
    document.paragraph("The report of a channel, or of a total of channels, compared with the true loss of a scenario:")
    document.list(ChannelVerdict.Relation.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
  }

  private func numbers(_ document: inout MarkdownDocument) {
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
