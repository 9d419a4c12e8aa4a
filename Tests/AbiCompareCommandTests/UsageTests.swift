import BackendList
import Foundation
import Platform
import Report
import Results
import Study
import TestPrograms
import Testing

extension ToolTests {
  /// Wrong usage, bad input and unwritable output: a clear message, the right exit code, and nothing written.
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
      #expect(outcome.errors.contains("unknown back end 'nosuch'; known: tracefs, lttng-modules, lttng-ust"))
    }

    @Test(arguments: ["/proc/nowhere", "/dev/null/below", "/sys/kernel", "/proc/self"])
    func outputThatCannotBeWrittenIsToldBeforeAnythingIsMeasured(_ directory: String) throws {
      let outcome = try Tool.run("run", "--out", directory)
      #expect(outcome.status == 73)
      #expect(outcome.errors.contains(directory))
      #expect(Traces(of: outcome.pid).isEmpty)
      #expect(!outcome.errors.contains("//"))
    }

    /// Foundation's path functions trap on some of these paths.
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

    @Test func `an export that cannot be opened ends the run before the study`() throws {
      try Tool.withDirectory { directory in
        let fifo = directory.appending(path: "fifo").path
        try #require(mkfifo(fifo, 0o600) == 0)
        let long = directory.appending(path: String(repeating: "n", count: 256)).path
        for (file, why) in [
          (directory.path, "Is a directory"), (fifo, "the pipe has no reader"), (long, "File name too long"),
        ] {
          let outcome = try Tool.run("run", "--out", directory.appending(path: "report").path, "--export-json", file)
          #expect(outcome.status == 73)
          #expect(outcome.errors.contains(why))
          #expect(!outcome.errors.contains("skipped"))
          #expect(Tool.names(directory.appending(path: "report").path).isEmpty)
        }
      }
    }

    @Test func `a FIFO gets its export from the start to the end`() throws {
      try Tool.withDirectory { directory in
        let results = directory.appending(path: "results.json").path
        try emptyResults().write(to: URL(filePath: results))
        let command = "mkfifo fifo && { cat fifo > copy & } && '\(Tool.path)' report results.json --ktap fifo && wait"
        #expect(try Tool.shell("cd '\(directory.path)' && \(command)") == 0)
        #expect(
          try String(contentsOf: directory.appending(path: "copy"), encoding: .utf8).hasPrefix("KTAP version 1\n"))
      }
    }

    @Test func `a limit on the size of files ends the run before the study`() throws {
      try Tool.withDirectory { directory in
        let outcome = try Tool.run(
          "run", "--out", directory.path, prefix: ["sh", "-c", "ulimit -f 1000 && exec \"$@\"", "sh"])
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("File too large"))
        #expect(Tool.names(directory.path).isEmpty)
      }
    }

    @Test func `a directory that another process has locked is refused`() throws {
      try Tool.withDirectory { directory in
        let held = open(directory.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(held) }
        try #require(flock(held, LOCK_EX | LOCK_NB) == 0)
        let outcome = try Tool.run("run", "--out", directory.path)
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("another abi-compare writes to \(directory.path)"))
        #expect(Tool.names(directory.path).isEmpty)
      }
    }

    @Test func `a program in a relative directory of the PATH is not run`() throws {
      try Tool.withDirectory { directory in
        let tools = directory.appending(path: "bin")
        try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: false)
        for name in ["qemu-system-x86_64", "setpriv", "babeltrace2", "trace-cmd"] {
          try TestPrograms.writeScript(": > '\(directory.path)/ran'", to: tools.appending(path: name).path)
        }
        let outcome = try Tool.run(
          "doctor", prefix: ["PATH=bin", "/bin/sh", "-c", "cd '\(directory.path)' && exec \"$@\"", "sh"])
        #expect(outcome.output.contains("qemu-system-x86_64 is not on the PATH"))
        #expect(Tool.names(directory.path) == ["bin"])
      }
    }

    @Test func `an empty TMPDIR is the usual directory`() throws {
      let left = "/tmp/\(RunOwner(pid: getpid(), startTime: 1).name("empty"))"
      try FileManager.default.createDirectory(
        atPath: left, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      _ = try Tool.run("doctor", prefix: ["TMPDIR="])
      #expect(rmdir(left) == -1)
    }

    @Test(.enabled(if: geteuid() == 0), arguments: [(["nosuch"], 64), (["list"], 0)] as [([String], Int32)])
    func `arguments are read without /proc`(_ arguments: [String], _ status: Int32) throws {
      let outcome = try Tool.run(
        arguments, prefix: ["unshare", "-m", "sh", "-c", "mount -t tmpfs none /proc && exec \"$@\"", "sh"])
      #expect(outcome.status == status)
      #expect((outcome.output + outcome.errors).contains(status == 0 ? "Loss scenarios" : "nosuch"))
    }

    /// An export never overwrites another file.
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
          [
            "run", "--out", directory.path, "--export-markdown",
            "\(directory.path)/../\(directory.lastPathComponent)/losses-tracefs.md",
          ],
          ["run", "--out", "\(directory.path)/new", "--ktap", "\(directory.path)/new/latency.svg"],
          ["run", "--ktap", ""], ["run", "--export-json", ""], ["report", results, "--export-markdown", ""],
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

    /// With `--strict` the exit code of a report follows from its results.
    @Test func aReportEndsWithTheCodeOfItsResults() throws {
      var results = StudyRecords(
        run: RunDescription(toolVersion: "", command: [], profile: "quick", seed: 1, startedAt: "", seconds: 0),
        environment: RunEnvironment(facts: []),
        backends: [BackendResult(name: "live", title: "", isLive: true, abis: ["kernel"], status: .ran)],
        operations: [],
        probes: [], latency: [], losses: [], clauses: [], modelChecks: [])
      try Tool.withDirectory { directory in
        let file = directory.appending(path: "results.json")
        let codes: [(ProbeResult.Outcome, Int32)] = [(.asDocumented, 0), (.undecided, 2), (.contradicts, 1)]
        for (outcome, code) in codes {
          results.probes = [try probe(outcome)]
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

    /// Returns a probe whose evidence is judged so.
    private func probe(_ outcome: ProbeResult.Outcome) throws -> ProbeRecord {
      let claim = try #require(BackendList.claims.first { $0.id == "acquire-request" })
      let expectation = try #require(claim.expectation(of: [ABI("kernel")]))
      func evidence(_ old: Int, _ new: Int) -> [Observation] {
        [
          Observation("_IO('T', 1): events handed out", old), Observation("_IO('R', 0x20): events handed out", new),
        ]
      }
      let observed =
        switch outcome {
        case .asDocumented: evidence(0, 8)
        case .contradicts: evidence(8, 0)
        default: [] as [Observation]
        }
      return ProbeRecord(claim, expectation, backend: "live", ProbeObservations(evidence: observed))
    }

    /// Returns results without a back end.
    private func emptyResults() throws -> Data {
      try ResultsFile.encode(
        StudyRecords(
          run: RunDescription(toolVersion: "", command: [], profile: "quick", seed: 1, startedAt: "", seconds: 0),
          environment: RunEnvironment(facts: []), backends: [], operations: [], probes: [], latency: [], losses: [],
          clauses: [], modelChecks: []))
    }

    /// A slower run is a regression, an equal one is not; runs under other conditions are listed but not compared.
    @Test func aDiffEndsWithWhatItFound() throws {
      func results(_ nanoseconds: UInt64, profile: String = "quick") throws -> Data {
        let trials = (1...10).compactMap { place in
          Distribution([Distribution.Bucket(nanoseconds: nanoseconds + UInt64(place), count: 5)]).map {
            Trial(place: place, outOfRange: 0, minimum: $0.least, maximum: $0.greatest, distribution: $0)
          }
        }
        let row = LatencyResult(
          backend: "live", mode: .discard, operation: .acquire, condition: LatencyCondition(), call: "c", setup: [],
          trials: trials)
        return try ResultsFile.encode(
          StudyRecords(
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

    /// A gate between kernels: the kernel may differ, an answer must not get worse.
    @Test func `a diff of two kernels compares answers without being asked, and ends with the worst`() throws {
      func results(_ kernel: String, _ outcome: ProbeResult.Outcome) throws -> Data {
        return try ResultsFile.encode(
          StudyRecords(
            run: RunDescription(toolVersion: "", command: [], profile: "quick", seed: 1, startedAt: "", seconds: 0),
            environment: RunEnvironment(facts: [Observation("kernel", kernel)]),
            backends: [
              BackendResult(name: "live", title: "", isLive: true, abis: ["kernel"], status: .ran, version: kernel)
            ],
            operations: [], probes: [try probe(outcome)], latency: [], losses: [], clauses: [], modelChecks: []))
      }
      try Tool.withDirectory { directory in
        let (base, new) = (directory.appending(path: "base.json"), directory.appending(path: "new.json"))
        try results("Linux 6.12.107", .asDocumented).write(to: base)
        for (outcome, usual, strict) in [
          (.asDocumented, 0, 0), (.contradicts, 1, 1), (.undecided, 0, 2),
        ] as [(ProbeResult.Outcome, Int32, Int32)] {
          try results("Linux 6.12.117", outcome).write(to: new)
          let diff = try Tool.run("diff", base.path, new.path)
          #expect(diff.status == usual)
          #expect(diff.output.contains("Linux 6.12.117"))
          #expect(diff.output.contains("## Worse") == (outcome == .contradicts))
          #expect(try Tool.run("diff", base.path, new.path, "--strict").status == strict)
        }
      }
    }

    @Test func `the two stored studies are compared, answers always and costs of one unit only`() throws {
      let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Examples")
      let (sample, machine) = (
        examples.appending(path: "sample-study/results.json").path,
        examples.appending(path: "virtual-machine-study/results.json").path
      )
      let same = try Tool.run("diff", sample, sample)
      #expect(same.status == 0)
      #expect(same.output.contains("worse 0, no longer decided 0, gone 0,") && same.output.contains("## Costs"))
      let other = try Tool.run("diff", machine, sample, "--across-conditions")
      #expect(other.output.contains("one run counts instructions and the other ns"))
      #expect(!other.output.contains("## Costs"))
      #expect(other.output.contains("`released-subbuffer-is-empty`"))
      #expect(other.status == 1)
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

    @Test func `a results file without an end is refused`() throws {
      let outcome = try Tool.run("report", "/dev/zero", "--ktap", "-")
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("/dev/zero is a device"))
    }

    @Test func `a wrong field is named, cut and without control characters`() throws {
      try Tool.withDirectory { directory in
        let file = directory.appending(path: "results.json")
        let text = String(decoding: try emptyResults(), as: UTF8.self)
        let long = "\\u001b[2J\\n" + String(repeating: "x", count: 100_000)
        let wrong = text.replacing(/"profile": "[^"]*"/, with: "\"profile\": 7")
        try Data(wrong.utf8).write(to: file)
        #expect(try Tool.run("report", file.path).errors.contains("run.profile: "))
        let named = text.replacing(/"backends": \[[^\]]*\]/, with: "\"backends\": \"\(long)\"")
        try Data(named.utf8).write(to: file)
        let outcome = try Tool.run("report", file.path)
        #expect(outcome.status == 65)
        #expect(outcome.errors.utf8.count < 400)
        #expect(!outcome.errors.contains("\u{1B}"))
        try Data(text.dropLast(40).utf8).write(to: file)
        #expect(try Tool.run("report", file.path).errors.contains(/line \d+, column \d+/))
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
