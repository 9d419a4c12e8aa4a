import Foundation
import Results

/// The subjects of the run, its machine, its omissions, and the reasons to doubt it.
struct ScopeSection: ReportSection {
  let page: FrontPage

  private var results: StudyResults { page.results }

  func write(to document: inout MarkdownDocument) {
    let run = results.run
    document.heading(1, "Ring-buffer reader ABIs compared")
    var table = FrontPage.table([.text("ABI"), .text("Version"), .text("Released"), .text("Status")])
    let live = results.backends.filter(\.isLive)
    for backend in live {
      let release = backend.version.flatMap(page.wording.release)
      table.add([
        LinkedSection.backends.link(.code(backend.name)), .text(backend.version ?? "—"),
        .text(release.map { $0.date(of: backend.version) } ?? "not recorded"), .text(backend.status.rawValue),
      ])
    }
    if live.isEmpty { document.paragraph("No live ABI was asked for: this report is about models alone.") }
    if !live.isEmpty { document.table(table) }
    let titles = live.map { "\(code: $0.name): \($0.title)" as Inline }
    let lines: [Inline?] = [
      "**ABIs**: \(Inline(titles, separator: "; ")).",
      "**Machine**: \(machine).",
      """
      **Run**: \(run.startedAt), profile \(code: run.profile), seed \(code: String(run.seed)), abi-compare \
      \(run.toolVersion), \(Format.decimal(run.seconds, digits: 0)) s. \
      \(LinkedSection.environment.link("Environment and command")).
      """,
      age,
      results.environment.countsInstructions
        ? "**Clock**: counts instructions of an emulated machine; a ratio of instructions is no ratio of times." : nil,
      "**Not in this run**: \(Inline(omissions, separator: "; ")).",
      "**Suspect about the machine**: \(suspicions)",
    ]
    document.wrappedList(lines.compactMap(\.self))
    document.wrapped(
      """
      An answer is computed from the observations of this run; *does not apply*, *not tested* and *undecided* are not \
      observations. ✗: contradicts the ABI's own documentation; \
      (✗): undocumented, and not what the authors assumed. *Note*: written by a person, with its source, and shown only \
      while the answer that it explains is the one observed. Terms: \
      \(LinkedSection.definitions.link("definitions")). Pages: \
      \(Inline(LinkedSection.frontLinks, separator: ", ")).
      """)
  }

  /// The back ends whose version was released more than two years before the run; `nil` if there is none.
  private var age: Inline? {
    guard let run = Self.years(results.run.startedAt) else { return nil }
    let old = results.backends.filter(\.isLive).compactMap { backend -> Inline? in
      guard let date = backend.version.flatMap(page.wording.release)?.date, let released = Self.years(date),
        run - released > 2
      else { return nil }
      return "\(code: backend.name) was released \(Format.decimal(run - released, digits: 1)) years before this run"
    }
    return old.isEmpty
      ? nil
      : "**Age**: \(Inline(old, separator: "; ")). What later releases fix: \(Inline.link("findings", to: "findings"))."
  }

  /// A date of ISO 8601 in years, to the day or so; `nil` of anything else.
  private static func years(_ date: String) -> Double? {
    let parts = date.prefix(10).split(separator: "-").map { Double($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else { return nil }
    return year + (month - 1) / 12 + (day - 1) / 365
  }

  private var machine: Inline {
    let names = ["kernel", "machine", "CPU", "CPUs online", "hypervisor", "virtual machine", "accelerator"]
    let facts = names.compactMap { name in results.environment.facts.first { $0.name == name } }
    guard !facts.isEmpty else { return "not recorded" }
    return Inline(facts.map { $0.name == "kernel" ? .text($0.value) : "\($0.name) \($0.value)" }, separator: ", ")
  }

  private var omissions: [Inline] {
    let skipped = results.backends.filter { $0.isLive && $0.status != .ran }.map { backend -> Inline in
      "\(code: backend.name) (\(backend.status.rawValue): \(backend.reason ?? "no reason was recorded"))"
    }
    let measured: [(isMissing: Bool, name: Inline)] = [
      (results.latency.isEmpty, "latency"), (results.deliveryLatency.isEmpty, "delivery latency"),
      (results.throughput.isEmpty, "throughput"), (results.writerOverhead.isEmpty, "writer overhead"),
      (results.losses.isEmpty, "losses"), (results.crossChecks.isEmpty, "cross-checks"),
      (results.accessCounts.isEmpty, "access counts"),
    ]
    let missing = measured.filter(\.isMissing).map(\.name)
    let scenarios = results.lossScenariosLeftOut
    var leftOut = (results.run.leftOut ?? []).map { chapter -> Inline in
      "\(chapter.name) (\(Inline(chapter.value.components(separatedBy: "; ").map { "*\($0)*" }, separator: ", ")))"
    }
    if !scenarios.isEmpty {
      leftOut.insert(
        "\(scenarios.count) loss scenarios (\(Inline.link("list", to: LossScenariosTables.leftOutAnchor)))", at: 0)
    }
    let parts =
      skipped + (missing.isEmpty ? [] : ["measurements of \(Inline(missing, separator: ", "))"])
      + (leftOut.isEmpty ? [] : ["left out by the profile: \(Inline(leftOut, separator: "; "))"])
    return parts.isEmpty ? ["nothing that abi-compare has"] : parts
  }

  /// The reasons to doubt the machine, or the checked bounds if there is none.
  private var suspicions: Inline {
    let found = MachineSuspicion.all(in: results)
    guard !found.isEmpty else {
      return """
        none: load before the run at most \(Format.decimal(MachineSuspicion.mostLoadPerCPU, digits: 1)) per CPU, no trials \
        at two speeds, noise at most \(Format.decimal(MachineSuspicion.mostNoise * 100, digits: 0)) %.
        """
    }
    return Inline(found.map(\.text), separator: " ")
  }
}

extension Wording {
  /// The release with the longest name that a version begins with: "Linux 6.12" for "Linux 6.12.95" if no other is known.
  func release(of version: String) -> Release? {
    releases.filter { release in
      guard version.hasPrefix(release.version) else { return false }
      // "Linux 6.1" is not the release of "Linux 6.12".
      let next = version.dropFirst(release.version.count).first
      return next.map { !$0.isNumber } ?? true
    }.max { $0.version.count < $1.version.count }
  }
}

extension Release {
  /// The date; with the release that it is of, if that is not the whole version.
  func date(of version: String?) -> String {
    let number = self.version.split(separator: " ").last.map(String.init) ?? self.version
    return self.version == version ? date : "\(date) (\(number))"
  }
}

/// The conclusions that this run does not allow.
struct LimitsSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.shortHeading(2, "What is not concluded", anchor: "limits")
    let results = page.results
    var limits: [Inline] = [
      "One machine, one kernel, one version of each ABI: only notes are about others.",
      """
      Costs are of one reader, one writer, or one of each; contention, many CPUs, interrupts as writers and the longest time with \
      interrupts off were not measured.
      """,
      "The writers of the ABIs differ in cost, so losses of one ABI under a race are not compared with those of another.",
    ]
    if let machine = results.environment.facts.value(of: "machine") {
      limits.append("Memory ordering and caches of other machines than \(machine).")
    }
    if results.environment.countsInstructions {
      limits.append(
        """
        Times: the clock of this run counts instructions of an emulated machine whose CPUs take turns. A ratio of \
        instructions is no ratio of times.
        """)
    }
    if let reason = results.kernelLog?.unreadable {
      limits.append("Warnings of the kernel: its log was not read (\(reason)).")
    }
    let models = results.backends.filter { !$0.isLive && $0.status == .ran }
    if !models.isEmpty {
      limits.append(
        """
        Models (\(Inline(models.map { .code($0.name) }, separator: ", "))) show what a design does by its source, as the \
        authors read it: \(LinkedSection.models.link("models")).
        """)
    }
    document.wrappedList(limits)
  }
}

/// The way from a cell to its evidence, and to a second opinion.
struct CheckSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.shortHeading(2, "How to check a cell", anchor: "check")
    document.wrapped(
      """
      `abi-compare explain CELL results.json` prints for one cell the question, the expectation with its source, the \
      observations, the judge and the probe by file and line, the place in `results.json`, the second opinion, and the \
      command that repeats only this; `results.json` is next to this page. A cell is \(code: "BACKEND/CLAIM"), \(code: "BACKEND/MODE/SCENARIO"), or a place in \
      `results.json` such as \(code: "latency[3]"). The whole run again: \
      \(LinkedSection.repetition.link("how to repeat")). For example:
      """)
    var examples: [String] = []
    if let finding = page.findings.first { examples.append("\(finding.result.backend)/\(finding.result.id)") }
    if let loss = page.results.losses.first(where: { $0.history != nil && page.backends.contains($0.backend) }) {
      examples.append("\(loss.backend)/\(loss.mode)/\(loss.scenario)")
    }
    if !page.results.latency.isEmpty { examples.append("latency[0]") }
    if !examples.isEmpty {
      document.codeBlock(
        examples.map { "abi-compare explain \(Format.shell([$0])) results.json" }.joined(separator: "\n"))
    }
  }
}
