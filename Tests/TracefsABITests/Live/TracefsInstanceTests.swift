import Foundation
import Platform
import SubbufferSource
import Testing
import TracefsABI

/// Instances of this machine's tracefs, without a producer; nothing is written to them.
@Suite struct TracefsInstanceTests {
  private var tracefs: Tracefs? {
    get throws {
      if geteuid() == 0 { return try Tracefs.mountedOrMounting() }
      if ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] != "1" {
        Issue.record("needs root and tracefs; or set ABI_COMPARE_ALLOW_SKIP=1")
      }
      return nil
    }
  }

  @Test func `nobody can remove the instance of a live owner`() throws {
    guard let tracefs = try tracefs else { return }
    let instance = try TracefsInstance(in: tracefs)
    #expect(rmdir(instance.path) == -1)
    #expect(errno == EBUSY)
    try instance.remove()
    #expect(!FileManager.default.fileExists(atPath: instance.path))
  }

  @Test func `a removed instance takes no values`() throws {
    guard let tracefs = try tracefs else { return }
    let instance = try TracefsInstance(in: tracefs)
    try instance.remove()
    let error = #expect(throws: SourceError.self) { try instance.set("buffer_percent", "0") }
    #expect(error?.kind == .usage)
  }

  @Test func `an instance of another namespace is removed only if nobody holds it`() throws {
    guard let tracefs = try tracefs else { return }
    var scope = try #require(ProcessScope.current)
    scope.pidNamespace += 1
    let name = RunOwner(scope: scope, pid: 1, startTime: 1).name("\(getpid())")
    let path = "\(tracefs.root)/instances/\(name)"
    try #require(mkdir(path, 0o750) == 0)
    defer { rmdir(path) }
    let held = open("\(path)/tracing_on", O_RDONLY | O_CLOEXEC)
    try #require(held >= 0)
    #expect(!TracefsInstance.removeAbandoned(in: tracefs).contains(name))
    close(held)
    // Another run may remove it first.
    TracefsInstance.removeAbandoned(in: tracefs)
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
