import Foundation
import Ownership
import Testing

@Suite struct RunOwnerTests {
  @Test func aNameTellsItsOwner() {
    let owner = RunOwner(pid: 12, startTime: 345)
    #expect(owner.name("7") == "abi-compare-12-345-7")
    #expect(RunOwner(inName: owner.name("7")) == owner)
    #expect(RunOwner(inName: owner.name("a-b")) == owner)
  }

  @Test(arguments: [
    "", "abi-compare-", "abi-compare-12", "abi-compare-12-345", "abi-compare-x-345-1", "abi-compare-0-345-1",
    "abi-compare--12-345-1", "other-12-345-1", "abi-compare-99999999999-1-1",
  ])
  func anotherNameHasNone(_ name: String) {
    #expect(RunOwner(inName: name) == nil)
  }

  @Test func thisProcessIsAlive() {
    #expect(RunOwner.current.pid == getpid())
    #expect(RunOwner.current.startTime > 0)
    #expect(RunOwner.current.isAlive)
  }

  @Test func anIdThatIsUsedAgainIsAnotherOwner() {
    #expect(!RunOwner(pid: getpid(), startTime: RunOwner.current.startTime + 1).isAlive)
  }

  @Test func onlyWhatDeadOwnersLeftIsAbandoned() throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "owner-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let dead = RunOwner(pid: getpid(), startTime: 1).name("left")
    for name in [dead, RunOwner.current.name("used"), "abi-compare-notes", "other"] {
      #expect(FileManager.default.createFile(atPath: "\(directory)/\(name)", contents: nil))
    }
    #expect(RunOwner.abandoned(in: directory) == [dead])
    #expect(RunOwner.abandoned(in: "/nowhere").isEmpty)
  }
}
