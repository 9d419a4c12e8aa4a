import Foundation
@testable import Report
import Study
import Testing

/// Results files with numbers that no run can measure.
@Suite struct ResultsNumbersTests {
  @Test func `a number that no run can have measured is refused with its path`() async {
    await #expect(processExitsWith: .success) {
      let file = try NumberedFile(Fixture.few)
      #expect(file.fields.count > 100)
      var accepted: [NumberedFile.Field] = []
      for field in file.fields where field.path != "schemaVersion" {
        let mayBeAnyWord = ["losses", "crossChecks"].contains(field.topLevelKey) || field.key == "seed"
        if mayBeAnyWord { accepted.append(field) }
        for number in (mayBeAnyWord ? [] : ["9223372036854775807"]) + ["-1", "1e308"] {
          do {
            _ = try ResultsFile.decode(file.replacing([field], with: number))
            Issue.record("\(field.path) = \(number) is accepted")
          } catch ResultsFileError.malformed(let path, _) {
            #expect(path.replacing(/\[\d+\]/, with: "") == field.path, "\(field.path) = \(number)")
          }
        }
      }
      try render(try ResultsFile.decode(file.replacing(accepted, with: "9223372036854775807")))
    }
  }

  @Test(arguments: ["0", "9007199254740992"])
  func `a report in which all numbers are at a limit is written`(number: String) async {
    await #expect(processExitsWith: .success) { [number] in
      let file = try NumberedFile(Fixture.few)
      // `switchTimer` is a 32-bit number with its own limit, and `schemaVersion` must remain a known version.
      let fields = file.fields.filter { !["schemaVersion", "switchTimer"].contains($0.key) }
      try render(try ResultsFile.decode(file.replacing(fields, with: number)))
    }
  }

  @Test func `a number beyond the range of every type is refused with its path`() throws {
    let file = try NumberedFile(Fixture.few)
    let field = try #require(file.fields.first { $0.path == "run.seconds" })
    let error = #expect(throws: ResultsFileError.self) {
      try ResultsFile.decode(file.replacing([field], with: "1e400"))
    }
    guard case .malformed(let path, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == "run.seconds")
  }
}

/// Generates everything that `abi-compare report` generates from results.
private func render(_ results: Results) throws {
  var results = results
  results.losses = results.losses.map(\.judgedAgain)
  _ = MarkdownReport.pages(results, Fixture.wording, plots: Plot.all(of: results))
  _ = MailReport.render(results, Fixture.wording)
  _ = KTAPReport.render(results)
  _ = DiffReport.render(ResultsDiff(base: results, new: results), threshold: 0.05)
  _ = try ResultsFile.encode(results)
}

/// A results file with the lines of its numbers.
private struct NumberedFile {
  /// All numbers under one path of the layout.
  struct Field {
    /// The keys from the top, without indices: `losses.history.produced`.
    var path: String
    var lines: [Int]

    var key: String { path.split(separator: ".").last.map(String.init) ?? "" }
    var topLevelKey: String { path.split(separator: ".").first.map(String.init) ?? "" }
  }

  /// The fields in the order in which they first occur.
  private(set) var fields: [Field] = []
  private let lines: [Substring]

  /// Finds the numbers: the encoder writes one key, number or bracket per line, indented by its depth.
  init(_ results: Results) throws {
    lines = String(decoding: try ResultsFile.encode(results), as: UTF8.self).split(separator: "\n")
    var keys: [(depth: Int, name: String)] = []
    var places: [String: Int] = [:]
    for (number, line) in lines.enumerated() {
      let depth = line.prefix { $0 == " " }.count
      while let last = keys.last, last.depth >= depth { keys.removeLast() }
      if let key = line.firstMatch(of: /^ *"([A-Za-z0-9]+)" :/) { keys.append((depth, String(key.output.1))) }
      guard line.contains(/^ *("[A-Za-z0-9]+" : )?-?[0-9][0-9.eE+-]*,?$/) else { continue }
      let path = keys.map(\.name).joined(separator: ".")
      let place = places[path] ?? fields.count
      if place == fields.count { fields.append(Field(path: path, lines: [])) }
      places[path] = place
      fields[place].lines.append(number)
    }
  }

  /// Returns the file with another number in all lines of some fields.
  func replacing(_ fields: [Field], with number: String) -> Data {
    var lines = lines.map(String.init)
    for place in fields.flatMap(\.lines) {
      lines[place] = lines[place].replacing(/-?[0-9][0-9.eE+-]*(?=,?$)/, with: number)
    }
    return Data(lines.joined(separator: "\n").utf8)
  }
}

extension Fixture {
  /// The first rows of all results, to generate a report quickly.
  static let few: Results = {
    var results = Fixture.results
    (results.operations, results.probes, results.backends) = ([], [], Array(results.backends.prefix(2)))
    results.latency = Array(results.latency.prefix(2) + growth.prefix(6))
    results.freshness = Array(results.freshness.prefix(2))
    results.throughput = Array(results.throughput.prefix(2))
    results.disturbance = Array(results.disturbance.prefix(3))
    results.losses = Array(results.losses.prefix(2)) + [cleared, load("tracefs", 2)]
    results.losses[0].history?.unfinished = [1]
    results.losses[0].repeats = results.losses[0].history.map {
      [LossResult.Repeat(seed: 1, history: $0, reaching: [])]
    }
    return results
  }()
}
