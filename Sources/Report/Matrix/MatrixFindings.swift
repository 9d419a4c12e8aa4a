import Results
import Study

/// The findings by severity, with the versions that have them.
struct MatrixFindingsSection: ReportSection {
  let page: MatrixPage

  private typealias Entry = (subject: MatrixPage.Subject, finding: MatrixFinding)

  func write(to document: inout MarkdownDocument) {
    let entries = page.subjects.flatMap { subject in
      subject.findings.map { (subject: subject, finding: $0) }
    }.sorted(bySeverity: \.finding.severity)
    guard !entries.isEmpty else { return }
    document.shortHeading(2, "Findings by severity", anchor: "findings")
    document.wrapped(
      "\(Severity.counts(entries.map(\.finding.severity))). Titles are notes, or the question with its answer.")
    writeDiffering(entries.filter { !$0.finding.isEverywhere }, to: &document)
    writeCommon(entries.filter(\.finding.isEverywhere), to: &document)
  }

  private func writeDiffering(_ entries: [Entry], to document: inout MarkdownDocument) {
    guard !entries.isEmpty else { return }
    document.heading(3, "In some versions only")
    // The findings of one question are listed together, at the place of the most severe one.
    let questions = entries.map(\.finding).grouped { finding in
      [finding.abi.name, finding.claim.isEmpty ? finding.title : finding.claim]
    }.map { $0.1 }
    page.writeList(questions, "question", to: &document, text)
  }

  /// The findings of a question: "**S1** `a`: *A title*: until 1 (not in 2). Another answer to it: *B title* (S2): since 2 …".
  private func text(_ findings: [MatrixFinding]) -> Inline {
    let texts = findings.enumerated().map { index, finding -> Inline in
      let title: Inline = "*\(Format.cut(finding.title, to: 100))*\(finding.during)"
      let versions = Format.cut(finding.versions(), to: 400)
      let note: Inline =
        finding.logNote.map { " *Note*: \(Inline.cited($0.cause)). \(Inline.cited($0.status))." } ?? ""
      return index == 0
        ? "**\(finding.severity.rawValue)** \(code: finding.abi.name): \(title): \(versions).\(note)"
        : "Another answer to it: \(title) (\(finding.severity.rawValue)): \(versions).\(note)"
    }
    return Inline(texts, separator: " ")
  }

  /// The findings that no version is without: the severe ones by name, the others counted.
  private func writeCommon(_ entries: [Entry], to document: inout MarkdownDocument) {
    guard !entries.isEmpty else { return }
    document.heading(3, "In every version that decides")
    document.wrappedList(
      entries.grouped { [$0.finding.severity.rawValue, $0.subject.abi.name] }.map { key, own in
        let isNamed = own[0].finding.severity <= .s3
        let shown = isNamed ? page.shown(own) : []
        var texts = shown.map { entry -> Inline in
          let open = entry.finding.has.indices.filter { entry.finding.has[$0] == nil }
          let undecided: Inline = open.isEmpty ? "" : " (not decided in \(entry.finding.abi.ranges(open)))"
          return "\(Format.cut(entry.finding.title, to: 100))\(entry.finding.during)\(undecided)"
        }
        if shown.count < own.count {
          texts.append("\(markup: isNamed ? "\(own.count - shown.count) more" : "\(own.count)") \(list)")
        }
        return "**\(key[0])** \(code: key[1]): \(Inline(texts, separator: "; "))."
      })
  }

  private var list: Inline { "(\(Inline.link("list", toFile: MatrixPage.unchangedFile)))" }
}

/// A finding of one ABI over its versions: an answer, or trouble in the kernel's log.
struct MatrixFinding {
  /// The stable name of the claim; empty for trouble in the log.
  var claim: String
  /// The answer; empty for trouble in the log.
  var answer: String
  var severity: Severity
  /// The finding in a few words.
  var title: String
  /// The parts of the runs with the trouble, if they are few: " during put-twice"; else empty.
  var during = ""
  /// The note bound to the answer.
  var note: Note?
  /// The explanation of trouble in the log.
  var logNote: LogNote?
  /// The versions that have it, in their order.
  var presence: VersionHistory<Bool>
  /// `true` for each version with the answer, `false` for one with another answer only; `nil` if it decides nothing.
  var has: [Bool?]
  /// The ABI.
  let abi: MatrixABI

  /// `true` if no version answers otherwise.
  var isEverywhere: Bool { !has.contains(false) }

  /// The versions that have it: "until 6.12.107 (not in 6.12.117)".
  /// - Parameter isBrief: `true` to leave out those that do not have it: "until 6.12.107".
  func versions(isBrief: Bool = false) -> String {
    let open = has.indices.filter { has[$0] == nil }
    let rest = open.isEmpty ? "" : "; not decided in \(abi.ranges(open))"
    // Runs and builds of one number that differ have no place in the order.
    guard presence.values.contains(true) else {
      return "in \(abi.ranges(has.indices.filter { has[$0] == true }))\(rest)"
    }
    return presence.text(of: true, isBrief: isBrief) + rest
  }

  /// All findings of an ABI, the most severe first, those of some versions only before the others.
  static func all(_ abi: MatrixABI, _ answers: MatrixAnswers, _ wording: Wording) -> [MatrixFinding] {
    let notes = Dictionary(grouping: wording.notes, by: \.claim)
    let rows = answers.changed + answers.varying + answers.constant + answers.single
    let found = rows.flatMap { row -> [MatrixFinding] in
      row.cells.flatMap(\.decidedAnswers).uniqued { $0.answer }.compactMap { answer in
        guard let text = answer.answer,
          let rank = Finding.rank(
            row.claim, text, answer.outcome, answer.basis, abis: abi.abis, notes[row.claim] ?? [])
        else { return nil }
        return MatrixFinding(
          claim: row.claim, answer: text, severity: rank.severity, title: rank.note?.title ?? "\(row.title): \(text)",
          note: rank.note, row: row, abi)
      }
    }
    let troubles = Set(abi.columns.flatMap { $0.runs.flatMap(\.backend.troubles.keys) }).sorted()
    let all = troubles.map { MatrixFinding(trouble: $0, abi, wording) } + found
    return (all.filter { !$0.isEverywhere } + all.filter(\.isEverywhere)).sorted(bySeverity: \.severity)
  }

  private init(
    claim: String, answer: String, severity: Severity, title: String, note: Note?, row: MatrixAnswers.Row,
    _ abi: MatrixABI
  ) {
    (self.claim, self.answer, self.severity, self.title, self.note) = (claim, answer, severity, title, note)
    has = row.cells.map { cell -> Bool? in
      cell.decidedAnswers.isEmpty ? nil : cell.decidedAnswers.contains { $0.answer == answer }
    }
    presence = abi.history(zip(row.cells, has).map { cell, has in cell.isVarying ? nil : has })
    self.abi = abi
  }
}

extension MatrixFinding {
  /// Trouble in the kernel's log.
  fileprivate init(trouble: String, _ abi: MatrixABI, _ wording: Wording) {
    (claim, answer, severity, note) = ("", "", .s1, nil)
    let parts = Set(abi.columns.flatMap { $0.runs.flatMap { $0.backend.troubles[trouble]?.parts ?? [] } }).sorted()
    during = (1...2).contains(parts.count) ? " during \(parts.joined(separator: " and "))" : ""
    title = "Kernel log: \(KernelFinding.withoutKind(trouble))"
    logNote = wording.logNote(titled: trouble)
    let (decided, seen) = abi.columnsWithTrouble(trouble)
    has = abi.columns.indices.map { decided.contains($0) ? seen.contains($0) : nil }
    presence = abi.history(has)
    self.abi = abi
  }
}

extension MatrixABI {
  /// The versions whose kernel's log decides on trouble of a title, and those that have the trouble.
  ///
  /// A log that was not read decides nothing; nor does one without trouble that came by chance elsewhere, or during parts
  /// that this version's runs did not make.
  func columnsWithTrouble(_ title: String) -> (decided: [Int], seen: Set<Int>) {
    let reports = columns.map { $0.runs.compactMap { $0.backend.troubles[title] } }
    let all = reports.flatMap(\.self)
    let parts = all.reduce(into: Set()) { $0.formUnion($1.parts) }
    let isByChance = !all.isEmpty && all.allSatisfy(\.isByChance)
    let seen = columns.indices.filter { !reports[$0].isEmpty }
    let without = columns.indices.filter { index in
      !isByChance && reports[index].isEmpty
        && columns[index].runs.contains { $0.backend.hasKernelLog && $0.backend.made(oneOf: parts) }
    }
    return ((seen + without).sorted(), Set(seen))
  }
}

extension MatrixBackend {
  /// `true` if a claim of these was decided, or a loss scenario of these made, or there are none.
  fileprivate func made(oneOf parts: Set<String>) -> Bool {
    parts.isEmpty || parts.contains { answers[$0]?.answer != nil }
      || losses.keys.contains { parts.contains(TroubleReports.part($0)) }
  }
}

/// The other versions of a matrix that have the findings of a run, and those that do not.
struct OtherVersions {
  let runs: Int
  private let abis: [String: MatrixABI]
  private let versions: [String: String]
  private let kernel: String?

  init(_ matrix: VersionMatrix, _ results: StudyResults, _ wording: Wording) {
    runs = matrix.runs.count
    abis = Dictionary(firstOf: MatrixABI.all(matrix, wording).map { ($0.name, $0) })
    versions = Dictionary(
      firstOf: results.backends.compactMap { backend in backend.version.map { (backend.name, $0) } })
    kernel = results.environment.facts.value(of: "kernel")
  }

  /// The versions of the same ABI, other than that of the run, that gave the answer of a finding, and those that gave another
  /// one; `nil` if none decided.
  func versions(of finding: Finding) -> (seen: String, missing: String)? {
    guard let abi = abis[finding.result.backend] else { return nil }
    let cells = abi.cells(of: finding.result.id)
    let decided = cells.indices.filter {
      !isOwn(abi.columns[$0], finding.result.backend) && !cells[$0].decidedAnswers.isEmpty
    }
    let seen = decided.filter { index in cells[index].decidedAnswers.contains { $0.answer == finding.result.answer } }
    guard !decided.isEmpty else { return nil }
    return (abi.ranges(seen), abi.ranges(decided.filter { !seen.contains($0) }))
  }

  /// `true` if a column is the version of the run.
  private func isOwn(_ column: MatrixABI.Column, _ backend: String) -> Bool {
    let version = versions[backend].map(VersionNumber.init)
    return column.version?.text == version?.text
      && (column.kernel == nil || column.kernel == kernel.map(VersionNumber.init))
  }

  /// "seen in 6.12.95 to 6.18.5; not in 7.3.4".
  func text(of finding: Finding) -> String? {
    versions(of: finding).map(OtherVersions.text)
  }

  /// The other versions whose kernel's log has a report like that of a finding, and those whose log decides that they have
  /// none: "tracefs: seen in 6.16.3; not in 7.3.4"; `nil` if no log of them decides.
  func text(of finding: KernelFinding, in results: StudyResults) -> String? {
    let backends = Set(finding.occurrences.compactMap { $0.record.name(in: results).backend }).sorted()
    let texts = backends.compactMap { backend -> String? in
      guard let abi = abis[backend] else { return nil }
      let (decided, seen) = abi.columnsWithTrouble(finding.titleWithoutLines)
      let others = decided.filter { !isOwn(abi.columns[$0], backend) }
      guard !others.isEmpty else { return nil }
      let text = OtherVersions.text(
        seen: abi.ranges(others.filter(seen.contains)), missing: abi.ranges(others.filter { !seen.contains($0) }))
      return backends.count > 1 ? "\(backend): \(text)" : text
    }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }

  private static func text(seen: String, missing: String) -> String {
    [seen.isEmpty ? nil : "seen in \(seen)", missing.isEmpty ? nil : "not in \(missing)"].compactMap(\.self)
      .joined(separator: "; ")
  }

  /// "not in 7.3.4"; `nil` if every version has it.
  func missing(_ finding: Finding) -> String? {
    versions(of: finding).flatMap { $0.missing.isEmpty ? nil : "not in \($0.missing)" }
  }
}
