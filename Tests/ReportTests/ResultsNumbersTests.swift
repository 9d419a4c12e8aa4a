import Foundation
@testable import Report
import Results
import Testing

/// Results files with numbers that no run can measure.
@Suite struct ResultsNumbersTests {
  @Test func `a number that no run can have measured is refused with its path`() async {
    await #expect(processExitsWith: .success) {
      let file = try NumberedFile(Fixture.few)
      #expect(file.fields.count > 100)
      var accepted: [NumberedFile.Field] = []
      for field in file.fields where field.path != "schemaVersion" {
        let mayBeAnyWord = ["losses", "crossChecks", "sharedLoads"].contains(field.topLevelKey) || field.key == "seed"
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
      // `switchTimer` is a 32-bit number with its own limit, and `schemaVersion` must remain a known version. The numbers of
      // a distribution and the ends of a run of events must ascend.
      let fields = file.fields.filter {
        !["schemaVersion", "switchTimer", "distribution", "place", "minimum", "maximum"].contains($0.key)
      }
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
private func render(_ records: StudyRecords) throws {
  let results = StudyResults(judging: records, by: Fixture.judges)
  _ = MarkdownReport.pages(results, Fixture.wording, plots: Plot.all(of: results))
  _ = MailReport.render(results, Fixture.wording)
  _ = KTAPReport.render(results)
  _ = DiffReport.render(ResultsDiff(base: results, new: results), threshold: 0.05)
  _ = try ResultsFile.encode(results.records)
}

/// A results file whose numbers can be replaced.
private struct NumberedFile {
  /// All numbers under one path of the layout.
  struct Field {
    /// The keys from the top, without indices: `losses.history.produced`.
    var path: String

    var key: String { path.split(separator: ".").last.map(String.init) ?? "" }
    var topLevelKey: String { path.split(separator: ".").first.map(String.init) ?? "" }
  }

  /// The fields in the order in which they first occur.
  private(set) var fields: [Field] = []
  private let root: Any

  init(_ results: StudyResults) throws {
    root = try JSONSerialization.jsonObject(with: try ResultsFile.encode(results.records))
    var paths: [String] = []
    _ = text(of: root, "") { path in
      if !paths.contains(path) { paths.append(path) }
      return nil
    }
    fields = paths.map { Field(path: $0) }
  }

  /// Returns the file with another number at all places of some fields.
  func replacing(_ fields: [Field], with number: String) -> Data {
    let paths = Set(fields.map(\.path))
    return Data(text(of: root, "") { paths.contains($0) ? number : nil }.utf8)
  }

  /// The JSON text of a value.
  /// - Parameter number: the text in the place of the number at a path; `nil` to keep it.
  private func text(of value: Any, _ path: String, _ number: (String) -> String?) -> String {
    switch value {
    case let object as [String: Any]:
      let members = object.sorted { $0.key < $1.key }.map { key, value in
        "\"\(key)\": " + text(of: value, path.isEmpty ? key : "\(path).\(key)", number)
      }
      return "{" + members.joined(separator: ", ") + "}"
    case let array as [Any]:
      return "[" + array.map { text(of: $0, path, number) }.joined(separator: ", ") + "]"
    case let value as NSNumber where String(cString: value.objCType) != "c":
      return number(path) ?? "\(value)"
    default:
      let data = try? JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)
      return String(decoding: data ?? Data(), as: UTF8.self)
    }
  }
}

extension Fixture {
  /// The first rows of all results, to generate a report quickly.
  static let few: StudyResults = {
    var results = Fixture.results
    (results.operations, results.probes, results.backends) = ([], [], Array(results.backends.prefix(2)))
    results.latency = Array(results.latency.prefix(2) + growth.prefix(6))
    results.deliveryLatency = Array(results.deliveryLatency.prefix(2))
    results.throughput = Array(results.throughput.prefix(2))
    results.writerOverhead = Array(results.writerOverhead.prefix(3))
    results.losses = Array(results.losses.prefix(2)) + [cleared, load("tracefs", 2)]
    results.losses[0].history?.unfinished = [1]
    results.losses[0].repeats = results.losses[0].history.map {
      [LossRecord.Repeat(seed: 1, history: $0)]
    }
    return results
  }()
}
