import Foundation
import Platform
import TestPrograms
import Testing

extension ToolTests {
  /// Runs that are ended early.
  @Suite(.timeLimit(.minutes(10))) struct EndTests {
    /// Signals a run that has created its first directory or instance, and returns its exit status.
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
        // Pending signals of the same number count as one.
        while process.isRunning, isPending(pid) { usleep(100) }
      }
      process.waitUntilExit()
      return (pid, process.terminationStatus)
    }

    /// Kills a run while it has an instance, and returns the instances and directories that it leaves.
    ///
    /// A run removes an instance soon after creating it. A stopped run does not, so the instance still exists when the
    /// run is killed.
    private func killWithInstance(_ directory: URL) throws -> (pid: Int32, status: Int32, left: Traces) {
      let process = try Tool.process(
        ["run", "--out", "\(directory.path)/report"], output: directory.appending(path: "out"),
        errors: directory.appending(path: "err"))
      try process.run()
      let pid = process.processIdentifier
      var left = Traces(of: pid)
      while process.isRunning {
        let all = stop(pid)
        left = Traces(of: pid)
        if !left.instances.isEmpty { kill(pid, SIGKILL) }
        for each in all { kill(each, SIGCONT) }
        if !left.instances.isEmpty { break }
        usleep(500)
      }
      process.waitUntilExit()
      return (pid, process.terminationStatus, left)
    }

    /// Stops a process and its children, and returns their ids when all of them have stopped or ended.
    private func stop(_ pid: Int32) -> [Int32] {
      kill(pid, SIGSTOP)
      awaitStop(pid)
      let children = Traces.children(of: pid)
      for child in children { kill(child, SIGSTOP) }
      for child in children { awaitStop(child) }
      return [pid] + children
    }

    private func awaitStop(_ pid: Int32) {
      while let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")"), !"TZX".contains(stat[end...].dropFirst(2).prefix(1))
      {
        usleep(100)
      }
    }

    /// `true` if a signal of the process is pending.
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

    /// timeout(1) signals the program and its process group.
    @Test func aSignalThatComesTwiceIsOne() throws {
      try Tool.requireTracefs()
      try Tool.withDirectory { directory in
        let end = try end(with: SIGTERM, directory, times: 2)
        #expect(end.status == 128 + SIGTERM)
        #expect(Traces(of: end.pid).isEmpty)
      }
    }

    /// A probe's process ends with the run, and its instances and directories are removed.
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

    @Test func `a traced producer ends with a probe that is killed`() throws {
      try Tool.withDirectory { directory in
        let process = try Tool.process(
          ["probe", "stops-that-block-the-reader", "--backend", "lttng-ust"], output: directory.appending(path: "out"),
          errors: directory.appending(path: "err"))
        try process.run()
        var traced: Int32?
        while process.isRunning, traced == nil {
          let probes = [process.processIdentifier] + Traces.children(of: process.processIdentifier)
          traced = probes.flatMap(Traces.children).first(where: isTraced)
        }
        let producer = try #require(traced)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        // It ends with its tracer, and then is a child of the tracer or of init for a moment.
        #expect(Traces.awaitEnd(of: producer))
      }
    }

    /// `true` if another process traces it.
    private func isTraced(_ pid: Int32) -> Bool {
      let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
      return status.split(separator: "\n").contains { $0.hasPrefix("TracerPid:") && !$0.hasSuffix("\t0") }
    }

    /// A signal during the first trial of a back end gives no result, so the results of an earlier run remain.
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

    /// Usually the signal arrives while the first file is written.
    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func `a report that a signal ends leaves no temporary file`(
      _ signal: Int32
    ) throws {
      let package = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
      try Tool.withDirectory { directory in
        let report = directory.appending(path: "report").path
        let process = try Tool.process(
          ["report", package.appending(path: "Examples/sample-study/results.json").path, "--out", report],
          output: directory.appending(path: "out"), errors: directory.appending(path: "err"))
        try process.run()
        while process.isRunning, Tool.names(report).isEmpty { usleep(50) }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        #expect(process.terminationStatus == signal)
        #expect(!Tool.names(report).contains { $0.hasPrefix(".") })
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
        let end = try killWithInstance(directory)
        #expect(end.status == SIGKILL)
        #expect(!end.left.instances.isEmpty)
        Traces.awaitOrphansGone()
        // Other tests also remove the remains of killed processes.
        let there = Traces(of: end.pid)
        let next = try Tool.run("doctor")
        for name in there.instances + there.directories {
          #expect(next.errors.contains("removed ")); #expect(next.errors.contains(name))
        }
        #expect(Traces(of: end.pid).isEmpty)
      }
      #expect(SharedState() == before)
    }
  }

  /// Compilers that fail.
  @Suite struct CompilerTests {
    @Test(.enabled(if: geteuid() == 0)) func `what a compiler leaves is in a private directory, and removed`() throws {
      try Tool.withDirectory { directory in
        let tools = directory.appending(path: "tools").path
        let temporary = directory.appending(path: "tmp").path
        for path in [tools, temporary] {
          try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        }
        for name in ["clang", "gcc", "cc"] {
          try TestPrograms.writeScript(
            ": > \"$TMPDIR/\(name)-1.o\"\necho \"$TMPDIR\" >> '\(tools)/seen'\nexit 1", to: "\(tools)/\(name)")
        }
        let left = "\(temporary)/\(RunOwner(pid: getpid(), startTime: 1).name("left"))"
        try FileManager.default.createDirectory(
          atPath: left, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        #expect(FileManager.default.createFile(atPath: "\(left)/tracefs32-1.o", contents: nil))
        _ = try Tool.run(
          "probe", "ioctl-for-32-bits", "--backend", "tracefs", prefix: ["TMPDIR=\(temporary)", "PATH=\(tools)"])
        let seen = try String(contentsOfFile: "\(tools)/seen", encoding: .utf8).split(separator: "\n")
        #expect(!seen.isEmpty)
        #expect(seen.allSatisfy { $0.hasPrefix("\(temporary)/abi-compare-") })
        #expect(Tool.names(temporary).isEmpty)
      }
    }
  }

  /// Runs and `doctor` in different PID namespaces.
  @Suite struct NamespaceTests {
    /// Neither the test nor `doctor` writes to the instance.
    @Test(.enabled(if: geteuid() == 0))
    func `doctor in another PID namespace cannot remove an instance that is held`() throws {
      let instances = "/sys/kernel/tracing/instances"
      guard FileManager.default.fileExists(atPath: instances) else {
        if !Tool.allowsSkip { Issue.record("no tracefs for this test") }
        return
      }
      let name = RunOwner.current.name("held")
      try #require(mkdir("\(instances)/\(name)", 0o750) == 0)
      defer { rmdir("\(instances)/\(name)") }
      let held = open("\(instances)/\(name)/tracing_on", O_RDONLY | O_CLOEXEC)
      defer { close(held) }
      try #require(held >= 0)
      for prefix in [["unshare", "-p", "-f", "--mount-proc"], ["unshare", "-p", "-f"], []] {
        #expect(try !Tool.run(["doctor"], prefix: prefix).errors.contains(name))
        #expect(FileManager.default.fileExists(atPath: "\(instances)/\(name)"))
      }
    }

    @Test(.enabled(if: geteuid() == 0))
    func `doctor in another PID namespace leaves the directory of a live run alone`() throws {
      try Tool.withDirectory { directory in
        let used = directory.appending(path: RunOwner.current.name("used"))
        let left = directory.appending(path: RunOwner(pid: getpid(), startTime: 1).name("left"))
        for path in [used, left] {
          try FileManager.default.createDirectory(
            at: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        }
        let inside = try Tool.run(
          "doctor", prefix: ["TMPDIR=\(directory.path)", "unshare", "-p", "-f", "--mount-proc"])
        #expect(inside.output.contains("left alone: \(used.path)\n"))
        #expect(FileManager.default.fileExists(atPath: used.path))
        #expect(FileManager.default.fileExists(atPath: left.path))
        let outside = try Tool.run("doctor", prefix: ["TMPDIR=\(directory.path)"])
        #expect(!outside.output.contains("left alone: \(directory.path)"))
        #expect(FileManager.default.fileExists(atPath: used.path))
        #expect(!FileManager.default.fileExists(atPath: left.path))
      }
    }
  }

  /// A full disk.
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
