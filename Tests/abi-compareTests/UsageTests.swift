import Foundation
import Report
import Study
import Testing

extension ToolTests {
  /// Wrong usage, bad input and output that cannot be written: a clear message, the right exit code, nothing written.
  @Suite struct UsageTests {
    @Test(arguments: [
      ["run", "--backend", "nosuch"], ["run", "--profile", "nosuch"], ["run", "--nosuch"], ["run", "--seed", "x"],
      ["nosuch"], ["report"], ["run", "--scenario", "nosuch"], ["run", "--cpu-producer", "1023"],
      ["run", "--cpu-reader", "-1"], ["run", "--cpu-reader", "x"], ["run", "--quick", "--profile", "thorough"],
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
      #expect(outcome.errors.contains("unknown back end 'nosuch'; there are: tracefs, lttng-modules, lttng-ust"))
    }

    @Test(arguments: ["/proc/nowhere", "/dev/null/below", "/sys/kernel", "/proc/self"])
    func outputThatCannotBeWrittenIsToldBeforeAnythingIsMeasured(_ directory: String) throws {
      let outcome = try Tool.run("run", "--out", directory)
      #expect(outcome.status == 73)
      #expect(outcome.errors.contains(directory))
      #expect(Traces(of: outcome.pid).isEmpty)
      #expect(!outcome.errors.contains("//"))
    }

    /// Foundation's functions on paths trap on some of them.
    @Test(arguments: [".", "./", "a", "b", "é", "..", "/"])
    func aShortPathIsNoCrash(_ path: String) throws {
      #expect(try Tool.run("report", path).status == 66)
      try Tool.withDirectory { directory in
        let results = directory.appending(path: "results.json").path
        try emptyResults().write(to: URL(filePath: results))
        if path.contains(where: { $0 == "." || $0 == "/" }) {
          #expect(try Tool.run("report", results, "--ktap", path).status == 73)
        }
      }
    }

    @Test func anExportThatCannotBeWrittenIsTold() throws {
      try Tool.withDirectory { directory in
        let results = directory.appending(path: "results.json").path
        try emptyResults().write(to: URL(filePath: results))
        #expect(try Tool.run("report", results, "--export-markdown", "-").status == 0)
        for option in ["--export-markdown", "--export-json", "--ktap"] {
          let outcome = try Tool.run("report", results, option, "/proc/nowhere/file")
          #expect(outcome.status == 73)
          #expect(outcome.errors.contains("/proc/nowhere"))
        }
        let full = try Tool.run("report", results, "--export-markdown", "/dev/full")
        #expect(full.status == 73)
        #expect(full.errors.contains("No space left on device"))
        for arguments in ["list", "report '\(results)' --export-markdown -"] {
          let output = try Tool.shell("'\(Tool.path)' \(arguments) > /dev/full")
          #expect(output == 73)
        }
      }
    }

    /// Nothing is written over what was named as something else.
    @Test func anExportOverAnotherFileIsWrongUsage() throws {
      try Tool.withDirectory { directory in
        let results = directory.appending(path: "results.json").path
        let old = Data("old".utf8)
        try old.write(to: URL(filePath: results))
        let wrong = [
          ["report", results, "--ktap", results], ["report", results, "--ktap", "\(directory.path)/./results.json"],
          ["report", results, "--ktap", "\(directory.path)/k", "--export-json", "\(directory.path)/k"],
          ["report", results, "--out", directory.path, "--export-markdown", "\(directory.path)/report.md"],
          ["run", "--out", directory.path, "--ktap", "\(directory.path)/report.md"], ["run", "--out", ""],
          ["report", results, "--out", ""],
        ]
        for arguments in wrong {
          let outcome = try Tool.run(arguments)
          #expect(outcome.status == 64, "\(arguments): \(outcome.errors)")
        }
        #expect(try Data(contentsOf: URL(filePath: results)) == old)
        #expect(Tool.names(directory.path) == ["results.json"])
      }
    }

    @Test(arguments: [
      ["--export-markdown", "--export-json"], ["--ktap", "--export-json"], ["--export-markdown", "--ktap"],
    ])
    func twoExportsToStandardOutputAreWrongUsage(options: [String]) throws {
      let outcome = try Tool.run("report", "/dev/null", options[0], "-", options[1], "-")
      #expect(outcome.status == 64)
    }

    /// What a report comes to follows from the results, as that of a run does.
    @Test func aReportEndsWithTheCodeOfItsResults() throws {
      var probe = ProbeResult(
        id: "no-such-claim", topic: .misuse, title: "", question: "", source: "", procedure: "", backend: "live",
        expectation: "", basis: .documented, outcome: .contradicts)
      var results = Results(
        run: RunDescription(toolVersion: "", command: [], profile: "quick", seed: 1, startedAt: "", seconds: 0),
        environment: RunEnvironment(facts: []),
        backends: [BackendResult(name: "live", title: "", isLive: true, status: .ran)], operations: [],
        probes: [], latency: [], losses: [], clauses: [], modelChecks: [])
      try Tool.withDirectory { directory in
        let file = directory.appending(path: "results.json")
        let codes: [(ProbeResult.Outcome, Int32)] = [(.asDocumented, 0), (.undecided, 2), (.contradicts, 1)]
        for (outcome, code) in codes {
          probe.outcome = outcome
          results.probes = [probe]
          try ResultsFile.encode(results).write(to: file)
          let usual = try Tool.run("report", file.path, "--ktap", "-")
          #expect(usual.status == 0)
          #expect(usual.output.hasPrefix("KTAP version 1\n1..1\n"))
          #expect(usual.output.contains("not ok") == (outcome == .contradicts))
          #expect(try Tool.run("report", file.path, "--ktap", "-", "--strict").status == code)
        }
        results.backends[0].status = .failed
        try ResultsFile.encode(results).write(to: file)
        #expect(try Tool.run("report", file.path, "--ktap", "/dev/null").status == 1)
        #expect(Tool.names(directory.path) == ["results.json"])
      }
    }

    /// Results without a back end.
    private func emptyResults() throws -> Data {
      try ResultsFile.encode(
        Results(
          run: RunDescription(toolVersion: "", command: [], profile: "quick", seed: 1, startedAt: "", seconds: 0),
          environment: RunEnvironment(facts: []), backends: [], operations: [], probes: [], latency: [], losses: [],
          clauses: [], modelChecks: []))
    }

    /// A run against itself has no regression, against a slower one has; other conditions are shown and not compared.
    @Test func aDiffEndsWithWhatItFound() throws {
      func results(_ nanoseconds: UInt64, profile: String = "quick") throws -> Data {
        let trials = (1...10).compactMap { place in
          Distribution([Distribution.Bucket(nanoseconds: nanoseconds + UInt64(place), count: 5)]).map {
            Trial(place: place, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0)
          }
        }
        let row = LatencyResult(
          backend: "live", mode: "discard", operation: "acquire", condition: "data waiting", call: "c", setup: [],
          trials: trials)
        return try ResultsFile.encode(
          Results(
            run: RunDescription(toolVersion: "", command: [], profile: profile, seed: 1, startedAt: "", seconds: 0),
            environment: RunEnvironment(facts: []),
            backends: [BackendResult(name: "live", title: "", isLive: true, status: .ran)], operations: [],
            probes: [], latency: [row], losses: [], clauses: [], modelChecks: []))
      }
      try Tool.withDirectory { directory in
        let (base, new) = (directory.appending(path: "base.json"), directory.appending(path: "new.json"))
        try results(400).write(to: base)
        try results(500).write(to: new)
        #expect(try Tool.run("diff", base.path, base.path).status == 0)
        let slower = try Tool.run("diff", base.path, new.path)
        #expect(slower.status == 1)
        #expect(slower.output.contains("**slower**"))
        #expect(try Tool.run("diff", new.path, base.path).status == 0)
        #expect(try Tool.run("diff", base.path, new.path, "--noise-threshold", "30").status == 0)
        #expect(try Tool.run("diff", base.path, new.path, "--noise-threshold", "-1").status == 64)
        #expect(try Tool.run("diff", base.path, "/nowhere/results.json").status == 66)
        #expect(try Tool.run("diff", base.path, "/dev/null").status == 65)

        try results(500, profile: "thorough").write(to: new)
        let other = try Tool.run("diff", base.path, new.path)
        #expect(other.status == 65)
        #expect(other.output.contains("thorough") && !other.output.contains("slower"))
        #expect(try Tool.run("diff", base.path, new.path, "--across-conditions").status == 1)

        try emptyResults().write(to: new)
        #expect(try Tool.run("diff", new.path, new.path).status == 65)
      }
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
      let page = try Tool.run("list", "--markdown")
      #expect(page.status == 0 && page.output.hasPrefix("# Claims\n"))
    }
  }
}
