import Study

/// The losses that a reader can count: the matrix of modes and ABIs, and each ABI's recipe.
struct LossCountingSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    let subjects = LossSubject.all(of: page.results).filter { page.backends.contains($0.backend) }
    guard !subjects.isEmpty else { return }
    document.heading(2, "Counting losses", anchor: "losses-at-a-glance")
    document.wrapped(
      """
      Scenarios in which events were lost, by what the reader ABI alone reports in the end; the two modes are never added \
      up. The last row of a mode adds what lies outside of the reader ABI. Terms and scenarios: \
      \(Inline.link("losses", to: ContentsSection.Section.losses.anchor)).
      """)
    var table = page.table([.text("Mode"), .text("Read by")] + page.backends.map { .text(.code($0)) })
    for mode in subjects.map(\.mode).grouped(by: \.self).map(\.key) {
      for (name, total) in [("reader ABI", \LossJudgement.readerABI), ("recipe", \.recipe)] {
        table.add(
          [.text(mode), .text(name)]
            + page.backends.map { backend in
              subjects.first { $0.backend == backend && $0.mode == mode }
                .map { .text(page.cell(LossCountingSection.summary($0, total), columns: page.backends.count, reserved: 26)) }
                ?? .absent
            })
      }
    }
    document.table(table)
    write(recipesOf: subjects, to: &document)
  }

  /// "exact in 22 of 26, flag only 4".
  static func summary(_ subject: LossSubject, _ total: KeyPath<LossJudgement, ChannelVerdict>) -> String {
    let lossy = subject.rows.filter { $0.judgement.lost > 0 }.map { $0.judgement[keyPath: total].relation }
    guard !lossy.isEmpty else { return "no loss" }
    let groups = lossy.grouped(by: \.self).map { (relation: $0.key, count: $0.elements.count) }
      .sorted { $0.count > $1.count }
    return groups.enumerated().map { index, group in
      index == 0
        ? "\(group.relation.rawValue) in \(group.count) of \(lossy.count)" : "\(group.relation.rawValue) \(group.count)"
    }.joined(separator: ", ")
  }

  private func write(recipesOf subjects: [LossSubject], to document: inout MarkdownDocument) {
    for subject in subjects {
      let abis = page.results.abis(of: subject.backend)
      guard let recipe = page.wording.recipes.first(where: { abis.contains($0.abi) && $0.mode == subject.mode }) else {
        continue
      }
      document.paragraph(
        """
        \(code: subject.backend), \(subject.mode). Remaining error of the recipe: \
        \(LossCountingSection.summary(subject, \.recipe)).
        """)
      document.codeBlock(recipe.lines.joined(separator: "\n"), language: "c")
    }
  }
}
