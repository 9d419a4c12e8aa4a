import Study

/// The answers of one ABI, by what became of them over its versions.
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
    let titles = Dictionary(wording.claims.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
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
