import Results
import Study
import SubbufferSource

/// One live ABI of a matrix: its versions in ascending order, and the answers of each.
struct MatrixABI {
  /// A version, with the runs that have it.
  struct Column {
    /// The version; `nil` if it was not recorded.
    var version: VersionNumber?
    /// The kernel that a module ran on; `nil` for other ABIs.
    var kernel: VersionNumber?
    /// The name for a reader, unlike any other: "6.12.95", "2.13.18 on 6.12.95".
    var title: String
    /// The records of this ABI, run by run.
    var runs: [(run: MatrixRun, backend: MatrixBackend)]

    /// The version as it was reported.
    var text: String { [version?.text, kernel.map { "on \($0.text)" }].compactMap(\.self).joined(separator: " ") }
  }

  let name: String
  /// The ABIs that it is one of, the most specific first.
  let abis: [ABI]
  /// The versions.
  let columns: [Column]

  /// The ABIs of a matrix, those first whose version is the kernel's, then those with the most versions.
  static func all(_ matrix: VersionMatrix, _ wording: Wording) -> [MatrixABI] {
    let names = Set(matrix.runs.flatMap { $0.backends.filter(\.value.hasColumn).keys }).sorted()
    let abis = names.map { MatrixABI($0, matrix, wording) }
    return abis.sorted { one, other in
      if one.isOfKernel != other.isOfKernel { return one.isOfKernel }
      return (other.columns.count, one.name) < (one.columns.count, other.name)
    }
  }

  private init(_ name: String, _ matrix: VersionMatrix, _ wording: Wording) {
    self.name = name
    let records = matrix.runs.compactMap { run in
      run.backends[name].flatMap { $0.hasColumn ? (run: run, backend: $0) : nil }
    }
    let abis = (records.map(\.backend.abis).max { $0.count < $1.count } ?? []).map(ABI.init)
    self.abis = abis
    let isModule = wording.kernelModules.contains { abis.contains($0) }
    let columns = records.grouped { record in
      [record.backend.version, isModule ? record.run.kernel ?? "" : nil]
    }.map { key, records in
      Column(version: key[0].map(VersionNumber.init), kernel: key[1].map(VersionNumber.init), title: "", runs: records)
    }.sorted(by: Self.precedes)
    self.columns = Self.titled(columns)
  }

  private static func precedes(_ one: Column, _ other: Column) -> Bool {
    switch (one.version, other.version) {
    case (nil, nil): return false
    case (nil, _): return true
    case (_, nil): return false
    case (let version?, let another?) where version != another: return version < another
    default: return (one.kernel ?? VersionNumber("")) < (other.kernel ?? VersionNumber(""))
    }
  }

  /// The columns with their numbers as titles, or with the whole version if two have one number.
  private static func titled(_ columns: [Column]) -> [Column] {
    let numbers = columns.map(Self.number)
    return columns.enumerated().map { index, column in
      var column = column
      let isUnique = numbers.count { $0 == numbers[index] } == 1
      column.title = Format.cut(isUnique ? numbers[index] : column.text, to: 40)
      return column
    }
  }

  private static func number(_ column: Column) -> String {
    guard let version = column.version else { return "version not recorded" }
    return version.number + (column.kernel.map { " on \($0.number)" } ?? "")
  }

  /// `true` if it is a part of the kernel, whose version it has.
  private var isOfKernel: Bool {
    columns.contains { column in
      column.runs.contains { $0.backend.version != nil && $0.backend.version == $0.run.kernel }
    }
  }

  /// Columns as ranges of adjacent ones: "6.12.95 to 6.16.3, 7.3.4".
  /// - Parameter indices: ascending indices of ``columns``.
  func ranges(_ indices: [Int]) -> String {
    Format.list(
      RunList(indices).ranges.map { range in
        let (first, last) = (columns[range.lowerBound].title, columns[range.upperBound].title)
        return range.count == 1 ? first : "\(first) to \(last)"
      })
  }

  /// "2 versions from 6.12.95 to 6.18.44", or one version.
  var range: String {
    guard let first = columns.first, let last = columns.last, columns.count > 1 else {
      return columns.first?.title ?? "no version"
    }
    return "\(columns.count) versions from \(first.title) to \(last.title)"
  }

  // MARK: Histories

  /// The history of values, one for each column. Builds of one number that differ decide nothing.
  func history<Value: Hashable>(_ values: [Value?]) -> VersionHistory<Value> {
    let points = zip(columns, values).map { (column: $0, value: $1) }
    let steps = points.grouped { point in
      [point.column.version?.number, point.column.kernel?.number]
    }
    return VersionHistory(
      steps.map { _, step in
        let values = Set(step.compactMap(\.value))
        let column = step[0].column
        return VersionHistory.Point(
          title: step.count == 1 ? column.title : Self.number(column),
          series: column.kernel.map { "\(column.version?.number ?? "") on \($0.series ?? $0.number)" }
            ?? column.version?.series ?? column.title,
          value: values.count == 1 ? values.first : nil)
      })
  }

  // MARK: Answers

  /// The answers of the runs of one version to one claim.
  struct Cell {
    /// The distinct answers, ordered by their text; their reasons are those of the first run.
    var answers: [MatrixAnswer]

    /// The one decided answer; `nil` if none was decided, or several unlike ones.
    var decided: MatrixAnswer? { decidedAnswers.count == 1 ? decidedAnswers[0] : nil }
    var decidedAnswers: [MatrixAnswer] { answers.filter { $0.outcome.rank != nil } }
    /// `true` if runs of the version gave unlike answers.
    var isVarying: Bool { decidedAnswers.count > 1 }

    /// The answers with their marks: "0", "0 / undecided"; "—" without a record.
    /// - Parameter numbers: numbers to show in the place of answers.
    func text(numbers: [String: Int] = [:]) -> String {
      guard !answers.isEmpty else { return "—" }
      // A run that did not ask takes nothing from the answer of one that did.
      let asked = decidedAnswers.isEmpty ? answers : answers.filter { $0.outcome != .notTested }
      return asked.map { answer in
        let mark = ProbeResult.mark(answer.outcome, answer.basis)
        return numbers[answer.text].map { "\($0)\(mark)" } ?? answer.text
      }.joined(separator: " / ")
    }
  }

  /// The claims with a record, in the order of the topics and of the catalogue.
  func claims(_ matrix: VersionMatrix, _ wording: Wording) -> [String] {
    let places = Dictionary(
      firstOf: wording.claims.enumerated().map { ($0.element.id, $0.offset) })
    func order(_ claim: String) -> (Int, Int, String) {
      let topic = matrix.claims[claim].flatMap { Topic.allCases.firstIndex(of: $0.topic) } ?? Topic.allCases.count
      return (topic, places[claim] ?? .max, claim)
    }
    return Set(columns.flatMap { $0.runs.flatMap(\.backend.answers.keys) }).sorted { order($0) < order($1) }
  }

  /// The cells of a claim, one for each column.
  func cells(of claim: String) -> [Cell] {
    columns.map { column in
      let answers = column.runs.compactMap { $0.backend.answers[claim] }
      let distinct = answers.grouped { [$0.answer, $0.outcome.rawValue, $0.basis.rawValue] }.map { _, equal in
        var answer = equal[0]
        answer.reason = equal.compactMap(\.reason).min()
        return answer
      }
      return Cell(
        answers: distinct.sorted { ($0.answer ?? "", $0.outcome.rawValue) < ($1.answer ?? "", $1.outcome.rawValue) })
    }
  }

  // MARK: Losses

  /// The scenarios with a record.
  var lossNames: [MatrixLossName] {
    let modes = RingMode.allCases
    func order(_ name: MatrixLossName) -> (Int, MatrixLossName) {
      (modes.firstIndex(of: name.mode) ?? modes.count, name)
    }
    return Set(columns.flatMap { $0.runs.flatMap(\.backend.losses.keys) }).sorted { order($0) < order($1) }
  }

  /// The records of a scenario, one list for each column, those of the runs that made it.
  func losses(of name: MatrixLossName) -> [[(run: MatrixRun, loss: MatrixLoss)]] {
    columns.map { column in
      column.runs.compactMap { entry in
        entry.backend.losses[name].flatMap { $0.skipped == nil ? (run: entry.run, loss: $0) : nil }
      }
    }
  }
}
