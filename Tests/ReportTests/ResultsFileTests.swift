import Foundation
import Report
import Results
import Study
import Testing

@Suite struct ResultsFileTests {
  @Test func roundTrip() throws {
    for results in [Fixture.results, Fixture.empty] {
      let data = try ResultsFile.encode(results.records)
      #expect(try ResultsFile.decode(data) == results.records)
      #expect(try ResultsFile.encode(results.records) == data)
      #expect(data.last == UInt8(ascii: "\n"))
    }
  }

  @Test func unknownSchemaVersion() throws {
    var results = Fixture.empty
    for version in Array(0..<StudyRecords.currentSchemaVersion) + [Int.max] {
      results.schemaVersion = version
      let data = try ResultsFile.encode(results.records)
      #expect(throws: ResultsFileError.unknownSchema(found: version, supported: StudyRecords.currentSchemaVersion)) {
        try ResultsFile.decode(data)
      }
    }
    #expect(
      throws: ResultsFileError.unknownSchema(found: 99, supported: StudyRecords.currentSchemaVersion),
      "the version decides before the layout does"
    ) { try ResultsFile.decode(Data(#"{"schemaVersion": 99, "rows": []}"#.utf8)) }
    let error = ResultsFileError.unknownSchema(found: 99, supported: StudyRecords.currentSchemaVersion)
    #expect(
      "\(error)" == "the results have schema version 99, this tool reads version \(StudyRecords.currentSchemaVersion); "
        + "use a newer abi-compare")
  }

  /// Every byte except the last newline is required.
  @Test func cutShort() throws {
    let data = try ResultsFile.encode(Fixture.results.records)
    for length in stride(from: 0, to: data.count - 1, by: 97) {
      let error = #expect(throws: ResultsFileError.self) { try ResultsFile.decode(data.prefix(length)) }
      guard case .malformed = error else {
        Issue.record("\(length) bytes: \(String(describing: error))")
        continue
      }
    }
  }

  @Test func wrongValuesAreNamedByTheirPath() throws {
    let json = String(decoding: try ResultsFile.encode(Fixture.results.records), as: UTF8.self)
    func path(replacing old: String, with new: String) -> String? {
      guard let range = json.firstRange(of: old) else { return nil }
      let broken = json.replacingCharacters(in: range, with: new)
      let error = #expect(throws: ResultsFileError.self) { try ResultsFile.decode(Data(broken.utf8)) }
      guard case .malformed(let path, let detail) = error, !detail.isEmpty else { return nil }
      return path
    }
    #expect(path(replacing: "\"delivered\": 20000", with: "\"delivered\": -1") == "modelChecks[0].delivered")
    #expect(path(replacing: "\"delivered\": 20000", with: "\"delivered\": 1e40") == "modelChecks[0].delivered")
    // For a number that does not fit in the type, Foundation reports only the number, without a path.
    #expect(path(replacing: "\"delivered\": 20000", with: "\"delivered\": 1.5") == "")
    #expect(path(replacing: "\"delivered\": 20000", with: "\"delivered\": \"1\"") == "modelChecks[0].delivered")
    #expect(path(replacing: "\"delivered\": 20000,", with: "") == "modelChecks[0].delivered")
    #expect(path(replacing: "\"basis\": \"documented\"", with: "\"basis\": \"true\"") == "probes[0].basis")
    #expect(path(replacing: "\"title\": \"LTTng kernel modules\"", with: "\"title\": null") == "backends[3].title")
  }

  @Test(arguments: [
    "", "null", "[]", "1", "{}", "{\"schemaVersion\": 5}", "{\"schemaVersion\": 1.5}", "\u{FEFF}", "{]",
  ])
  func notResults(json: String) {
    #expect(throws: ResultsFileError.self) { try ResultsFile.decode(Data(json.utf8)) }
  }

  @Test func deepNestingIsAnErrorAndNoOverflowOfTheStack() {
    let deep = String(repeating: "[", count: 200_000)
    #expect(throws: ResultsFileError.self) { try ResultsFile.decode(Data("{\"schemaVersion\": \(deep)".utf8)) }
  }

  @Test func numbersThatJSONCannotHold() {
    var results = Fixture.results
    results.measurement?.recordOverhead = .nan
    #expect {
      try ResultsFile.encode(results.records)
    } throws: { error in
      guard case .notEncodable(let path, _)? = error as? ResultsFileError else { return false }
      return path == "measurement.recordOverhead"
    }
  }

  @Test func unreadableFile() {
    #expect {
      try ResultsFile.read(from: "/nonexistent/results.json")
    } throws: { error in
      guard case .unreadable(let file)? = error as? ResultsFileError else { return false }
      return file.errno == .noSuchFileOrDirectory && file.path == "/nonexistent/results.json"
    }
    #expect(throws: ResultsFileError.self) { try ResultsFile.read(from: "/") }
  }
}
