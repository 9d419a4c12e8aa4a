import Study

/// The costs that differ between versions, machine by machine.
struct MatrixCostsSection: ReportSection {
  let page: MatrixPage

  func write(to document: inout MarkdownDocument) {
    let changed = page.subjects.flatMap { subject in
      subject.costs.filter { !$0.changed.isEmpty }.map { (abi: subject.abi, costs: $0) }
    }
    let compared = page.subjects.flatMap(\.costs)
    guard !compared.isEmpty else { return }
    document.shortHeading(2, "Costs that differ", anchor: "costs")
    document.wrapped(
      """
      The costs of the front page of each run, versions on one machine only: the median of the trials, in parentheses their \
      range if it is more than one number, rounded to two digits. A cost differs if the ranges of two versions do not overlap and their medians differ by at least one unit, by more than \
      \(percent(MatrixCosts.leastOfInstructions)) % of the larger one where the clock counts instructions, by more than \
      \(percent(MatrixCosts.leastOfTimes)) % elsewhere, since times also differ between boots. Instructions and times are in \
      no table together.
      """)
    if changed.isEmpty { document.paragraph("None.") }
    for (abi, costs) in changed {
      document.heading(3, "\(code: abi.name), \(costs.unit) on \(page.name(of: costs.machine))")
      let rows = page.shown(costs.changed)
      let grid = MatrixGrid(
        greatestLabel: 64, heading: costs.unit, versions: costs.versions,
        rows: rows.map { row in
          MatrixGrid.Row(
            label: row.name, cells: row.values.map { $0?.text ?? "—" }, short: row.values.map { $0?.medianText ?? "—" })
        })
      grid.write(to: &document)
      document.wrappedList(
        zip(rows, grid.isShort).filter(\.1).map { row, _ in
          let values = zip(costs.versions, row.values).compactMap { version, cost in
            cost.map { "\(version): \($0.text)" }
          }
          return "*\(row.name)*, with the ranges: \(values.joined(separator: "; "))."
        })
      page.countRest(of: costs.changed.count, "cost", in: &document)
    }
  }

  private func percent(_ share: Double) -> String { Format.decimal(share * 100, digits: 0) }
}
