import Results

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
      document.heading(.definitions)
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
      *live*: a real ABI. *model*: a step machine of an ABI, part of this tool. Outside of its own tables a model is \
      marked as such.
      """,
      "*claim*: a statement or a question about a reader ABI, with its source. *Stated*: about this very ABI.",
      """
      *finding*: an answer of a live ABI that matters to a consumer: it contradicts the ABI's documentation, is not as \
      assumed, or a note ranks it. Its severity is its effect on a consumer, whoever stated the expectation.
      """,
      """
      *defect*: a failure of this tool or of a basic guarantee: a back end that failed, an event delivered twice or out of \
      order, a broken clause, a model that violates its invariants.
      """,
      "*status*: the back end ran, was skipped (it cannot run here) or failed.",
    ])
  }

  private func outcomes(_ document: inout MarkdownDocument) {
    document.paragraph("*Answer*: at most six words computed from the observations. Outcomes of a claim:")
    list(ProbeResult.Outcome.self, &document)
  }

  private func models(_ document: inout MarkdownDocument) {
    document.paragraph("A model and the live ABI that it is a model of:")
    document.list([
      "*same answer*: both were decided, with the same answer and against the same expectation.",
      "*different answer*: both were decided, with different answers.",
      "*same answer, different expectation*: both were decided, with the same answer against different expectations.",
      "*not comparable*: at least one of them was not decided.",
    ])
    document.paragraph("Checks of a model's invariants:")
    document.list([
      """
      *schedule*: the order of the steps of the model's writer and reader; its text replays it. *exchanges*: of the \
      reader's sub-buffer. *violations*: schedules that broke an invariant of the model or did not replay.
      """
    ])
  }

  private func clauses(_ document: inout MarkdownDocument) {
    document.paragraph(
      "Outcomes of a clause of the protocol through which this tool reads every back end:")
    list(ClauseRecord.Verdict.self, &document)
  }

  private func relations(_ document: inout MarkdownDocument) {
    document.paragraph("The report of a channel, or of a total of channels, compared with the true loss of a scenario:")
    list(ChannelVerdict.Relation.self, &document)
  }

  private func list<Terms: Term>(_ terms: Terms.Type, _ document: inout MarkdownDocument) {
    document.list(terms.allCases.map { "*\($0.rawValue)*: \($0.meaning)" })
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
      "*clock overhead*: the median cost of reading the clock twice, contained in every sample and not subtracted.",
      """
      *produced*: events that the producer began to write, by its own count; one whose write never returned counts only \
      where it was delivered. *delivered*: those of them that readers found, each once. *lost*: the others.
      """,
      """
      *gaps*: runs of missing sequence numbers. *hand-overs*: sub-buffers handed out, counted from 1, a partial one again \
      each time that there was more in it.
      """,
      """
      *lap*: the hand-overs after which each sub-buffer was handed out as often as the others. *Read by*: the \
      mapping, with the calls of the ABI; the others are the kernel's own, on a ring buffer that is not mapped.
      """,
      """
      *in place*: a loss reported with the hand-over after the gap, the first that can report it; a gap after the last event \
      with any report after that event. *late*, *early*: reported with a later or an earlier one, by at most N hand-overs. \
      *not reported*: gaps without a report. *unfounded*: hand-overs with a reported loss that belongs to no gap. \
      *fell*: the number of readings below the previous one.
      """,
    ])
  }
}

/// Words of the report with their definitions.
private protocol Term: RawRepresentable<String>, CaseIterable {
  /// The definition in the report.
  var meaning: Inline { get }
}

extension ClauseRecord.Verdict: Term {
  var meaning: Inline {
    switch self {
    case .kept: "it was kept on every ring buffer tested"
    case .broken: "it was not kept on the ring buffer shown"
    case .inconclusive: "the test decides neither way; the reason is given"
    case .notApplicable: "there is nothing to test on this back end; the reason is given"
    }
  }
}

extension ChannelVerdict.Relation: Term {
  var meaning: Inline {
    switch self {
    case .nothingLost: "nothing was lost, and no loss is reported"
    case .exact: "events were lost, and the number reported is the number lost"
    case .upperBound: "the channel reports an upper bound, and no more were lost"
    case .underReported: "fewer events are reported than were lost"
    case .overReported: "more events are reported than were lost, or a loss without one"
    case .flagOnly: "a loss of events is reported without a number"
    case .packetsOnly: "the number of lost packets is reported, not of events"
    case .saysNone: "events were lost, and 0 is reported"
    case .notTold: "events were lost, and nothing is reported"
    case .otherQuantity: "the channel counts something else, such as unread events"
    case .inconclusive: "a sub-buffer could not be decoded; the reason is given"
    }
  }
}

extension ProbeResult.Outcome: Term {
  var meaning: Inline {
    switch self {
    case .asDocumented: "a source states an answer of this ABI, and this answer was observed"
    case .contradicts: "a source states an answer of this ABI, and another one was observed"
    case .asAssumed:
      "undocumented: no source states an answer of this ABI; the one that the authors assumed was observed"
    case .notAsAssumed: "undocumented; another answer than the authors assumed was observed"
    case .undecided: "the evidence decides neither way, or the probe failed; the reason is given"
    case .notTested: "the probe was not made; the reason is given"
    case .doesNotApply: "the ABI lacks the subject of the question; the reason says what it has instead"
    }
  }
}
