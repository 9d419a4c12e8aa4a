import Foundation
import Testing

extension ToolTests {
  /// Wrong usage, bad input and output that cannot be written: a clear message, the right exit code, nothing written.
  @Suite struct UsageTests {
    @Test(arguments: [
      ["run", "--backend", "nosuch"], ["run", "--profile", "nosuch"], ["run", "--nosuch"], ["run", "--seed", "x"],
      ["nosuch"], ["report"],
    ])
    func wrongUsageIsExit64(_ arguments: [String]) throws {
      try Tool.withDirectory { directory in
        let output = directory.appending(path: "out")
        let errors = directory.appending(path: "err")
        let process = try Tool.process(arguments, output: output, errors: errors)
        process.currentDirectoryURL = directory
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 64)
        #expect(try String(contentsOf: errors, encoding: .utf8).contains("Usage:"))
        #expect(Tool.names(directory.path) == ["err", "out"])
      }
    }

    @Test func anUnknownBackEndIsToldWhichThereAre() throws {
      let outcome = try Tool.run("run", "--backend", "nosuch")
      #expect(outcome.errors.contains("unknown back end 'nosuch'; there are: tracefs, lttng-ust"))
    }

    @Test func outputThatCannotBeWrittenIsToldBeforeAnythingIsMeasured() throws {
      let begin = Tool.instances
      for directory in ["/proc/nowhere", "/dev/null/below"] {
        let outcome = try Tool.run("run", "--out", directory)
        #expect(outcome.status == 73)
        #expect(
          outcome.errors.contains(directory) || outcome.errors.contains("/proc") || outcome.errors.contains("/dev"))
      }
      let export = try Tool.run("report", "/dev/null", "--export-markdown", "/proc/nowhere/report.md")
      #expect(export.status != 0)
      #expect(Tool.instances == begin)
    }

    @Test func resultsThatAreNotThereAreExit66() throws {
      let outcome = try Tool.run("report", "/nowhere/results.json")
      #expect(outcome.status == 66)
      #expect(outcome.errors.contains("/nowhere/results.json"))
    }

    @Test func resultsThatAreMalformedAreExit65() throws {
      try Tool.withDirectory { directory in
        let file = directory.appending(path: "results.json")
        for text in ["", "{", "{\"schemaVersion\": 999}", "[]"] {
          try Data(text.utf8).write(to: file)
          let outcome = try Tool.run("report", file.path)
          #expect(outcome.status == 65)
        }
        #expect(Tool.names(directory.path) == ["results.json"])
      }
    }

    @Test func listNamesEverything() throws {
      let outcome = try Tool.run("list")
      #expect(outcome.status == 0)
      for name in ["tracefs", "lttng-ust", "keeps-up", "falls-behind", "stalled", "lost-events-in-meta-page"] {
        #expect(outcome.output.contains(name))
      }
    }
  }
}
