import Results

/// The front page: its sections, and the data that they share.
struct FrontPage {
  /// The greatest length of a row of a table.
  static let greatestRow = 140
  /// The greatest number of lines: more than three ABIs bring recipes and rules of their own.
  static func greatestLength(abis: Int) -> Int { 480 + 50 * max(0, abis - 3) }
  /// The greatest size in bytes.
  static let greatestSize = 60_000

  /// The amount of detail: the front page has the most with which it stays within its length and size.
  enum Detail: Int, CaseIterable {
    case full, medium, brief, low, least

    /// The number of reasons for differences.
    var reasons: Int { [15, 10, 8, 3, 2][rawValue] }
    /// The number of similarities.
    var similarities: Int { [10, 10, 8, 3, 1][rawValue] }
    /// The number of rules of each ABI.
    var rules: Int { [8, 8, 8, 6, 4][rawValue] }
    /// The number of changes of a design that no answer of the run shows.
    var changes: Int { [12, 4, 2, 0, 0][rawValue] }
    /// The number of surprises of each ABI.
    var surprises: Int { [50, 50, 20, 1, 1][rawValue] }
    /// `true` if the most severe findings have a paragraph each, else a line.
    var hasParagraphs: Bool { self < .brief }
    /// `true` if the findings of the second severity have their consequences and workarounds, and cells without an answer
    /// their reasons.
    var hasConsequences: Bool { self < .least }
    /// The number of parts of the run that are named for a report of the kernel's log.
    var parts: Int { [6, 6, 6, 6, 1][rawValue] }
    /// `true` if the other findings have a row each, else they are listed in a paragraph.
    var hasRows: Bool { self == .full }

    static func < (one: Detail, other: Detail) -> Bool { one.rawValue < other.rawValue }
  }

  /// The amount of text on other versions, if there is a matrix.
  enum VersionDetail: CaseIterable {
    case full, missingOnly, none
  }

  var detail = Detail.full
  var versionDetail = VersionDetail.full
  let results: StudyResults
  let wording: Wording
  let anchors: Anchors
  let plots: [Plot]
  /// The answers of the live back ends that ran.
  let answers: AnswerTable
  let findings: [Finding]
  /// Trouble that the kernel's log reports.
  let kernelFindings: [KernelFinding]
  /// The loss scenarios of the live back ends that ran.
  let losses: [LossSubject]
  let figures: Figures
  /// The other versions with the findings; `nil` without a matrix.
  let otherVersions: OtherVersions?
  /// The hazards of the ABIs that ran, the most severe first; `isShown` if a measurement of the run shows the hazard.
  let hazards: [(backend: String, hazard: Hazard, isShown: Bool)]

  init(
    _ results: StudyResults, _ wording: Wording, anchors: Anchors, plots: [Plot], matrix: VersionMatrix? = nil
  ) {
    otherVersions = matrix.map { OtherVersions($0, results, wording) }
    self.results = results
    self.wording = wording
    self.anchors = anchors
    self.plots = plots
    answers = AnswerTable(results, on: results.liveBackends)
    findings = Finding.all(in: results, wording)
    kernelFindings = KernelFinding.all(in: results)
    let backends = answers.backends
    losses = LossSubject.all(of: results).filter { backends.contains($0.backend) }
    let figures = Figures(results: results, backends: backends)
    self.figures = figures
    let entries = backends.flatMap { backend in
      wording.hazards.filter { hazard in
        results.abis(of: backend).contains(hazard.abi)
          && !results.probes.contains { $0.backend == backend && $0.id == hazard.claim && $0.answer != nil }
      }.map { hazard in
        (backend: backend, hazard: hazard, isShown: hazard.effect.map { figures.show($0, on: backend) } ?? false)
      }
    }
    hazards = entries.sorted(bySeverity: \.hazard.severity)
  }

  /// The other versions that have a finding and those that do not, as far as the front page shows them.
  func versions(of finding: Finding) -> String? {
    switch versionDetail {
    case .full: otherVersions?.text(of: finding)
    case .missingOnly: otherVersions?.missing(finding)
    case .none: nil
    }
  }

  /// The live back ends that ran.
  var backends: [String] { answers.backends }

  var sections: [any ReportSection] {
    [
      ScopeSection(page: self), DefectsSection(results: results, anchors: anchors),
      ContradictionsSection(results: results),
      HighlightsSection(page: self), UsesSection(page: self), DecisionSection(page: self),
      ComparisonSection(page: self),
      FindingsSection(page: self), LossCountingSection(page: self), CostsSection(page: self), RulesSection(page: self),
      HistorySection(page: self), LimitsSection(page: self), CheckSection(page: self),
    ]
  }

  /// A table whose rows stay below ``greatestRow`` characters.
  static func table(_ columns: [MarkdownTable.Column]) -> MarkdownTable {
    MarkdownTable(columns, greatestWidth: greatestRow)
  }

  /// A table of questions against the live back ends, each row fitted into ``greatestRow`` characters.
  /// - Parameter rows: the text of a question, the link that shows it, and its cells.
  func table(_ title: String, _ rows: [(text: String, link: (String) -> Inline, cells: [String])], cut length: Int)
    -> MarkdownTable
  {
    var table = FrontPage.table([.text("\(title)")] + backends.map { .text(.code($0)) })
    for row in rows {
      let label = Format.cut(row.text, to: length)
      // The label is a link with a number.
      let cells = FrontPage.fitted(row.cells, reserved: label.count + 8)
      table.add([row.link(label)] + cells.map { .text($0) })
    }
    return table
  }

  /// The cells of a row, the longest cut until the row stays below ``greatestRow`` characters.
  /// - Parameter reserved: the characters of the other cells.
  static func fitted(_ cells: [String], reserved: Int) -> [String] {
    var cells = cells
    let room = greatestRow - reserved - 3 * (cells.count + 1)
    while cells.reduce(0, { $0 + $1.count }) > room,
      let longest = cells.indices.max(by: { cells[$0].count < cells[$1].count }), cells[longest].count > 12
    {
      cells[longest] = Format.shortened(cells[longest], by: 1)
    }
    return cells
  }

  /// A link to the evidence of a claim.
  func claim(_ id: String, _ label: String) -> Inline {
    anchors.claims[id].map { .link("\(label)", to: $0) } ?? "\(label)"
  }

  /// Back ends in a row of text: `tracefs` and `lttng-ust`.
  func names(_ backends: [String]) -> Inline {
    let names = backends.map { Inline.code($0) }
    guard names.count > 1, let last = names.last else { return names.first ?? "" }
    return "\(Inline(Array(names.dropLast()), separator: ", ")) and \(last)"
  }
}
