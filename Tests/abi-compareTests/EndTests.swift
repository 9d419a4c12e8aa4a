import Foundation
import Testing

extension ToolTests {
  /// Runs that do not come to their end.
  @Suite(.timeLimit(.minutes(2))) struct EndTests {
    /// Ends a run by a signal when it has made its first instance, and gives its exit status.
    private func end(with signal: Int32, _ directory: URL) throws -> (pid: Int32, status: Int32) {
      let process = try Tool.process(
        ["run", "--out", "\(directory.path)/report"], output: directory.appending(path: "out"),
        errors: directory.appending(path: "err"))
      try process.run()
      let pid = process.processIdentifier
      while process.isRunning, !Tool.instances.contains(where: { $0.hasPrefix("abi-compare-\(pid)-") }) { usleep(500) }
      kill(pid, signal)
      process.waitUntilExit()
      return (pid, process.terminationStatus)
    }

    private var hasTracefs: Bool {
      get throws {
        if geteuid() == 0, FileManager.default.fileExists(atPath: "/sys/kernel/tracing/instances") { return true }
        if !Tool.allowsSkip { Issue.record("no tracefs for this test") }
        return false
      }
    }

    @Test(arguments: [SIGINT, SIGTERM]) func aSignalEndsTheRunInGoodOrder(_ signal: Int32) throws {
      guard try hasTracefs else { return }
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

    @Test func whatAKilledRunLeftIsRemovedByTheNext() throws {
      guard try hasTracefs else { return }
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
    @Test(.enabled(if: geteuid() == 0)) func aFullDiskIsToldAndLosesNothing() throws {
      try Tool.withDirectory { directory in
        try shell("mount -t tmpfs -o size=64k tmpfs \(directory.path)")
        defer { try? shell("umount \(directory.path)") }
        let old = Data("old".utf8)
        try old.write(to: directory.appending(path: "results.json"))
        let outcome = try Tool.run("run", "--out", directory.path)
        #expect(outcome.status == 73)
        #expect(outcome.errors.contains("No space left on device"))
        #expect(Tool.names(directory.path) == ["results.json"])
        #expect(try Data(contentsOf: directory.appending(path: "results.json")) == old)
      }
    }

    private func shell(_ command: String) throws {
      let process = Process()
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", command]
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
    }
  }
}
