import Results

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

/// The costs of one ABI on one machine, over its versions.
struct MatrixCosts {
  /// A quantity.
  struct Row {
    var name: String
    /// One value for each version; `nil` without one.
    var values: [MatrixCost?]

    /// `true` if two versions differ by more than a share, and their trials do not overlap.
    func differs(by share: Double) -> Bool {
      let values = values.compactMap(\.self)
      return values.indices.contains { first in
        values[first...].contains { values[first].differs(from: $0, by: share) }
      }
    }
  }

  let machine: [Observation]
  /// `ns` or `instructions`.
  let unit: String
  let versions: [String]
  /// The quantities that at least two versions have.
  let rows: [Row]

  /// The share of the larger cost by which instructions must differ: as the threshold of `diff`.
  static let leastOfInstructions = 0.05
  /// The same of times, which differ between boots of one machine.
  static let leastOfTimes = 0.2

  /// The share by which a cost in this unit must differ.
  var least: Double { unit == "ns" ? Self.leastOfTimes : Self.leastOfInstructions }

  /// The quantities that differ.
  var changed: [Row] { rows.filter { $0.differs(by: least) } }
  /// The quantities that do not.
  var constant: [Row] { rows.filter { !$0.differs(by: least) } }

  /// The costs machine by machine, those with at least two versions. Neither machines nor units nor versions of this program
  /// are compared with each other.
  static func all(_ abi: MatrixABI) -> [MatrixCosts] {
    struct Group: Hashable {
      var machine: [Observation]
      var unit: String
      var toolVersion: String
    }
    func group(_ run: MatrixRun) -> Group {
      Group(machine: run.machine, unit: run.unit, toolVersion: run.toolVersion)
    }
    let groups = abi.columns.flatMap { $0.runs.map { group($0.run) } }.uniqued()
    return groups.compactMap { own in
      let columns = abi.columns.map { column in
        (title: column.title, costs: column.runs.filter { group($0.run) == own }.map(\.backend.costs))
      }.filter { !$0.costs.allSatisfy(\.isEmpty) }
      guard columns.count > 1 else { return nil }
      let names = Set(columns.flatMap { $0.costs.flatMap(\.keys) }).sorted()
      let rows = names.map { name in
        Row(name: name, values: columns.map { MatrixCost(merging: $0.costs.compactMap { $0[name] }) })
      }.filter { $0.values.count { $0 != nil } > 1 }
      return rows.isEmpty
        ? nil : MatrixCosts(machine: own.machine, unit: own.unit, versions: columns.map(\.title), rows: rows)
    }
  }
}

extension MatrixCost {
  /// The median of some medians, and the range of all trials; `nil` of none.
  init?(merging costs: [MatrixCost]) {
    guard let median = costs.map(\.median).median, let least = costs.map(\.least).min(),
      let greatest = costs.map(\.greatest).max()
    else { return nil }
    self.init(median: median, least: least, greatest: greatest)
  }

  /// `true` if the medians differ by more than a share of the larger one and by at least one instruction or nanosecond, and
  /// the ranges do not overlap.
  func differs(from other: MatrixCost, by share: Double) -> Bool {
    (greatest < other.least || other.greatest < least)
      && abs(median - other.median) > max(share * max(abs(median), abs(other.median)), 1)
  }

  /// "560 (400 to 560)".
  var text: String { Figures.Value.text(median, least, greatest) }
  /// "560".
  var medianText: String { Format.significant(median) }
}

extension Figures {
  /// The costs of one back end that the front page shows, under names that are the same for each version of the ABI: no name
  /// has the size of an event in it, which differs between versions.
  func quantities(of backend: String) -> [(name: String, cost: MatrixCost)] {
    let own = ReadMethod.studied(backend)
    var quantities: [(name: String, cost: MatrixCost)] = []
    func add(_ name: String, _ value: Value?) {
      if let value { quantities.append((name, MatrixCost(value))) }
    }
    for method in readMethods where method.backend == backend {
      let suffix = method == own ? "" : ", by \(method.reader)"
      guard let levels = growth(method)?.levels, let first = levels.first else { continue }
      let events = Int(first.level)
      add("acquire and release, \(events) \(Format.plural(events, "event")) in it\(suffix)", Value(first.trials))
      guard let fit = LinearFit(levels) else { continue }
      let spread = fit.slopeSpread
      let cost = MatrixCost(
        median: fit.slope, least: min(spread?.low ?? fit.slope, fit.slope),
        greatest: max(spread?.high ?? fit.slope, fit.slope))
      quantities.append(("… more for each event (fit)\(suffix)", cost))
    }
    add("release alone", release(own))
    add("acquire of an empty ring buffer", emptyAcquire(own))
    add("drain and decode, per event", drain(own)?.value)
    for (condition, name) in [
      (WriterCondition.noReader, "no reader"), (.idle, "idle reader"),
      (.waitingForSubbuffer, "reader woken by a full one"),
    ] {
      add("write of an event, p50, \(name)", write(backend, condition, percentile: 50))
      add("write of an event, p99.9, \(name)", write(backend, condition))
    }
    if let rate = deliveryRate {
      for reader in DeliveryReader.allCases {
        add("event age, \(reader.rawValue), \(Format.grouped(rate)) events/s", delivery(backend, reader)?.value)
      }
    }
    return quantities
  }
}
