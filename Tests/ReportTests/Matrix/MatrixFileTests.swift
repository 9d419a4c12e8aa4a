import Foundation
@testable import Report
import Results
import Study
import Testing

@Suite struct MatrixFileTests {
  private let json: String

  init() throws {
    json = String(decoding: try MatrixFile.encode(MatrixFixture.matrix), as: UTF8.self)
  }

  @Test func `a matrix comes back as it was`() throws {
    #expect(try MatrixFile.decode(Data(json.utf8)) == MatrixFixture.matrix)
    #expect(try MatrixFile.encode(MatrixFile.decode(Data(json.utf8))) == Data(json.utf8))
    let empty = VersionMatrix([])
    #expect(try MatrixFile.decode(MatrixFile.encode(empty)) == empty)
  }

  @Test func `the order of the files, their repetition and their grouping change no byte`() throws {
    let parts =
      MatrixFixture.results.map { VersionMatrix([$0]) } + [VersionMatrix([], failures: MatrixFixture.failures)]
    let wanted = try MatrixFile.encode(MatrixFixture.matrix)
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<20 {
      var order = parts + parts.prefix(Int.random(in: 0..<parts.count, using: &generator))
      order.shuffle(using: &generator)
      let middle = Int.random(in: 0...order.count, using: &generator)
      let halves = [VersionMatrix(merging: Array(order[..<middle])), VersionMatrix(merging: Array(order[middle...]))]
      let stored = try MatrixFile.decode(MatrixFile.encode(halves[1]))
      #expect(try MatrixFile.encode(VersionMatrix(merging: [halves[0], stored])) == wanted)
    }
  }

  @Test func `a claim that two programs word differently has one wording, whatever the order`() throws {
    func results(_ title: String, _ release: String) -> StudyResults {
      var results = MatrixFixture.run(release, [MatrixFixture.tracefs(release, ["c": .expected("yes")])])
      results.probes[0].title = title
      return results
    }
    let (one, other) = (results("b", "6.12"), results("a", "6.16"))
    #expect(VersionMatrix([one, other]).claims["c"]?.title == "a")
    #expect(VersionMatrix([one, other]) == VersionMatrix([other, one]))
  }

  @Test func `a file that is cut short is malformed`() throws {
    let data = Data(json.utf8)
    for length in stride(from: 0, to: data.count - 1, by: 53) {
      let error = #expect(throws: MatrixFileError.self) { try MatrixFile.decode(data.prefix(length)) }
      guard case .malformed = error?.cause else {
        Issue.record("\(length) bytes: \(String(describing: error))")
        continue
      }
    }
  }

  @Test(arguments: [
    (#""schemaVersion": 1"#, #""schemaVersion": 2"#, "schema version 2, this tool reads version 1"),
    (#""schemaVersion": 1"#, #""schemaVersion": 0"#, "merge the results again"),
    (#""format": "abi-compare version matrix""#, #""format": "another""#, "format: another is not"),
    (#""outcome": "as assumed""#, #""outcome": "fine""#, "answers.sigbus[7].outcome"),
    (#""seed": 7"#, #""seed": -7"#, "runs[0].seed"), (#""seed": 7"#, #""seed": 1e30"#, "runs[0].seed"),
    (#""0-7":"#, #""0-8":"#, "there is no run 8"), (#""0-7":"#, #""0-99999":"#, "there is no run 99999"),
    (#""0-7":"#, #""0-999999999999":"#, "no list of runs"), (#""0-7":"#, #""7-0":"#, "no list of runs"),
    (#""0-7":"#, #""-":"#, "no list of runs"), (#""0-7":"#, #""":"#, "no list of runs"),
    (#""0-7":"#, #""0-7,3":"#, "run 3 has it twice"),
    (#": "1001 1001 1006""#, #": "nan 0 0""#, "no cost"), (#": "1001 1001 1006""#, #": "9 10 11""#, "no cost"),
    (#": "1001 1001 1006""#, #": "1e300 0 1e301""#, "no cost"),
  ])
  func `a wrong value is a typed error with its place`(_ old: String, _ new: String, _ message: String) throws {
    let fixture = json.replacing("1002.5 1000.0 1005.0", with: "1001 1001 1006")
    try #require(fixture.contains(old), "\(old)")
    // Only the first place: the file is broken once.
    let range = try #require(fixture.firstRange(of: old))
    let broken = fixture.replacingCharacters(in: range, with: new)
    let error = #expect(throws: MatrixFileError.self) { try MatrixFile.decode(Data(broken.utf8)) }
    let text = "\(try #require(error))"
    #expect(text.contains(message))
  }

  @Test func `a text that is longer than this program writes is refused, as a value and as a key`() throws {
    let long = String(repeating: "x", count: 501)
    for (old, new) in [("no room", long), ("\"claims\": {", "\"claims\": { \"\(long)\": {},")] {
      try #require(json.contains(old))
      let broken = json.replacing(old, with: new)
      let error = #expect(throws: MatrixFileError.self) { try MatrixFile.decode(Data(broken.utf8)) }
      #expect("\(try #require(error))".contains("more than 500 characters"))
    }
    var results = MatrixFixture.results[0]
    results.probes[0].answer = long
    let stored = try MatrixFile.decode(MatrixFile.encode(VersionMatrix([results])))
    #expect(stored == VersionMatrix([results]))
  }

  @Test func `a matrix without the kernel's log is one of logs that were not read`() throws {
    let old = json.replacing(#/"hasKernelLog": true, /#, with: "").replacing(/,\n *"troubles": .*/, with: "")
    try #require(!old.contains("hasKernelLog") && !old.contains("troubles"))
    let matrix = try MatrixFile.decode(Data(old.utf8))
    #expect(matrix.runs.count == MatrixFixture.matrix.runs.count)
    #expect(matrix.runs.allSatisfy { $0.backends.values.allSatisfy { !$0.hasKernelLog && $0.troubles.isEmpty } })
  }

  @Test func `a run without a state of an ABI has no answers of it`() throws {
    let states = try #require(json.firstMatch(of: /"states": \{[\s\S]*?\n      \}/))
    let broken = json.replacingCharacters(in: states.range, with: #""states": {}"#)
    let error = #expect(throws: MatrixFileError.self) { try MatrixFile.decode(Data(broken.utf8)) }
    #expect("\(try #require(error))".contains("has no state"))
  }

  @Test func `more runs than a file may have are refused, when written and when read`() throws {
    let run = MatrixFixture.results[3]
    let results = (0...MatrixFile.mostRuns).map { index in
      var copy = run
      copy.run.seed = UInt64(index)
      (copy.probes, copy.losses, copy.latency) = ([], [], [])
      return copy
    }
    let error = #expect(throws: MatrixFileError.self) { try MatrixFile.encode(VersionMatrix(results)) }
    #expect("\(try #require(error))".contains("more than 1000 runs"))
    let runs = String(repeating: "[],", count: 3)
    #expect(throws: MatrixFileError.self) { try MatrixFile.decode(Data("{\"runs\": [\(runs)]}".utf8)) }
  }

  @Test(arguments: ["", "null", "[]", "1", "{}", #"{"format": 7}"#, #"{"format": "abi-compare version matrix"}"#])
  func `anything else is no matrix`(_ text: String) {
    #expect(throws: MatrixFileError.self) { try MatrixFile.decode(Data(text.utf8)) }
  }

  @Test func `a file is results or a matrix by its contents`() throws {
    try withTemporaryDirectory { directory in
      let (matrix, results) = ("\(directory)/a", "\(directory)/b")
      try Data(json.utf8).write(to: URL(filePath: matrix))
      try ResultsFile.encode(MatrixFixture.results[0].records).write(to: URL(filePath: results))
      #expect(try MatrixFile.readAny(from: matrix, judges: MatrixFixture.judges) == MatrixFixture.matrix)
      #expect(
        try MatrixFile.readAny(from: results, judges: MatrixFixture.judges) == VersionMatrix([MatrixFixture.results[0]])
      )
      let missing = #expect(throws: MatrixFileError.self) {
        try MatrixFile.readAny(from: "\(directory)/c", judges: MatrixFixture.judges)
      }
      #expect(missing?.isUnreadable == true)
      try Data(#"{"schemaVersion": 1}"#.utf8).write(to: URL(filePath: results))
      let old = #expect(throws: MatrixFileError.self) {
        try MatrixFile.readAny(from: results, judges: MatrixFixture.judges)
      }
      #expect("\(try #require(old))".contains("the results have schema version 1"))
      #expect(throws: MatrixFileError.self) { try MatrixFile.readAny(from: "/dev/zero", judges: MatrixFixture.judges) }
    }
  }

  @Test func `the files are written, the page with the links last`() throws {
    try withTemporaryDirectory { directory in
      let names = try MatrixFiles.write(MatrixFixture.matrix, MatrixFixture.wording, to: directory)
      #expect(names == ["matrix.json", "matrix-unchanged.md", "matrix.md"])
      #expect(try files(in: directory) == names.sorted())
      #expect(throws: ReportFilesError.self) {
        try MatrixFiles.write(MatrixFixture.matrix, MatrixFixture.wording, to: "\(directory)/missing")
      }
    }
  }
}
