import Results
import Study

/// The questions that versions of an ABI answer differently, ABI by ABI.
struct MatrixAnswersSection: ReportSection {
  let page: MatrixPage

  func write(to document: inout MarkdownDocument) {
    for subject in page.subjects where subject.abi.columns.count > 1 { write(subject, to: &document) }
  }

  private func write(_ subject: MatrixPage.Subject, to document: inout MarkdownDocument) {
    let (abi, answers) = (subject.abi, subject.answers)
    document.heading(2, "\(code: abi.name): answers that differ")
    let differing = answers.changed + answers.varying
    guard !differing.isEmpty || !answers.partlyUndecided.isEmpty else {
      return document.paragraph("None.")
    }
    page.writeGrid(
      differing, "question", heading: "Question", versions: abi.columns.map(\.title), extras: ["Changed", "Upstream"],
      to: &document
    ) { row in
      MatrixGrid.Row(
        label: row.title, cells: row.cells.map { $0.text() }, short: row.cells.map { $0.text(numbers: row.numbers) },
        extras: [changed(row), commit(row, abi) ?? "—"])
    } text: { row, isNumbered in
      text(row, abi, isNumbered: isNumbered)
    }
    writeUndecided(answers, abi, to: &document)
  }

  /// The change in a few words: "since 6.18.44 (not in 6.12.95)".
  private func changed(_ row: MatrixAnswers.Row) -> String {
    guard row.history.isMonotone, let last = row.history.segments.last, row.history.segments.count > 1 else {
      return row.history.values.count > 1 ? "by series, see below" : "varies, see below"
    }
    return row.history.text(of: last.value)
  }

  /// The answers, the statements that the versions imply about each, and the upstream commit.
  /// - Parameter isNumbered: `true` if the table has numbers for the answers.
  private func text(_ row: MatrixAnswers.Row, _ abi: MatrixABI, isNumbered: Bool) -> Inline {
    let label: Inline = "*\(Format.cut(row.title, to: 100))* (\(code: Format.cut(row.claim, to: 60)))"
    let varying = zip(abi.columns, row.cells).filter { $0.1.isVarying }
    let cells = varying.map { "\($0.title): \(Format.cut($1.text(), to: 80))" as Inline }
    let varies: Inline = cells.isEmpty ? "" : " Runs of one version differ: \(Inline(cells, separator: "; "))."
    let numbers = isNumbered ? row.numbers : [:]
    guard row.history.values.count > 1 else {
      let values = numbers.sorted { $0.value < $1.value }.map { "**\($1): \(Format.cut($0, to: 60))**" as Inline }
      return "\(label):\(values.isEmpty ? "" : " \(Inline(values, separator: ", ")).")\(varies)"
    }
    return """
      \(label): \(Inline(MatrixText.statements(row.history, numbers: numbers), separator: "; ")).\(varies) *Upstream*: \(origin(row, abi)).
      """
  }

  /// The upstream commit of a change, by an entry that fits all versions, else by a note on one of the answers.
  private func origin(_ row: MatrixAnswers.Row, _ abi: MatrixABI) -> Inline {
    if let change = upstream(row, abi) {
      return """
        \(code: change.commit), “\(Inline.prose(change.title))”, first in \(Format.list(change.firstVersions)) (note: \
        \(Inline.prose(change.source)))\(change.undone.map { "; as before again in \($0), no commit was found for that" } ?? "")
        """
    }
    return noted(row, abi).map { "\(Inline.cited($0.status)) (note)" } ?? "no upstream commit found"
  }

  /// The commit of ``origin(_:_:)``, abbreviated.
  private func commit(_ row: MatrixAnswers.Row, _ abi: MatrixABI) -> String? {
    (upstream(row, abi)?.commit ?? noted(row, abi)?.commit).map { String($0.prefix(12)) }
  }

  /// The status in a note on one of the answers that names a commit, and the commit.
  private func noted(_ row: MatrixAnswers.Row, _ abi: MatrixABI) -> (status: CitedText, commit: String)? {
    let answers = Set(row.cells.flatMap(\.decidedAnswers).compactMap(\.answer))
    return page.wording.notes.lazy.filter {
      $0.claim == row.claim && abi.abis.contains($0.abi) && answers.contains($0.answer)
    }.compactMap(\.status).compactMap { status in
      status.text.firstMatch(of: /\b[0-9a-f]{8,40}\b/).map { (status, String($0.output)) }
    }.first
  }

  private func upstream(_ row: MatrixAnswers.Row, _ abi: MatrixABI) -> VersionChange? {
    page.wording.versionChanges.first { $0.fits(row, abi) }
  }

  /// The questions that some versions answered and others did not.
  private func writeUndecided(_ answers: MatrixAnswers, _ abi: MatrixABI, to document: inout MarkdownDocument) {
    let rows = answers.partlyUndecided
    guard !rows.isEmpty else { return }
    document.heading(3, "Not decided in some versions")
    page.writeList(rows, "question", to: &document) { row in
      let open = row.cells.indices.filter { row.cells[$0].isUndecided }
      let reasons = open.grouped { index in
        row.cells[index].answers.first.map { "\($0.outcome.rawValue): \($0.reason ?? "no reason")" } ?? ""
      }
      let parts = reasons.map { reason, indices -> Inline in
        "\(abi.ranges(indices)) (\(Format.cut(reason, to: 160)))"
      }
      let decided = row.history.values.map { "**\(Format.cut($0, to: 60))**" as Inline }
      return """
        *\(Format.cut(row.title, to: 100))*: \(Inline(decided, separator: ", ")) elsewhere; not decided in \
        \(Inline(parts, separator: "; ")).
        """
    }
  }
}

extension VersionChange {
  /// `true` if each version of an ABI answers as this entry states, at least one before the change and one after it.
  func fits(_ row: MatrixAnswers.Row, _ abi: MatrixABI) -> Bool {
    guard claim == row.claim, abi.abis.contains(self.abi) else { return false }
    var sides: Set<Bool> = []
    for (column, cell) in zip(abi.columns, row.cells) where !cell.decidedAnswers.isEmpty {
      guard let version = column.version, let answer = cell.decided?.answer else { return false }
      let hasChange = has(version)
      let isAnswer: Bool =
        hasChange ? after.map { $0 == answer } ?? (answer != before) : before.map { $0 == answer } ?? (answer != after)
      guard isAnswer else { return false }
      sides.insert(hasChange)
    }
    return sides.count == 2
  }

  /// `true` if a version has the change: it is not older than the first one of its series, or than the newest of all.
  private func has(_ version: VersionNumber) -> Bool {
    let first = firstVersions.map { VersionNumber($0) }
    let own = first.first { $0.series == version.series } ?? first.max()
    if let undone, !version.isOlder(than: VersionNumber(undone)) { return false }
    return own.map { !version.isOlder(than: $0) } ?? false
  }
}

/// The answers of one ABI, classified by their changes over its versions.
struct MatrixAnswers {
  /// A claim.
  struct Row {
    /// Its stable name.
    var claim: String
    /// The claim in a few words.
    var title: String
    /// One cell for each version.
    var cells: [MatrixABI.Cell]
    /// The answers with their marks over the versions.
    var history: VersionHistory<String>

    /// Numbers for the answers, in the order of the versions.
    var numbers: [String: Int] { MatrixText.numbers(cells.flatMap(\.decidedAnswers).map(\.text)) }
  }

  /// Answered differently by at least two versions.
  private(set) var changed: [Row] = []
  /// Answered differently by runs of one version, and alike by the others.
  private(set) var varying: [Row] = []
  /// Answered alike by every version that answers, at least two.
  private(set) var constant: [Row] = []
  /// Answered by one version only.
  private(set) var single: [Row] = []
  /// Answered by none.
  private(set) var never: [Row] = []

  init(_ abi: MatrixABI, _ matrix: VersionMatrix, _ wording: Wording) {
    let titles = Dictionary(firstOf: wording.claims.map { ($0.id, $0.title) })
    for claim in abi.claims(matrix, wording) {
      let cells = abi.cells(of: claim)
      let row = Row(
        claim: claim, title: titles[claim] ?? matrix.claims[claim]?.title ?? claim, cells: cells,
        history: abi.history(cells.map { $0.decided?.text }))
      let answers = Set(cells.flatMap(\.decidedAnswers).map(\.text))
      switch (answers.count, row.history.values.count) {
      case (0, _): never.append(row)
      case (1, _): if cells.count(where: { $0.decided != nil }) > 1 { constant.append(row) } else { single.append(row) }
      case (_, 0...1): varying.append(row)
      default: changed.append(row)
      }
    }
  }

  /// The claims that at least two versions answered.
  var comparable: Int { changed.count + varying.count + constant.count }

  /// The claims that some versions answered and others did not, although they were asked.
  var partlyUndecided: [Row] {
    (changed + varying + constant + single).filter { $0.cells.contains { $0.isUndecided } }
  }
}

extension MatrixABI.Cell {
  /// `true` if the question was asked, and no run answered it.
  var isUndecided: Bool {
    decidedAnswers.isEmpty && answers.contains { [.undecided, .notTested].contains($0.outcome) }
  }
}
