import Study

/// The other versions of a matrix that have the findings of a run, and those that do not.
struct MatrixSightings {
  /// The number of runs of the matrix.
  let runs: Int
  private let abis: [String: MatrixABI]
  private let versions: [String: String]
  private let kernel: String?

  init(_ matrix: VersionMatrix, _ results: Results, _ wording: Wording) {
    runs = matrix.runs.count
    abis = Dictionary(MatrixABI.all(matrix, wording).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    versions = Dictionary(
      results.backends.compactMap { backend in backend.version.map { (backend.name, $0) } },
      uniquingKeysWith: { first, _ in first })
    kernel = results.environment.facts.value(of: "kernel")
  }

  /// The versions of the same ABI, other than that of the run, that gave the answer of a finding, and those that gave another
  /// one; `nil` if none decided.
  func versions(of finding: Finding) -> (seen: String, missing: String)? {
    guard let abi = abis[finding.result.backend] else { return nil }
    let cells = abi.cells(of: finding.result.id)
    let decided = cells.indices.filter {
      !isOwn(abi.columns[$0], finding.result.backend) && !cells[$0].decidedAnswers.isEmpty
    }
    let seen = decided.filter { index in cells[index].decidedAnswers.contains { $0.answer == finding.result.answer } }
    guard !decided.isEmpty else { return nil }
    return (abi.ranges(seen), abi.ranges(decided.filter { !seen.contains($0) }))
  }

  /// `true` if a column is the version of the run.
  private func isOwn(_ column: MatrixABI.Column, _ backend: String) -> Bool {
    let version = versions[backend].map(VersionNumber.init)
    return column.version?.text == version?.text
      && (column.kernel == nil || column.kernel == kernel.map(VersionNumber.init))
  }

  /// "seen in 6.12.95 to 6.18.5; not in 7.3.4".
  func text(of finding: Finding) -> String? {
    versions(of: finding).map(MatrixSightings.text)
  }

  /// The other versions whose kernel's log has a report like that of a finding, and those whose log decides that they have
  /// none: "tracefs: seen in 6.16.3; not in 7.3.4"; `nil` if no log of them decides.
  func text(of finding: KernelFinding, in results: Results) -> String? {
    let backends = Set(finding.occurrences.compactMap { $0.record.name(in: results).backend }).sorted()
    let texts = backends.compactMap { backend -> String? in
      guard let abi = abis[backend] else { return nil }
      let (decided, seen) = abi.columnsWithTrouble(finding.titleWithoutLines)
      let others = decided.filter { !isOwn(abi.columns[$0], backend) }
      guard !others.isEmpty else { return nil }
      let text = MatrixSightings.text(
        seen: abi.ranges(others.filter(seen.contains)), missing: abi.ranges(others.filter { !seen.contains($0) }))
      return backends.count > 1 ? "\(backend): \(text)" : text
    }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }

  private static func text(seen: String, missing: String) -> String {
    [seen.isEmpty ? nil : "seen in \(seen)", missing.isEmpty ? nil : "not in \(missing)"].compactMap(\.self)
      .joined(separator: "; ")
  }

  /// "not in 7.3.4"; `nil` if every version has it.
  func missing(_ finding: Finding) -> String? {
    versions(of: finding).flatMap { $0.missing.isEmpty ? nil : "not in \($0.missing)" }
  }
}
