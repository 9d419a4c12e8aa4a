import Results
import Study

/// The machine, and the command line of the run.
struct EnvironmentSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    let run = results.run
    document.heading(.environment)
    document.table(
      of: [
        Observation("command line", Format.shell(run.command)), Observation("profile", run.profile),
        Observation("seed", run.seed), Observation("started at", run.startedAt),
        Observation("duration", "\(Format.decimal(run.seconds, digits: 1)) s"),
        Observation("abi-compare", run.toolVersion), Observation("results.json schema", results.schemaVersion),
      ], heading: "Run")
    if results.environment.facts.isEmpty {
      document.paragraph("No facts about the machine were recorded.")
    } else {
      document.table(of: results.environment.facts, heading: "Machine")
    }
  }
}

/// The way in which the kernel's log was read, and its lines during parts of the run without a page of their own.
struct KernelLogSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(.kernelLog)
    guard let log = results.kernelLog else {
      return document.paragraph("It was not read: the results are of a version without this channel.")
    }
    let taint = [log.taintBefore, log.taintAfter].map { $0.map { KernelLogResult.text(ofTaint: $0) } ?? "not readable" }
    var facts = [
      Observation("read", log.unreadable.map { "no: \($0)" } ?? "yes"),
      Observation("markers", log.unmarked.map { "missing: \($0)" } ?? "before each part on a live back end"),
      Observation("forks of the machine", log.forksUnknown.map { "not followed: \($0)" } ?? "followed"),
      Observation("taint before and after", taint.joined(separator: ", ")),
    ]
    let occurrences = KernelFinding.occurrences(in: results)
    let faults = occurrences.filter { $0.trouble.kind.isFault }
    let reports = Set(faults.map { $0.log.lines[$0.trouble.headline].sequence })
    let others = faults.filter { $0.cause == .others }
    let losses = occurrences.filter { [.lossReport, .channelLosses].contains($0.trouble.kind) }
    facts += [
      Observation("reports of trouble", reports.count),
      Observation("of these, of other programs", Set(others.map { $0.log.lines[$0.trouble.headline].sequence }).count),
      Observation("reports of lost events", losses.count),
    ]
    document.table(of: facts, heading: "Kernel log")
    for part in log.parts ?? [] {
      let backend: Inline = part.backend.map { " on \(code: $0)" } ?? ""
      document.details("\(part.part)\(backend)") { KernelLogText(log: part.log).write(to: &$0) }
    }
  }
}

/// The commands that make the run and the report again.
struct RepeatSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(.repetition)
    if results.run.command.isEmpty {
      document.paragraph("The command line of the run was not recorded.")
    } else {
      document.paragraph(
        "To repeat the run with the same order of trials, event sizes and loads:")
      document.codeBlock(Format.shell(commandWithSeed))
    }
    document.paragraph("To generate this report from the results:")
    document.codeBlock("abi-compare report results.json")
  }

  /// The command line; the seed is added if the run chose it.
  private var commandWithSeed: [String] {
    let command = results.run.command
    let names = command.contains { $0 == "--seed" || $0.hasPrefix("--seed=") }
    return names ? command : command + ["--seed", String(results.run.seed)]
  }
}

/// The status, facts and optional capabilities of each back end.
struct BackendsSection: ReportSection {
  let results: StudyResults

  func write(to document: inout MarkdownDocument) {
    document.heading(.backends)
    if results.backends.isEmpty { document.paragraph("None was recorded.") }
    for backend in results.backends.filter(\.isLive) + results.backends.filter({ !$0.isLive }) {
      write(backend, to: &document)
    }
  }

  private func write(_ backend: BackendResult, to document: inout MarkdownDocument) {
    document.heading(3, "\(code: backend.name): \(backend.title)")
    var status: Inline = "Status: **\(backend.status.rawValue)** (\(results.kind(of: backend.name)))."
    if let reason = backend.reason {
      status = "\(status) Reason: \(reason)"
    } else if backend.status != .ran {
      status = "\(status) No reason was recorded."
    }
    document.paragraph(status)
    if let remedy = backend.remedy {
      document.paragraph("To enable it:")
      document.codeBlock(remedy)
    }
    if !backend.abis.isEmpty {
      document.paragraph(
        "Expectations used: \(Inline(texts: backend.abis, separator: ", otherwise ")).")
    }
    if !backend.capabilities.isEmpty {
      document.paragraph(
        "Optional capabilities: \(Inline(backend.capabilities.map { .code($0) }, separator: ", ")).")
    }
    if !backend.facts.isEmpty { document.table(of: backend.facts, heading: "Fact") }
  }
}

/// The clauses of the protocol, tested on each back end's source.
struct ClausesSection: ReportSection {
  private typealias Record = (index: Int, result: ClauseRecord)

  let results: StudyResults
  let anchors: Anchors

  func write(to document: inout MarkdownDocument) {
    document.heading(.clauses)
    guard !results.clauses.isEmpty else { return document.paragraph("No clause was tested.") }
    let (backends, others) = results.backendNames(recordedIn: results.clauses.map(\.backend))
    let records = results.clauses.enumerated().map { Record(index: $0.offset, result: $0.element) }
    document.paragraph(
      """
      Tests of this tool's own reader of each ABI, not of the ABI (`Sources/SubbufferSource/SubbufferSource.swift` contains \
      the clauses). In brackets: the number of ring buffers tested. `—`: no record for that back end.
      """)
    var table = MarkdownTable([.text("Clause")] + backends.map { .text(results.columnHeading($0)) })
    for (key, clause) in records.grouped(by: { "\($0.result.clause) \($0.result.title)" })
      .sorted(by: { $0.elements[0].result.clause < $1.elements[0].result.clause })
    {
      table.add(
        ["\(key)"]
          + backends.map { backend in
            let verdicts = clause.filter { $0.result.backend == backend }.map(cell)
            return verdicts.isEmpty ? Inline.absent : Inline(verdicts, separator: ", ")
          })
    }
    document.table(table)
    if !others.isEmpty { document.paragraph("No clause was tested on \(results.labels(others)).") }
    let open = records.filter { $0.result.verdict != .kept }.sorted { $0.result.clause < $1.result.clause }
    guard !open.isEmpty else { return }
    document.heading(3, "Not kept, or not tested")
    for record in open where !record.result.evidence.isEmpty { write(record, to: &document) }
    document.list(
      open.filter(\.result.evidence.isEmpty)
        .grouped { ["\($0.result.clause)", $0.result.verdict.rawValue, $0.result.reason] }.map { brief($0.elements) })
  }

  private func cell(_ record: Record) -> Inline {
    let result = record.result
    let cases: Inline = result.cases == 0 ? "" : " (\(result.cases))"
    switch result.verdict {
    case .kept: return "kept\(cases)"
    case .broken: return "\(Inline.link("**broken**", to: anchors.clauses[record.index]))\(cases)"
    case .inconclusive, .notApplicable:
      return "\(Inline.link("\(result.verdict.rawValue)", to: anchors.clauses[record.index]))\(cases)"
    }
  }

  private func brief(_ records: [Record]) -> Inline {
    let result = records[0].result
    return results.brief(
      records.map { (anchors.clauses[$0.index], $0.result.backend) },
      "clause \(result.clause), \(result.verdict.rawValue)", result.reason)
  }

  private func write(_ record: Record, to document: inout MarkdownDocument) {
    let result = record.result
    let verdict: Inline = result.verdict == .broken ? "<b>broken</b>" : "\(result.verdict.rawValue)"
    let summary: Inline = """
      \(Inline.anchor(anchors.clauses[record.index]))\(results.label(result.backend)): clause \(result.clause), \
      \(result.title): \(verdict)
      """
    document.details(summary, isOpen: result.verdict == .broken) { document in
      document.list(result.reason.map { ["Reason: \($0)"] } ?? [])
      if !result.evidence.isEmpty { document.table(of: result.evidence, heading: "Observed") }
    }
  }
}

/// The marks of probes and loss scenarios: counts of those reached on each back end, and a list of the others.
struct MarksSection: ReportSection {
  let results: StudyResults
  let wording: Wording

  func write(to document: inout MarkdownDocument) {
    let records = MarkRecord.all(in: results, wording)
    guard !records.isEmpty else { return }
    document.heading(.marks)
    document.paragraph(
      """
      A mark is a point that a probe or a loss scenario must pass; without it the outcome is *undecided*. Each cell: the \
      number of probes and scenarios that reached it, of those that must.
      """)
    let backends = results.backendNames.filter { name in records.contains { $0.backend == name } }
    var table = MarkdownTable([.text("Mark")] + backends.map { .text(.text(results.plainLabel($0))) })
    for (_, kind) in records.grouped(by: \.id) {
      let cells = backends.map { backend -> Inline in
        let own = kind.filter { $0.backend == backend }
        return own.isEmpty ? .absent : "\(own.count(where: \.isReached)) of \(own.count)"
      }
      table.add([.text(kind[0].words)] + cells)
    }
    document.table(table)
    let missing = records.filter { !$0.isReached }
    guard !missing.isEmpty else { return document.paragraph("Every mark was reached.") }
    document.paragraph("Not reached:")
    document.list(
      missing.map { record in
        let machine: Inline = record.isOfMachine ? "; the machine decides it" : ""
        return "\(results.label(record.backend)): \(record.subject): \(record.words)\(machine)"
      })
  }
}

/// A mark of one probe or loss scenario on one back end, reached or not.
struct MarkRecord {
  /// The kind of the mark.
  var id: String
  /// The point in a few words.
  var words: String
  var backend: String
  /// The claim, or the scenario and its mode.
  var subject: String
  var isReached: Bool
  /// `true` if the machine decides it.
  var isOfMachine: Bool

  /// The marks of all probes that observed something, and of all scenarios that were made.
  static func all(in results: StudyResults, _ wording: Wording) -> [MarkRecord] {
    let claims = Dictionary(firstOf: wording.claims.map { ($0.id, $0) })
    let probes = results.probes.filter { !$0.evidence.isEmpty }.flatMap { probe -> [MarkRecord] in
      let evidence = Evidence(probe.evidence)
      return marks(of: probe, claims[probe.id], in: results).map { mark in
        MarkRecord(
          id: mark.id, words: mark.words, backend: probe.backend, subject: probe.id,
          isReached: mark.isReached(in: evidence), isOfMachine: mark.isOfMachine)
      }
    }
    let losses = results.losses.flatMap { loss -> [MarkRecord] in
      guard let history = loss.history else { return [] }
      return loss.marks.map { mark in
        MarkRecord(
          id: mark.rawValue, words: mark.words, backend: loss.backend, subject: "\(loss.scenario), \(loss.mode)",
          isReached: mark.isReached(in: history), isOfMachine: false)
      }
    }
    return probes + losses
  }

  /// The marks that a probe must reach; none if the claim or the expectation is unknown.
  static func marks(of probe: ProbeResult, _ claim: Claim?, in results: StudyResults) -> [Mark] {
    guard let claim, let expectation = claim.expectation(of: results.abis(of: probe.backend)) else { return [] }
    return claim.marks(of: expectation) ?? []
  }
}
