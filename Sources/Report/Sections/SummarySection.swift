import Study

/// The title, the contents, and one line for each back end.
struct SummarySection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let run = results.run
    document.heading(1, "Ring-buffer reader ABIs compared")
    document.paragraph(
      """
      Run of \(run.startedAt), profile \(code: run.profile), seed \(code: String(run.seed)), \
      abi-compare \(run.toolVersion).
      """)
    ContentsSection().write(to: &document)
    document.heading(2, "Summary")
    guard !results.backendNames.isEmpty else { return document.paragraph("No back end was recorded.") }
    var table = MarkdownTable(
      [.text("Back end"), .text("Kind"), .text("Status"), .number("Findings")] + columns.map { .text("\($0.heading)") })
    for backend in results.backendNames { table.add(row(backend)) }
    document.table(table)
    document.paragraph("The terms are defined in \(ContentsSection.Section.guide.link).")
  }

  private struct Column {
    var heading: String
    var cell: (_ backend: String) -> Inline
  }

  /// Those that a record was made for.
  private var columns: [Column] {
    var columns: [Column] = []
    if !results.probes.isEmpty {
      columns.append(
        Column(heading: "Claims by verdict") { backend in
          counts(results.probes.filter { $0.backend == backend }.map(\.outcome))
        })
    }
    if !results.clauses.isEmpty {
      columns.append(
        Column(heading: "Clauses by verdict") { backend in
          counts(results.clauses.filter { $0.backend == backend }.map(\.verdict))
        })
    }
    if !results.modelChecks.isEmpty {
      columns.append(
        Column(heading: "Against itself") { backend in
          let checks = results.modelChecks.filter { $0.backend == backend }
          let agreeing = checks.count(where: \.violations.isEmpty)
          return checks.isEmpty ? .absent : agreeing == checks.count ? "agrees" : "**disagrees**"
        })
    }
    if !results.losses.isEmpty {
      columns.append(
        Column(heading: "Losses as the reader ABI alone tells them") { backend in
          counts(results.losses.filter { $0.backend == backend }.compactMap { $0.judgement?.readerABI.relation })
        })
    }
    if !results.crossChecks.isEmpty {
      columns.append(
        Column(heading: "Counted by others") { backend in
          let rows = results.crossChecks.filter { $0.backend == backend }.flatMap(\.rows)
          let unexplained = rows.count(where: \.isUnexplained)
          let differing = rows.count(where: \.differs)
          if rows.isEmpty { return .absent }
          return
            "equal \(rows.count - differing), explained \(differing - unexplained), unexplained \(unexplained)"
        })
    }
    return columns
  }

  private func row(_ backend: String) -> [Inline] {
    let result = results.backend(backend)
    let findings = results.contradictions.count { results.probes[$0].backend == backend }
    return [
      .code(backend), results.kind(of: backend),
      result.map { .link("\($0.status.rawValue)", to: ContentsSection.Section.backends.anchor) } ?? "not recorded",
      result?.isLive == true ? "\(findings)" : Inline.absent,
    ] + columns.map { $0.cell(backend) }
  }

  /// How often each verdict occurs, in the order of their definition.
  private func counts<Verdict>(_ verdicts: [Verdict]) -> Inline
  where Verdict: CaseIterable & RawRepresentable<String> & Equatable {
    let counts: [Inline] = Verdict.allCases.compactMap { verdict in
      let count = verdicts.count { $0 == verdict }
      return count == 0 ? nil : "\(verdict.rawValue) \(count)"
    }
    return counts.isEmpty ? .absent : Inline(counts, separator: ", ")
  }
}
