import Study

/// The reports of one trouble in the kernel's log.
public struct TroubleReports: Codable, Sendable, Hashable {
  /// Their number.
  public var reports: Int
  /// `true` if all came during measurements, or loss scenarios in which writer and reader run at the same time: a log without
  /// them shows nothing.
  public var isByChance: Bool
  /// The claims and, as "mode, scenario", the loss scenarios during which they came; a log decides nothing of the reports
  /// if none of these was made. Sorted.
  public var parts: [String]

  /// The name of a loss scenario among ``parts``.
  static func part(_ name: MatrixLossName) -> String { "\(name.mode), \(name.scenario)" }

  static func + (one: TroubleReports, other: TroubleReports) -> TroubleReports {
    TroubleReports(
      reports: one.reports + other.reports, isByChance: one.isByChance && other.isByChance,
      parts: Set(one.parts + other.parts).sorted())
  }
}

extension Results {
  /// Trouble in the kernel's log during parts of a back end, or of several together, by title.
  ///
  /// The titles have no numbers of lines, which differ between versions.
  /// - Returns: `nil` if the log was not read, so that nothing is known.
  func kernelTroubles(of backend: String) -> [String: TroubleReports]? {
    guard let log = kernelLog, log.unreadable == nil else { return nil }
    let found = KernelFinding.all(in: self).compactMap { finding -> (title: String, reports: TroubleReports)? in
      var own = finding
      own.occurrences = finding.occurrences.filter { occurrence in
        let name = occurrence.record.name(in: self).backend
        return name == nil || name == backend
      }
      let isByChance = own.occurrences.allSatisfy { occurrence in
        switch occurrence.record {
        case .probe: false
        case .loss(let index): losses[index].isConcurrent
        case .part: true
        }
      }
      return own.occurrences.isEmpty
        ? nil
        : (
          finding.titleWithoutLines,
          TroubleReports(
            reports: own.reports, isByChance: isByChance, parts: Set(own.occurrences.compactMap(part)).sorted())
        )
    }
    return Dictionary(found.map { ($0.title, $0.reports) }, uniquingKeysWith: +)
  }

  /// The part during which trouble came; `nil` if it was no claim and no loss scenario.
  private func part(_ occurrence: KernelFinding.Occurrence) -> String? {
    switch occurrence.record {
    case .probe(let index): probes[index].id.bounded
    case .loss(let index): TroubleReports.part(MatrixLossName(losses[index]))
    case .part: nil
    }
  }
}

extension KernelFinding {
  /// A title without the kind of the trouble, where the kernel's own words have it: "WARNING at", "BUG:".
  static func withoutKind(_ title: String) -> Substring {
    let kind = [KernelTrouble.Kind.warning, .bug].map { "\($0.rawValue): " }.first { title.hasPrefix($0) }
    return title.dropFirst(kind?.count ?? 0)
  }

  /// The title as it is compared between versions: without the number of a line of the source, "ring_buffer.c" for
  /// "ring_buffer.c:1234", and without the directory that lttng-modules up to 2.15 is built from.
  var titleWithoutLines: String {
    title.replacing(#/(\.[chS]):\d+/#) { $0.output.1 }.replacing(" at src/lib/", with: " at lib/")
  }

  /// The explanation of a report.
  func note(in wording: Wording) -> LogNote? { wording.logNote(titled: titleWithoutLines) }
}
