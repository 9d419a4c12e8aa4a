import Results
import SubbufferSource

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
        "Not compared: \(Format.list(notComparable.map { Format.cut($0, to: 60) }, most: 12)).")
    }
  }

  private func write(_ subject: MatrixPage.Subject, to document: inout MarkdownDocument) {
    let (abi, losses) = (subject.abi, subject.losses)
    document.heading(3, .code(abi.name))
    page.writeGrid(
      losses.changed, "row", heading: "Mode, channel", versions: abi.columns.map(\.title), to: &document
    ) { row in
      MatrixGrid.Row(
        label: "\(row.mode), \(row.channel)", cells: row.words.map { $0 ?? "—" },
        short: row.words.map { $0.flatMap { row.numbers[$0] }.map { "\($0)" } ?? "—" })
    } text: { row, isNumbered in
      text(row, isNumbered: isNumbered)
    }
    let skipped = losses.partlySkipped.grouped { entry in
      entry.skipped.flatMap { [$0.version, $0.reason] } + entry.made
    }
    document.wrappedList(
      page.shown(skipped).map { _, entries in
        let names = entries.map { "\($0.name.scenario) (\($0.name.mode))" }
        let reasons = entries[0].skipped.grouped(by: \.reason).map { reason, versions in
          "\(Format.list(versions.map(\.version))) (\(Format.cut(reason, to: 160)))" as Inline
        }
        return "Made in some versions only: \(Format.list(names)): not in \(Inline(reasons, separator: "; "))."
      })
  }

  private func text(_ row: MatrixLosses.Row, isNumbered: Bool) -> Inline {
    let numbers = isNumbered ? row.numbers : [:]
    let history: Inline =
      row.history.values.count > 1
      ? Inline(MatrixText.statements(row.history, numbers: numbers), separator: "; ") : "runs of one version differ"
    let scenarios = Format.list(row.scenarios.map { Format.cut($0, to: 60) })
    return "*\(row.mode), \(Format.cut(row.channel, to: 60))*, in \(scenarios): \(history)."
  }
}

/// The reports of losses of one ABI, classified by their changes over its versions.
struct MatrixLosses {
  /// A channel in scenarios of one mode with the same reports.
  struct Row {
    var mode: RingMode
    var channel: String
    var scenarios: [String]
    /// The relation of the report to the loss, one for each version; `nil` without a record.
    var words: [String?]
    var history: VersionHistory<String>
    /// `true` if runs of one version differ.
    var isVarying: Bool

    /// Numbers for the words, in the order of the versions.
    var numbers: [String: Int] { MatrixText.numbers(words.compactMap(\.self)) }
  }

  /// The rows of which versions differ, or runs of one version.
  private(set) var changed: [Row] = []
  /// The rows in which at least two versions agree.
  private(set) var constant: [Row] = []
  /// The scenarios that some versions made and others skipped, with the versions and the reason.
  private(set) var partlySkipped:
    [(name: MatrixLossName, made: [String], skipped: [(version: String, reason: String)])] = []
  /// The scenarios of which no version is compared with another: the loss differs from run to run, or the seeds differ.
  private(set) var notComparable: Set<String> = []

  /// The number of reports, scenario by scenario, that at least two versions have.
  var comparable: Int { (changed + constant).reduce(0) { $0 + $1.scenarios.count } }

  /// The number of them that differ.
  var differing: Int { changed.reduce(0) { $0 + $1.scenarios.count } }

  init(_ abi: MatrixABI, _ matrix: VersionMatrix) {
    var rows: [Row] = []
    for name in abi.lossNames {
      addSkipped(name, abi)
      let records = abi.losses(of: name)
      let all = records.flatMap(\.self)
      let scenario = matrix.scenarios[name.scenario]
      let seeds = scenario?.dependsOnSeed == true ? Set(all.map(\.run.seed)).count : 1
      guard scenario?.isConcurrent != true, seeds < 2 else {
        if records.count(where: { !$0.isEmpty }) > 1 { notComparable.insert(name.scenario) }
        continue
      }
      guard records.count(where: { !$0.isEmpty }) > 1 else { continue }
      for channel in Self.channels(all.map(\.loss)) {
        let words = records.map { runs in Set(runs.compactMap { $0.loss.report(of: channel) }) }
        rows.append(
          Row(
            mode: name.mode, channel: channel, scenarios: [name.scenario],
            words: words.map { $0.isEmpty ? nil : $0.sorted().joined(separator: " / ") },
            history: abi.history(words.map { $0.count == 1 ? $0.first : nil }),
            isVarying: words.contains { $0.count > 1 }))
      }
    }
    for (_, equal) in rows.grouped(by: { [$0.mode.rawValue, $0.channel] + $0.words }) {
      var row = equal[0]
      row.scenarios = equal.flatMap(\.scenarios)
      if row.isVarying || row.history.values.count > 1 { changed.append(row) } else { constant.append(row) }
    }
  }

  private mutating func addSkipped(_ name: MatrixLossName, _ abi: MatrixABI) {
    let skipped = abi.columns.compactMap { column -> (version: String, reason: String)? in
      let losses = column.runs.compactMap { $0.backend.losses[name] }
      guard !losses.isEmpty, losses.allSatisfy({ $0.skipped != nil }) else { return nil }
      return (column.title, losses.compactMap(\.skipped).min() ?? "")
    }
    let made = zip(abi.columns, abi.losses(of: name)).filter { !$0.1.isEmpty }.map(\.0.title)
    if !skipped.isEmpty, !made.isEmpty { partlySkipped.append((name, made, skipped)) }
  }

  /// The totals first, then the channels by name.
  private static func channels(_ losses: [MatrixLoss]) -> [String] {
    let totals = [LossHistory.recipeName, LossHistory.readerABIName, LossHistory.handoversName]
    let first = [MatrixLoss.bookkeeping] + totals
    let names = Set(losses.flatMap(\.reports.keys))
    return first.filter(names.contains) + names.subtracting(first).sorted()
  }
}
