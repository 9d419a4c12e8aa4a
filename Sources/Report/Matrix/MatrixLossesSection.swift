import Study

/// The reports of losses that differ between versions.
struct MatrixLossesSection: ReportSection {
  let page: MatrixPage

  func write(to document: inout MarkdownDocument) {
    let subjects = page.subjects.filter { subject in
      subject.abi.columns.count > 1
        && !(subject.losses.changed.isEmpty && subject.losses.partlySkipped.isEmpty)
    }
    guard page.subjects.contains(where: { $0.losses.comparable > 0 }) else { return }
    document.shortHeading(2, "Losses that differ", anchor: "losses")
    document.wrapped(
      """
      The report of each channel in the end, compared with the true loss, in the words of the report: *exact*, *upper bound*, \
      *flag only* and so on; *a, b*: the scenario was made with several seeds, which give both. Scenarios in which writer and \
      reader run at the same time differ from run to run and are not compared; those that depend on the seed are compared \
      under one seed only. Sizes of events differ between versions, and with them the room for a number after the data.
      """)
    if subjects.isEmpty { document.paragraph("None.") }
    for subject in subjects { write(subject, to: &document) }
    let notComparable = Set(page.subjects.flatMap(\.losses.notComparable)).sorted()
    if !notComparable.isEmpty {
      document.wrapped(
        "Not compared: \(MatrixText.list(notComparable.map { FrontPage.cut($0, to: 60) }, most: 12)).")
    }
  }

  private func write(_ subject: MatrixPage.Subject, to document: inout MarkdownDocument) {
    let (abi, losses) = (subject.abi, subject.losses)
    document.heading(3, .code(abi.name))
    let rows = page.shown(losses.changed)
    let grid = MatrixGrid(
      heading: "Mode, channel", versions: abi.columns.map(\.title),
      rows: rows.map { row in
        MatrixGrid.Row(
          label: "\(row.mode), \(row.channel)", cells: row.words.map { $0 ?? "—" },
          short: row.words.map { $0.flatMap { row.numbers[$0] }.map { "\($0)" } ?? "—" })
      })
    if grid.isShort.contains(true) { document.wrapped(MatrixText.numbersLegend) }
    grid.write(to: &document)
    document.wrappedList(zip(rows, grid.isShort).map { text($0, isNumbered: $1) })
    page.countRest(of: losses.changed.count, "row", in: &document)
    let skipped = losses.partlySkipped.grouped { entry in
      entry.skipped.flatMap { [$0.version, $0.reason] } + entry.made
    }
    document.wrappedList(
      page.shown(skipped).map { _, entries in
        let names = entries.map { "\($0.name.scenario) (\($0.name.mode))" }
        let reasons = entries[0].skipped.grouped(by: \.reason).map { reason, versions in
          "\(MatrixText.list(versions.map(\.version))) (\(FrontPage.cut(reason, to: 160)))" as Inline
        }
        return "Made in some versions only: \(MatrixText.list(names)): not in \(Inline(reasons, separator: "; "))."
      })
  }

  private func text(_ row: MatrixLosses.Row, isNumbered: Bool) -> Inline {
    let numbers = isNumbered ? row.numbers : [:]
    let history: Inline =
      row.history.values.count > 1
      ? Inline(MatrixText.statements(row.history, numbers: numbers), separator: "; ") : "runs of one version differ"
    let scenarios = MatrixText.list(row.scenarios.map { FrontPage.cut($0, to: 60) })
    return "*\(row.mode), \(FrontPage.cut(row.channel, to: 60))*, in \(scenarios): \(history)."
  }
}
