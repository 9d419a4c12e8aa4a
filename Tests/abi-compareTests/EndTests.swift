import Foundation
import Testing

extension ToolTests {
  /// Runs that do not come to their end.
  @Suite(.timeLimit(.minutes(10))) struct EndTests {
    /// Ends a run by a signal when it has made its first instance, and gives its exit status.
    private func end(
      with signal: Int32, _ directory: URL, _ arguments: [String] = ["run"], times: Int = 1
    ) throws -> (pid: Int32, status: Int32) {
      let process = try Tool.process(
        arguments == ["doctor"] ? arguments : arguments + ["--out", "\(directory.path)/report"],
        output: directory.appending(path: "out"),
        errors: directory.appending(path: "err"))
      try process.run()
      let pid = process.processIdentifier
      while process.isRunning, Traces(of: pid).isEmpty { usleep(500) }
      for _ in 0..<times {
        kill(pid, signal)
        // Signals of one number that wait to be handled are one.
        while process.isRunning, isPending(pid) { usleep(100) }
      }
      process.waitUntilExit()
      return (pid, process.terminationStatus)
    }

    /// Whether a signal of the process waits to be handled.
    private func isPending(_ pid: Int32) -> Bool {
      let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
      return status.split(separator: "\n").contains { $0.hasPrefix("ShdPnd:") && $0.contains(/\t.*[1-9a-f]/) }
    }

    @Test(arguments: [SIGINT, SIGTERM]) func aSignalEndsTheRunInGoodOrder(_ signal: Int32) throws {
      try Tool.requireTracefs()
      let before = SharedState()
      try Tool.withDirectory { directory in
        let end = try end(with: signal, directory)
        #expect(end.status == 128 + signal)
        #expect(Tool.names("\(directory.path)/report").isEmpty)
        #expect(try String(contentsOf: directory.appending(path: "err"), encoding: .utf8).contains("signal \(signal)"))
        #expect(Traces(of: end.pid).isEmpty)
      }
      Traces.awaitOrphansGone()
      #expect(SharedState() == before)
    }

    /// timeout(1) tells the program and its process group.
    @Test func aSignalThatComesTwiceIsOne() throws {
      try Tool.requireTracefs()
      try Tool.withDirectory { directory in
        let end = try end(with: SIGTERM, directory, times: 2)
        #expect(end.status == 128 + SIGTERM)
        #expect(Traces(of: end.pid).isEmpty)
      }
    }

    /// A probe's process is ended with the run; what it had made is removed all the same.
    @Test(arguments: [("blocking-acquire", SIGINT), ("ioctl-for-32-bits", SIGTERM)])
    func aSignalInAProbeLeavesNothing(_ claim: String, _ signal: Int32) throws {
      try Tool.requireTracefs()
      try Tool.withDirectory { directory in
        let process = try Tool.process(
          ["probe", claim, "--backend", "tracefs"], output: directory.appending(path: "out"),
          errors: directory.appending(path: "err"))
        try process.run()
        var probe: Int32?
        while process.isRunning, probe == nil {
          probe = Traces.children(of: process.processIdentifier).first { !Traces(of: $0).isEmpty }
          usleep(500)
        }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationStatus == 128 + signal)
        let ended = try #require(probe)
        #expect(Traces(of: ended).isEmpty)
      }
    }

    /// A signal during the first trial of a back end says nothing about the back end: what an earlier run wrote stays.
    @Test(arguments: ["tracefs", "lttng-ust"]) func aSignalInATrialKeepsEarlierResults(_ backend: String) throws {
      try Tool.requireTracefs()
      try Tool.withDirectory { directory in
        let old = Data("old".utf8)
        let report = directory.appending(path: "report")
        try FileManager.default.createDirectory(at: report, withIntermediateDirectories: false)
        try old.write(to: report.appending(path: "results.json"))
        let end = try end(with: SIGINT, directory, ["run", "--backend", backend])
        #expect(end.status == 128 + SIGINT)
        #expect(try Data(contentsOf: report.appending(path: "results.json")) == old)
        #expect(Traces(of: end.pid).isEmpty)
      }
    }

    @Test func doctorEndsInGoodOrderToo() throws {
      try Tool.requireTracefs()
      try Tool.withDirectory { directory in
        let end = try end(with: SIGTERM, directory, ["doctor"])
        #expect(end.status == 128 + SIGTERM)
        #expect(Traces(of: end.pid).isEmpty)
      }
    }

    @Test func whatAKilledRunLeftIsRemovedByTheNext() throws {
      try Tool.requireTracefs()
      let before = SharedState()
      try Tool.withDirectory { directory in
        let end = try end(with: SIGKILL, directory)
        #expect(end.status == SIGKILL)
        let left = Traces(of: end.pid)
        #expect(!left.instances.isEmpty)
        Traces.awaitOrphansGone()
        let next = try Tool.run("doctor")
        for name in left.instances + left.directories {
          #expect(next.errors.contains("removed ")); #expect(next.errors.contains(name))
        }
        #expect(Traces(of: end.pid).isEmpty)
      }
      #expect(SharedState() == before)
    }
  }

  /// A disk that is full.
  @Suite struct DiskTests {
    @Test(.enabled(if: geteuid() == 0, "root is needed")) func aFullDiskIsToldAndLosesNothing() throws {
      try Tool.withDirectory { directory in
        try #require(Tool.shell("mount -t tmpfs -o size=64k tmpfs \(directory.path)") == 0)
        defer { _ = try? Tool.shell("umount \(directory.path)") }
        let old = Data("old".utf8)
        try old.write(to: directory.appending(path: "results.json"))
        let outcome = try Tool.run("run", "--out", directory.path)
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("No space left on device"))
        #expect(Tool.names(directory.path) == ["results.json"])
        #expect(try Data(contentsOf: directory.appending(path: "results.json")) == old)
      }
    }
  }
}
