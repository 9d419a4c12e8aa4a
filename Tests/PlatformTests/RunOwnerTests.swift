import Foundation
@testable import Platform
import Testing

@Suite struct RunOwnerTests {
  /// The scope of a process in the initial namespaces.
  private let scope = ProcessScope(boot: "1a2b3c4d", pidNamespace: 4_026_531_836, timeNamespace: 4_026_531_834)

  /// The scope of this process with another PID namespace.
  private var container: ProcessScope {
    get throws {
      var scope = try #require(ProcessScope.current)
      scope.pidNamespace += 1
      return scope
    }
  }

  @Test func aNameTellsItsOwner() {
    let owner = RunOwner(scope: scope, pid: 12, startTime: 345)
    #expect(owner.name("7") == "abi-compare-1a2b3c4d.c.a-12-345-7")
    #expect(RunOwner(inName: owner.name("7")) == owner)
    #expect(RunOwner(inName: owner.name("a-b")) == owner)
    let unknown = RunOwner(scope: nil, pid: 12, startTime: 345)
    #expect(RunOwner(inName: unknown.name("7")) == unknown)
  }

  @Test(arguments: [
    "", "abi-compare-", "abi-compare-12", "abi-compare-12-345", "abi-compare-12-345-1", "abi-compare-x-12-345-1",
    "abi-compare-1a2b3c4d.c.a-12-345", "abi-compare-1a2b3c4d.c.a-x-345-1", "abi-compare-1a2b3c4d.c.a-0-345-1",
    "abi-compare-1a2b3c4d.c.a--12-345-1", "abi-compare-1a2b3c4d.c-12-345-1", "abi-compare-1a2b.c.a-12-345-1",
    "abi-compare-1a2b3c4d.!.a-12-345-1", "other-1a2b3c4d.c.a-12-345-1", "abi-compare-1a2b3c4d.c.a-99999999999-1-1",
  ])
  func anotherNameHasNone(_ name: String) {
    #expect(RunOwner(inName: name) == nil)
  }

  @Test func thisProcessIsAlive() throws {
    #expect(RunOwner.current.pid == getpid())
    #expect(RunOwner.current.startTime > 0)
    #expect(RunOwner.current.state == .alive)
    let link = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    #expect(link == "pid:[\(try #require(RunOwner.current.scope).pidNamespace)]")
  }

  @Test func `a used-again process id is another owner`() {
    #expect(RunOwner(pid: getpid(), startTime: RunOwner.current.startTime + 1).state == .dead)
  }

  @Test func `an unused process id belongs to a dead owner`() {
    // The largest id is PID_MAX_LIMIT - 1 (include/linux/threads.h).
    #expect(RunOwner(pid: 1 << 22, startTime: 1).state == .dead)
  }

  @Test func `a process of another scope is neither alive nor dead`() throws {
    for change in [\ProcessScope.pidNamespace, \.timeNamespace] {
      var scope = try #require(ProcessScope.current)
      scope[keyPath: change] += 1
      #expect(RunOwner(scope: scope, pid: 1 << 22, startTime: 1).state == .elsewhere)
    }
    var scope = try #require(ProcessScope.current)
    scope.boot = "00000000"
    #expect(RunOwner(scope: scope, pid: 1 << 22, startTime: 1).state == .elsewhere)
    #expect(RunOwner(scope: nil, pid: 1 << 22, startTime: 1).state == .elsewhere)
  }

  @Test func `an owner without a start time lives as long as its process id is used`() {
    #expect(RunOwner(pid: getpid(), startTime: 0).state == .alive)
    #expect(RunOwner(pid: 1 << 22, startTime: 0).state == .dead)
  }

  @Test func onlyWhatDeadOwnersLeftIsAbandoned() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "owner-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let dead = RunOwner(pid: getpid(), startTime: 1).name("left")
    let elsewhere = RunOwner(scope: try container, pid: getpid(), startTime: 1).name("used")
    for name in [dead, elsewhere, RunOwner.current.name("used"), "abi-compare-notes", "other"] {
      #expect(FileManager.default.createFile(atPath: "\(directory)/\(name)", contents: nil))
    }
    #expect(RunOwner.abandoned(in: directory) == [dead])
    #expect(RunOwner.abandoned(in: "/nowhere").isEmpty)
  }
}
