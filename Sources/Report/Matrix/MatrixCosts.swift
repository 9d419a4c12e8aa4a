import Study

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

  /// The machine.
  let machine: [Observation]
  /// `ns` or `instructions`.
  let unit: String
  /// The names of the versions.
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
    let groups = abi.columns.flatMap { $0.runs.map { group($0.run) } }.uniqued { $0 }
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
