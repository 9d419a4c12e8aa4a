import Results
import SubbufferSource

/// The losses that a reader can count: the matrix of modes and ABIs, and each ABI's recipe.
struct LossCountingSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let subjects = page.losses
    guard !subjects.isEmpty else { return }
    document.shortHeading(2, "Counting losses", anchor: "losses-at-a-glance")
    document.wrapped(
      """
      Scenarios in which events were lost, by the report of the reader ABI alone in the end, and by the recipe, which may \
      also read other files or ask the writer. *Reader ABI*: the mapping, and calls on what is mapped. *Packet count only*: the \
      missing packets are counted, not their events. *No indication*: no channel of the reader ABI marks the loss. *Reports 0*: a count exists and is 0. Events of too-big writes and those that a dead reader held \
      count as lost, cleared ones do not. Scenarios that an ABI cannot play are not counted. Terms and scenarios: \(LinkedSection.losses.link("losses")).
      """)
    var table = FrontPage.table([
      .text("Mode"), .text("ABI"), .number("with a loss"), .number("exact"), .text("otherwise"),
      .number("exact by recipe"),
    ])
    for subject in ordered(subjects) {
      let others = Self.relations(of: subject).filter { $0.relation != .exact }.map {
        "\($0.relation.rawValue) \($0.count)"
      }
      table.add([
        .text(subject.mode), .code(subject.backend), "\(subject.lossy.count)", "\(subject.exact(\.readerABI))",
        .text(Format.cut(others.joined(separator: ", "), to: 72)), "\(subject.exact(\.recipe))",
      ])
    }
    document.table(table)
    write(LossSpectrum(subjects: subjects), to: &document)
    write(recipesOf: subjects, to: &document)
    let named = subjects.flatMap { inexact($0) }.filter { $0.rows.count <= LossSubject.mostNamed }.flatMap { $0.rows }
    let scenarios = named.grouped(by: { $0.result.scenario }).map { name, rows -> Inline in
      "*\(name)*: \(rows[0].result.title)"
    }
    if !scenarios.isEmpty { document.wrapped("Scenarios: \(Inline(scenarios, separator: ". ")).") }
  }

  /// The places in which the ABIs report losses.
  private func write(_ spectrum: LossSpectrum, to document: inout MarkdownDocument) {
    let places = spectrum.places
    guard !places.isEmpty else { return }
    document.wrapped(
      """
      The same by where a loss is reported: the scenarios in which its number is reported exactly there, and in parentheses \
      those in which it is marked there without it. *Record*: one between the events. *Gap*: in numbers or positions. *Call or \
      file*: beside the mapping. *Writer*: it is told, or counts itself. —: the ABI reports nothing there. The \
      report of an ABI as a whole can be less exact than that of one place: packets that are missing have no number of events.
      """)
    var table = FrontPage.table(
      [.text("Mode"), .text("ABI"), .number("with a loss")] + places.map { .number("\($0.columnHead)") })
    for subject in ordered(spectrum.subjects) {
      table.add(
        [.text(subject.mode), .code(subject.backend), "\(subject.lossy.count)"] as [Inline]
          + places.map { spectrum.cell(subject, $0) })
    }
    document.table(table)
  }

  /// By mode, in the order of the results.
  private func ordered(_ subjects: [LossSubject]) -> [LossSubject] {
    subjects.sorted { modes.firstIndex(of: $0.mode) ?? 0 < modes.firstIndex(of: $1.mode) ?? 0 }
  }

  private var modes: [RingMode] { page.results.losses.map(\.mode).uniqued() }

  /// The relations of the report of the reader ABI alone to the true loss over the scenarios with a loss, the most frequent
  /// first.
  private static func relations(of subject: LossSubject) -> [(relation: ChannelVerdict.Relation, count: Int)] {
    subject.lossy.grouped(by: \.judgement.readerABI.relation).map { ($0.key, $0.elements.count) }
      .sorted { $0.count > $1.count }
  }

  /// "exact in 22 of 26, flag only 4".
  static func summary(_ subject: LossSubject) -> String {
    let relations = relations(of: subject)
    guard let first = relations.first else { return "no loss" }
    return
      (["\(first.relation.rawValue) in \(first.count) of \(subject.lossy.count)"]
      + relations.dropFirst().map { "\($0.relation.rawValue) \($0.count)" }).joined(separator: ", ")
  }

  /// The scenarios with a loss in which the recipe is not exact, by the relation of its total to the true loss.
  private func inexact(_ subject: LossSubject) -> [(relation: ChannelVerdict.Relation, rows: [LossSubject.Row])] {
    subject.lossy.grouped(by: \.judgement.recipe.relation).filter { $0.key != .exact }.map { ($0.key, $0.elements) }
  }

  /// "exact in 23 of 25; too few: one-over (12 of 100)": the result of the recipe, with the scenarios of each relation that
  /// has few, and the events by which it is off.
  private func remainder(_ subject: LossSubject) -> Inline {
    let files = LossDetails.files(of: page.results)
    let parts = inexact(subject).map { relation, rows -> Inline in
      guard rows.count <= LossSubject.mostNamed else { return "\(relation.rawValue) in \(rows.count)" }
      let scenarios = rows.map { row -> Inline in
        let name = page.anchors.loss(
          .text(row.result.scenario), row.index, in: row.result.history == nil ? nil : files[subject.backend])
        let lost = row.judgement.lost
        return row.judgement.recipe.difference.map { "\(name) (by \($0) of \(lost) events)" }
          ?? "\(name) (\(lost) events lost)"
      }
      return "\(relation.rawValue): \(Inline(scenarios, separator: ", "))"
    }
    return Inline(["exact in \(subject.exact(\.recipe)) of \(subject.lossy.count)"] + parts, separator: "; ")
  }

  /// The recipes, each once for all back ends that have it.
  private func write(recipesOf subjects: [LossSubject], to document: inout MarkdownDocument) {
    let found = subjects.compactMap { subject -> (subject: LossSubject, recipe: Recipe)? in
      let abis = page.results.abis(of: subject.backend)
      return page.wording.recipes.first { abis.contains($0.abi) && $0.mode == subject.mode }.map { (subject, $0) }
    }
    for (_, entries) in found.grouped(by: { $0.recipe.lines }) {
      let names = page.names(entries.map(\.subject.backend))
      let errors = entries.map { entry -> Inline in
        entries.count > 1 ? "\(code: entry.subject.backend) \(remainder(entry.subject))" : remainder(entry.subject)
      }
      document.wrapped(
        """
        **\(names), \(entries[0].subject.mode) mode.** Over all scenarios with a loss: \
        \(Inline(errors, separator: ". ")).
        """)
      document.codeBlock(entries[0].recipe.lines.joined(separator: "\n"), language: "c")
    }
  }
}
