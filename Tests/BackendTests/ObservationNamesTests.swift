import Foundation
import Report
import Study
import Testing

/// The names of observations in the sources of judges and marks, against those that probes of the studies observed.
///
/// A judge that asks for a misspelt name is undecided wherever it asks for it, which no other test notices.
@Suite struct ObservationNamesTests {
  /// The queries of evidence with a literal: `seen["…"]`, `seen.number("…")`, `.eventsLost("…")`.
  private static func queries() throws -> [(name: String, isPrefix: Bool, file: String)] {
    let files = ["Study/Questions", "Backends"].flatMap(CommittedStudies.sources)
    let query =
      #/(?:seen(?:\[|\.(?:number|code|works|refuses|report|signal|all)\()|\.events(?:Written|Lost|Overwritten|Dropped|Delivered)\(|\.(?:flagSet|flagClear|losses|nothingLost)\()"((?:[^"\\]|\\.)*)"/#
    return try files.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).matches(of: query).map {
        (name: String($0.output.1), isPrefix: $0.output.0.hasPrefix("seen.all"), file: file.lastPathComponent)
      }
    }
  }

  @Test func `every name that a judge asks for was observed in a committed study`() throws {
    let studies =
      try CommittedStudies.all.map(CommittedStudies.results)
      + VersionResults.all.compactMap { try VersionResults.read($0) }
    let observed = Set(studies.flatMap(\.probes).flatMap(\.evidence).map(\.name))
    let queries = try ObservationNamesTests.queries()
    #expect(queries.count > 500)
    for query in queries {
      // An interpolation stands for any text.
      let parts = query.name.split(separator: #/\\\((?:[^()]|\([^()]*\))*\)/#, omittingEmptySubsequences: false)
      let isObserved =
        parts.count == 1
        ? observed.contains { $0 == query.name || query.isPrefix && $0.hasPrefix(query.name) }
        : observed.contains { name in ObservationNamesTests.consists(name, of: parts) }
      #expect(isObserved, "\(query.file): “\(query.name)”")
    }
  }

  /// `true` if a name has the parts in order, the first one at its beginning.
  private static func consists(_ name: String, of parts: [Substring]) -> Bool {
    guard let first = parts.first, name.hasPrefix(first) else { return false }
    var rest = name.dropFirst(first.count)
    for part in parts.dropFirst() where !part.isEmpty {
      guard let found = rest.firstRange(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return true
  }

  @Test func `a misspelt name is noticed`() {
    #expect(!ObservationNamesTests.consists("overwrite: events delivered", of: ["", ": event delivered"]))
    #expect(ObservationNamesTests.consists("overwrite: events delivered", of: ["", ": events delivered"]))
  }
}
