import Foundation
import Study

/// The subjects of the run, its machine, its omissions, and what is suspect about it.
struct ScopeSection: ReportSection {
  let page: FrontPage

  private var results: Results { page.results }

  func write(to document: inout MarkdownDocument) {
    let run = results.run
    document.heading(1, "Ring-buffer reader ABIs compared")
    var table = page.table([.text("ABI"), .text("Version"), .text("Released"), .text("Status")])
    let live = results.backends.filter(\.isLive)
    for backend in live {
      let release = backend.version.flatMap(page.wording.release)
      table.add([
        .link(.code(backend.name), to: ContentsSection.Section.backends.anchor), .text(backend.version ?? "—"),
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
      \(Inline.link("Environment and command", to: ContentsSection.Section.environment.anchor)).
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
      \(Inline.link("definitions", to: ContentsSection.Section.guide.anchor)). Pages: \
      \(Inline(ContentsSection.Section.frontLinks, separator: ", ")).
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
      (results.latency.isEmpty, "latency"), (results.freshness.isEmpty, "delivery latency"),
      (results.throughput.isEmpty, "throughput"), (results.disturbance.isEmpty, "writer overhead"),
      (results.losses.isEmpty, "losses"), (results.crossChecks.isEmpty, "cross-checks"),
      (results.surface.isEmpty, "access counts"),
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

  /// The reasons to doubt the machine, or that there is none by the bounds that are checked.
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
