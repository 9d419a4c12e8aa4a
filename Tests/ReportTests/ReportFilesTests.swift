import Foundation
import Report
import SystemPackage
import Testing

@Suite struct ReportFilesTests {
  @Test(arguments: ["", "/"]) func aReportIsWrittenWhole(slash: String) throws {
    try withTemporaryDirectory { directory in
      let names = try ReportFiles.write(Fixture.results, Fixture.wording, to: directory + slash)
      #expect(names.first == "results.json" && names.last == "report.md" && names.contains("report.txt"))
      #expect(try files(in: directory) == names.sorted())
      #expect(try ResultsFile.read(from: directory + "/results.json") == Fixture.results.records)
    }
  }

  @Test func theReportShowsThePlotsThatAreThere() throws {
    try withTemporaryDirectory { directory in
      try ReportFiles.write(Fixture.results, Fixture.wording, to: directory)
      let pages = try files(in: directory).filter { $0.hasSuffix(".md") }
        .map { try String(contentsOfFile: directory + "/" + $0, encoding: .utf8) }
      let shown = pages.flatMap { $0.matches(of: /!\[[^\]]*\]\(([^)]*)\)/).map { String($0.output.1) } }
      let plots = try files(in: directory).filter { $0.hasSuffix(".svg") }
      #expect(Set(shown) == Set(plots))
    }
  }

  @Test func aFullFileSystemIsLeftWithoutAPart() throws {
    try withSmallFileSystem { directory in
      var results = Fixture.results
      results.run.command = [String(repeating: "long", count: 1 << 18)]
      #expect {
        try ReportFiles.write(results, Fixture.wording, to: directory)
      } throws: { error in
        guard case .file(let file)? = error as? ReportFilesError else { return false }
        return file.errno == .noSpace
      }
      let left = try files(in: directory)
      #expect(left.isEmpty)
    }
  }

  @Test func resultsWithoutAFormInJSONWriteNothing() throws {
    try withTemporaryDirectory { directory in
      var results = Fixture.results
      results.run.seconds = .infinity
      #expect(throws: ReportFilesError.self) { try ReportFiles.write(results, Fixture.wording, to: directory) }
      let left = try files(in: directory)
      #expect(left.isEmpty)
    }
  }
}
