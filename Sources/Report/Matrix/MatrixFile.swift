import Foundation
import Results
import SubbufferSource

/// `matrix.json`: a ``VersionMatrix`` as JSON with sorted keys, indented, with a newline at the end.
///
/// The file contains only the data of the pages: no observations, no histories, no trials, and no text of a note. Equal answers of
/// several runs are stored once, with the indices of the runs: `0-3,7`.
package enum MatrixFile {
  /// The version of this layout. A reader refuses another one.
  package static let currentSchemaVersion = 1
  /// The largest file that is read, in bytes.
  static let largestSize = 64 << 20
  /// The greatest number of runs.
  static let mostRuns = 1_000

  /// Encodes a matrix; the same matrix gives the same bytes.
  /// - Throws: ``MatrixFileError`` with more runs than a file may have, or a number that is not finite.
  package static func encode(_ matrix: VersionMatrix) throws(MatrixFileError) -> Data {
    do throws(ResultsFileError) {
      guard matrix.runs.count <= mostRuns else {
        throw .notEncodable(path: "runs", detail: "more than \(mostRuns) runs; merge fewer files")
      }
      return try JSONFile.encode(MatrixDocument(matrix))
    } catch {
      throw MatrixFileError(kind: .matrix, cause: error)
    }
  }

  /// Decodes a matrix of the schema version that this tool writes.
  /// - Throws: ``MatrixFileError`` for another version, and for anything that is not a whole and valid file.
  package static func decode(_ data: Data) throws(MatrixFileError) -> VersionMatrix {
    do throws(ResultsFileError) {
      let format = try JSONFile.decode(Format.self, data).format
      guard format == MatrixDocument.format else {
        throw .malformed(path: "format", detail: "\(format ?? "missing") is not “\(MatrixDocument.format)”")
      }
      try JSONFile.decodeVersion(currentSchemaVersion, data)
      try JSONLimits.check(data, longestText: String.mostInMatrix)
      return try JSONFile.decode(MatrixDocument.self, data).matrix()
    } catch {
      throw MatrixFileError(kind: .matrix, cause: error)
    }
  }

  /// Reads and decodes the file at `path`.
  /// - Throws: ``MatrixFileError``.
  package static func read(from path: String) throws(MatrixFileError) -> VersionMatrix {
    try decode(try contents(of: path, atMost: largestSize, .matrix))
  }

  /// Reads a matrix, or the results of a run as a matrix of one.
  /// - Parameter judges: the judges of the results.
  /// - Throws: ``MatrixFileError``.
  package static func readAny(from path: String, judges: ProbeJudges) throws(MatrixFileError) -> VersionMatrix {
    let data = try contents(of: path, atMost: ResultsFile.largestSize, .results)
    if (try? JSONFile.decode(Format.self, data))?.format != nil {
      guard data.count <= largestSize else {
        let detail = "\(path) is larger than \(largestSize >> 20) MiB"
        throw MatrixFileError(kind: .matrix, cause: .malformed(path: "", detail: detail))
      }
      return try decode(data)
    }
    do throws(ResultsFileError) {
      return VersionMatrix([StudyResults(judging: try ResultsFile.decode(data), by: judges)])
    } catch {
      throw MatrixFileError(kind: .results, cause: error)
    }
  }

  private static func contents(
    of path: String, atMost limit: Int, _ kind: ResultsFileError.Kind
  ) throws(MatrixFileError) -> Data {
    do throws(ResultsFileError) {
      return try JSONFile.contents(of: path, atMost: limit)
    } catch {
      throw MatrixFileError(kind: kind, cause: error)
    }
  }

  /// The key that results do not have.
  private struct Format: Decodable {
    var format: String?
  }
}

/// The reason why a file of a matrix, or of results for one, was not read or encoded.
package struct MatrixFileError: Error, Sendable, Hashable, CustomStringConvertible {
  let kind: ResultsFileError.Kind
  package let cause: ResultsFileError

  /// `true` if a system call failed.
  package var isUnreadable: Bool { if case .unreadable = cause { true } else { false } }

  /// The error, its place and its remedy, in one line.
  package var description: String { cause.text(of: kind) }
}

/// The layout of `matrix.json`.
struct MatrixDocument: Codable {
  static let format = "abi-compare version matrix"

  /// Always ``format``.
  var format: String
  /// See ``MatrixFile/currentSchemaVersion``.
  var schemaVersion: Int
  /// The runs; everything else refers to them by their indices.
  var runs: [MatrixRun]
  var failures: [MatrixFailure]
  /// The claims by their stable names.
  var claims: [String: MatrixClaim]
  /// The loss scenarios by their names.
  var scenarios: [String: MatrixScenario]
  /// The live ABIs by the names of their back ends.
  var abis: [String: Backend]

  /// Values by the runs that have them: a ``RunList`` as text.
  typealias Shared<Value: Codable> = [String: Value]

  struct Backend: Codable {
    var states: Shared<State>
    /// By claim.
    var answers: [String: Shared<MatrixAnswer>]
    /// By mode and scenario.
    var losses: [String: [String: Shared<MatrixLoss>]]
    /// By the number of the clause.
    var clauses: [String: Shared<ClauseRecord.Verdict>]
    /// By name.
    var costs: [String: Shared<CostText>]
    /// Trouble in the kernel's log, by title; absent without any.
    var troubles: [String: Shared<TroubleReports>]?
  }

  struct State: Codable, Hashable {
    var title: String
    var abis: [String]
    var status: BackendResult.Status
    var reason: String?
    var version: String?
    /// `true` if the kernel's log was read; absent if not.
    var hasKernelLog: Bool?
  }

  init(_ matrix: VersionMatrix) {
    format = Self.format
    schemaVersion = MatrixFile.currentSchemaVersion
    runs = matrix.runs
    (failures, claims, scenarios) = (matrix.failures, matrix.claims, matrix.scenarios)
    let names = Set(matrix.runs.flatMap { $0.backends.keys })
    abis = Dictionary(
      firstOf: names.map { name in (name, Backend(matrix.runs.map { $0.backends[name] })) })
  }
}

// MARK: Encoding

extension MatrixDocument.Backend {
  /// - Parameter runs: the back end in each run, in the order of the runs.
  fileprivate init(_ runs: [MatrixBackend?]) {
    states = Self.shared(
      runs.map { backend in
        backend.map {
          MatrixDocument.State(
            title: $0.title, abis: $0.abis, status: $0.status, reason: $0.reason, version: $0.version,
            hasKernelLog: $0.hasKernelLog ? true : nil)
        }
      })
    answers = Self.byKey(runs) { $0.answers }
    clauses = Self.byKey(runs) { backend in
      Dictionary(firstOf: backend.clauses.map { ("\($0.key)", $0.value) })
    }
    costs = Self.byKey(runs) { $0.costs.mapValues(CostText.init) }
    let troubles = Self.byKey(runs) { $0.troubles }
    self.troubles = troubles.isEmpty ? nil : troubles
    let modes = Set(runs.compactMap(\.self).flatMap { $0.losses.keys.map(\.mode) })
    losses = Dictionary(
      firstOf: modes.map { mode in
        (
          mode.rawValue,
          Self.byKey(runs) { backend in
            Dictionary(
              firstOf: backend.losses.filter { $0.key.mode == mode }.map { ($0.key.scenario, $0.value) })
          }
        )
      })
  }

  private static func byKey<Value: Codable & Hashable>(
    _ runs: [MatrixBackend?], _ values: (MatrixBackend) -> [String: Value]
  ) -> [String: MatrixDocument.Shared<Value>] {
    let values = runs.map { $0.map(values) ?? [:] }
    let keys = Set(values.flatMap(\.keys))
    return Dictionary(
      firstOf: keys.map { key in (key, shared(values.map { $0[key] })) })
  }

  /// The distinct values with the runs that have each.
  private static func shared<Value: Codable & Hashable>(_ values: [Value?]) -> MatrixDocument.Shared<Value> {
    let runs = values.enumerated().compactMap { index, value in value.map { (run: index, value: $0) } }
    return Dictionary(
      firstOf: runs.grouped(by: \.value).map { (RunList($1.map(\.run)).text, $0) })
  }
}

// MARK: Decoding

extension MatrixDocument {
  /// The matrix.
  /// - Throws: ``ResultsFileError/malformed(path:detail:)`` if indices or numbers do not go together.
  func matrix() throws(ResultsFileError) -> VersionMatrix {
    guard runs.count <= MatrixFile.mostRuns else {
      throw .malformed(path: "runs", detail: "more than \(MatrixFile.mostRuns) runs")
    }
    var read = runs
    for (name, backend) in abis {
      let path = "abis.\(name)"
      try Self.assign(backend.states, "\(path).states", count: read.count) { run, state in
        read[run].backends.updateValue(
          MatrixBackend(
            title: state.title, abis: state.abis, status: state.status, reason: state.reason, version: state.version,
            hasKernelLog: state.hasKernelLog ?? false),
          forKey: name) == nil
      }
      /// Enters a value; `false` if the run has none of this back end, or has the value already.
      func enter<Key, Value>(
        _ run: Int, _ values: WritableKeyPath<MatrixBackend, [Key: Value]>, _ key: Key, _ value: Value
      ) -> Bool {
        let isFree = read[run].backends[name].map { $0[keyPath: values][key] == nil } ?? false
        if isFree { read[run].backends[name]?[keyPath: values][key] = value }
        return isFree
      }
      for (claim, answers) in backend.answers {
        try Self.assign(answers, "\(path).answers.\(claim)", count: read.count) { enter($0, \.answers, claim, $1) }
      }
      for (name, scenarios) in backend.losses {
        guard let mode = RingMode(rawValue: name) else {
          throw .malformed(path: "\(path).losses.\(name)", detail: "not a mode")
        }
        for (scenario, losses) in scenarios {
          let key = MatrixLossName(mode: mode, scenario: scenario)
          try Self.assign(losses, "\(path).losses.\(name).\(scenario)", count: read.count) {
            enter($0, \.losses, key, $1)
          }
        }
      }
      for (clause, verdicts) in backend.clauses {
        guard let number = Int(clause) else {
          throw .malformed(path: "\(path).clauses.\(clause)", detail: "not a number")
        }
        try Self.assign(verdicts, "\(path).clauses.\(clause)", count: read.count) { enter($0, \.clauses, number, $1) }
      }
      for (cost, values) in backend.costs {
        try Self.assign(values, "\(path).costs.\(cost)", count: read.count) { enter($0, \.costs, cost, $1.cost) }
      }
      for (title, counts) in backend.troubles ?? [:] {
        try Self.assign(counts, "\(path).troubles.\(title)", count: read.count) { enter($0, \.troubles, title, $1) }
      }
    }
    return VersionMatrix(
      runs: read, failures: failures, claims: claims.map { ($0.key, $0.value) },
      scenarios: scenarios.map { ($0.key, $0.value) })
  }

  /// Gives each value to its runs.
  /// - Parameter enter: enters a value; `false` if its run has no state or has the value already.
  private static func assign<Value>(
    _ values: Shared<Value>, _ path: String, count: Int, _ enter: (Int, Value) -> Bool
  ) throws(ResultsFileError) {
    for (text, value) in values {
      guard let runs = RunList(text: text) else {
        throw .malformed(path: path, detail: "no list of runs: “\(text)”")
      }
      for range in runs.ranges {
        guard range.upperBound < count else {
          throw .malformed(path: path, detail: "there is no run \(range.upperBound)")
        }
        for run in range {
          guard enter(run, value) else {
            throw .malformed(path: path, detail: "run \(run) has it twice, or has no state")
          }
        }
      }
    }
  }
}

/// Indices of runs as text: `0-3,7`.
struct RunList {
  /// The indices, ascending.
  let ranges: [ClosedRange<Int>]

  init(_ runs: [Int]) {
    var ranges: [ClosedRange<Int>] = []
    for run in runs.sorted() {
      if let last = ranges.last, last.upperBound + 1 == run {
        ranges[ranges.count - 1] = last.lowerBound...run
      } else {
        ranges.append(run...run)
      }
    }
    self.ranges = ranges
  }

  /// Reads the text; `nil` if it is none.
  init?(text: String) {
    let ranges = text.split(separator: ",", omittingEmptySubsequences: false).map { part -> ClosedRange<Int>? in
      // Five digits are more than any number of runs.
      guard let match = part.wholeMatch(of: /(\d{1,5})(?:-(\d{1,5}))?/), let first = Int(match.output.1) else {
        return nil
      }
      let last = match.output.2.map { Int($0) ?? .max } ?? first
      return first <= last ? first...last : nil
    }
    guard ranges.allSatisfy({ $0 != nil }) else { return nil }
    self.ranges = ranges.compactMap(\.self)
  }

  var text: String {
    ranges.map {
      $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }.joined(separator: ",")
  }
}

/// A cost as text: median, least and greatest trial.
struct CostText: Codable, Hashable {
  let cost: MatrixCost

  init(_ cost: MatrixCost) {
    self.cost = cost
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    let numbers = text.split(separator: " ", omittingEmptySubsequences: false).map { Double($0) }
    guard numbers.count == 3, let median = numbers[0], let least = numbers[1], let greatest = numbers[2],
      case let cost = MatrixCost(median: median, least: least, greatest: greatest), cost.isStorable
    else { throw DecodingError.dataCorruptedError(in: container, debugDescription: "no cost: “\(text)”") }
    self.cost = cost
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode("\(cost.median) \(cost.least) \(cost.greatest)")
  }
}
