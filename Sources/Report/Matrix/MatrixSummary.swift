import Results

/// The versions, the machines, and the runs that failed.
struct MatrixScopeSection: ReportSection {
  let page: MatrixPage

  private var runs: [MatrixRun] { page.matrix.runs }

  func write(to document: inout MarkdownDocument) {
    document.heading(1, "Ring-buffer reader ABIs over versions")
    guard !page.matrix.isEmpty else { return document.paragraph("No run was merged.") }
    let versions = page.subjects.map { "\(code: $0.abi.name): \($0.abi.range)" as Inline }
    document.wrapped(
      """
      Made by `abi-compare matrix` from \(Format.count(runs.count, "run")). \(Inline(versions, separator: "; ")). A cell is \
      the answer of a version, computed from the observations of its runs; ✗: contradicts the ABI's own documentation; (✗): \
      undocumented, and not what the authors assumed; *a / b* in a cell: runs of that version differ. *Since* and \
      *until* name the versions between which a change lies, and nothing about versions that are not here. *Note*: written by \
      a person.
      """)
    writeRuns(to: &document)
    let lines: [Inline] =
      page.machines.enumerated().map { index, facts in "**M\(index + 1)**: \(machine(facts))." } + mixed + common
      + images
      + releases + skipped
    document.wrappedList(lines)
    writeFailures(to: &document)
  }

  private func writeRuns(to document: inout MarkdownDocument) {
    guard !runs.isEmpty else { return }
    var table = FrontPage.table([
      .text("Kernel"), .text("Released"), .text("Built"), .text("Live ABIs"), .text("Run of"), .text("Seed"),
      .text("Machine"),
    ])
    for run in page.shown(runs) {
      let kernel = run.kernel ?? "not recorded"
      table.add([
        .text(Format.cut(kernel, to: 36)),
        .text(run.kernel.flatMap { kernel in page.wording.release(of: kernel)?.date(of: kernel) } ?? "not recorded"),
        .text(run.built.map { Format.cut($0, to: 10) } ?? "not recorded"), abis(run),
        .text(Format.cut(String(run.startedAt.prefix(10)), to: 10)), "\(markup: "\(run.seed)")",
        .text(page.name(of: run.machine)),
      ])
    }
    for heading in ["Built", "Run of", "Seed", "Machine"] { table = table.withoutUniformColumn(heading) }
    document.table(table)
    page.countRest(of: runs.count, "run", in: &document)
  }

  /// The live ABIs that ran, with the versions that are not the kernel's.
  private func abis(_ run: MatrixRun) -> Inline {
    let parts = page.subjects.compactMap { subject -> Inline? in
      guard let backend = run.backends[subject.abi.name], backend.hasColumn else { return nil }
      let version = backend.version.map(VersionNumber.init)
      let number = version.flatMap { $0.text == run.kernel.map(VersionNumber.init)?.text ? nil : $0.number }
      let mark: Inline = backend.status == .ran ? "" : " (\(backend.status.rawValue))"
      return number.map { "\(code: subject.abi.name) \(Format.cut($0, to: 16))\(mark)" }
        ?? "\(code: subject.abi.name)\(mark)"
    }
    return parts.isEmpty ? "none" : Inline(parts, separator: ", ")
  }

  private func machine(_ facts: [Observation]) -> Inline {
    let counts = runs.contains { $0.machine == facts && $0.countsInstructions }
    let parts = facts.map { fact in
      Format.cut(["machine", "CPU"].contains(fact.name) ? fact.value : "\(fact.name) \(fact.value)", to: 120)
    }
    let text = parts.isEmpty ? "not recorded" : parts.joined(separator: ", ")
    return counts ? "\(text); its clock counts instructions" : "\(text)"
  }

  /// The caution that machines differ, if they do.
  private var mixed: [Inline] {
    guard page.machines.count > 1 else { return [] }
    return [
      """
      **Machines differ**: an answer that differs between runs of two machines may come from the machine or from the \
      configuration of the kernel, and not from the version.
      """
    ]
  }

  /// The programs, profiles, seeds and dates of the runs.
  private var common: [Inline] {
    func values(_ value: (MatrixRun) -> String) -> String {
      Format.list(runs.map { Format.cut(value($0), to: 40) }.uniqued().sorted())
    }
    return runs.isEmpty
      ? []
      : [
        """
        **Runs**: abi-compare \(values(\.toolVersion)), profile \(values(\.profile)), seed \(values { "\($0.seed)" }), of \
        \(values { String($0.startedAt.prefix(10)) }).
        """
      ]
  }

  /// The images of virtual machines that have more than a kernel.
  private var images: [Inline] {
    let images = runs.compactMap(\.image).uniqued().filter { !$0.hasSuffix(", without lttng-modules") }
    return images.isEmpty
      ? []
      : [
        "**Images of virtual machines**: \(page.shown(images).map { Format.cut($0, to: 200) }.joined(separator: "; "))."
      ]
  }

  /// The release dates of versions that are not kernels.
  private var releases: [Inline] {
    let kernels = Set(runs.compactMap(\.kernel).map { VersionNumber($0).text })
    let versions = runs.flatMap { $0.backends.values.compactMap(\.version) }.uniqued()
      .filter { !kernels.contains(VersionNumber($0).text) }.sorted { VersionNumber($0) < VersionNumber($1) }
    let dated = page.shown(versions).map { version in
      "\(Format.cut(version, to: 40)) \(page.wording.release(of: version)?.date(of: version) ?? "not recorded")"
    }
    return dated.isEmpty ? [] : ["**Released**: \(dated.joined(separator: "; "))."]
  }

  /// The live ABIs that a run was to have and has not, or not whole.
  private var skipped: [Inline] {
    struct Gap: Hashable {
      var backend: String
      var status: String
      var reason: String
    }
    let gaps = runs.flatMap { run in
      run.backends.filter { $0.value.status != .ran }.sorted { $0.key < $1.key }.map { name, backend in
        (
          gap: Gap(backend: name, status: backend.status.rawValue, reason: backend.reason ?? "no reason was recorded"),
          kernel: run.kernel ?? "a kernel that was not recorded"
        )
      }
    }
    return page.shown(gaps.grouped(by: \.gap)).map { gap, runs in
      """
      **Not run**: \(code: gap.backend) on \(Format.list(runs.map(\.kernel).uniqued())) (\(gap.status): \
      \(Format.cut(gap.reason, to: 200))).
      """
    }
  }

  private func writeFailures(to document: inout MarkdownDocument) {
    let failures = page.matrix.failures
    guard !failures.isEmpty else { return }
    document.heading(2, "Could not be made, or not completely")
    page.writeList(failures, "version", to: &document) { failure in
      let remedy = failure.remedy.isEmpty ? "" : "; remedy: \(Format.cut(failure.remedy, to: 200))"
      return """
        **\(Format.cut(failure.version, to: 40))**: \(Format.cut(failure.step, to: 80)): \
        \(Format.cut(failure.reason, to: 300))\(remedy).
        """
    }
  }
}

/// The changes in a few sentences. Each is a template that the matrix fills, or is left out.
struct MatrixSummarySection: ReportSection {
  let page: MatrixPage

  /// The number of findings that a sentence names.
  private static let mostNamed = 6

  func write(to document: inout MarkdownDocument) {
    let alone = page.subjects.filter { $0.abi.columns.count < 2 }.map {
      "\(code: $0.abi.name) (\($0.abi.range))" as Inline
    }
    let all =
      page.subjects.filter { $0.abi.columns.count > 1 }.flatMap(sentences)
      + (alone.isEmpty ? [] : ["One version only, so that nothing is compared: \(Inline(alone, separator: ", "))."])
    guard !all.isEmpty else { return }
    document.shortHeading(2, "What changed", anchor: "what-changed")
    document.wrappedList(all)
  }

  private func sentences(_ subject: MatrixPage.Subject) -> [Inline] {
    let (abi, answers) = (subject.abi, subject.answers)
    let losses = subject.losses.differing
    let costs = subject.costs.reduce(0) { $0 + $1.changed.count }
    let comparable = subject.losses.comparable
    let rows = subject.costs.reduce(0) { $0 + $1.rows.count }
    let parts: [Inline?] = [
      """
      answers differ in \(answers.changed.count) of the \(Format.count(answers.comparable, "question")) that at least two \
      versions answered
      """,
      answers.varying.isEmpty ? nil : "unlike answers by runs of one version in \(answers.varying.count)",
      comparable == 0 ? "no report of losses is comparable" : "reports of losses differ in \(losses) of \(comparable)",
      rows == 0 ? "no cost was measured on two versions and one machine" : "costs differ in \(costs) of \(rows)",
    ]
    let summary: Inline = "\(code: abi.name), \(abi.range): \(Inline(parts.compactMap(\.self), separator: "; "))."
    let findings = subject.findings.filter { !$0.isEverywhere && $0.presence.values.contains(true) }
    func ofNewest(_ has: Bool?) -> [MatrixFinding] { findings.filter { ($0.has.last ?? nil) == has } }
    let (newest, older) = (ofNewest(true), ofNewest(false))
    let (newestClaims, olderClaims) = (Set(newest.map(\.claim)), Set(older.map(\.claim)))
    // Trouble in the log has no claim.
    func hadAnother(_ finding: MatrixFinding) -> Bool { !finding.claim.isEmpty && olderClaims.contains(finding.claim) }
    let gone = older.filter { $0.claim.isEmpty || !newestClaims.contains($0.claim) }
    let version = abi.columns.last?.title ?? ""
    return [summary] + named(gone, "Findings that \(code: abi.name) \(version) does not have any more")
      + named(
        newest.filter { !hadAnother($0) },
        "Findings of \(code: abi.name) \(version) that an older version does not have")
      + named(
        newest.filter(hadAnother),
        "Findings of \(code: abi.name) \(version) on questions whose older answers were findings, too")
      + named(ofNewest(nil), "Findings of older versions on which \(code: abi.name) \(version) does not decide")
  }

  private func named(_ findings: [MatrixFinding], _ title: Inline) -> [Inline] {
    guard !findings.isEmpty else { return [] }
    let shown = findings.prefix(min(Self.mostNamed, page.limit)).map { finding -> Inline in
      "*\(Format.cut(finding.title, to: 80))* (\(finding.severity.rawValue)), \(Format.cut(finding.versions(isBrief: true), to: 160))"
    }
    let rest: Inline = findings.count > shown.count ? "; \(findings.count - shown.count) more" : ""
    return ["\(title): \(Inline(shown, separator: "; "))\(rest) (\(Inline.link("findings", toFile: "#findings")))."]
  }
}
