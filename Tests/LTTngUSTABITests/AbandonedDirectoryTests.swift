import Foundation
import LTTngUSTABI
import Platform
import Testing

/// Removal of a killed run's directory from the temporary directory, where any user can create the same name.
@Suite(.serialized) struct AbandonedDirectoryTests {
  private let path = "/tmp/" + RunOwner(pid: getpid(), startTime: 1).name("left")

  private func make(_ path: String, permissions: Int = 0o700) throws {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: permissions])
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["TMPDIR"] == nil, "TMPDIR is set"))
  func isRemovedWithItsSocket() throws {
    try make(path)
    try make("\(path)/.lttng")
    #expect(FileManager.default.createFile(atPath: "\(path)/.lttng/lttng-ust-sock-8", contents: nil))
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/.lttng/lttng-ust-sock-11", withDestinationPath: "lttng-ust-sock-8")
    #expect(USTListener.removeAbandoned().contains(path))
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["TMPDIR"] == nil, "TMPDIR is set")) func noLinkIsFollowed()
    throws
  {
    let victim = NSTemporaryDirectory() + "victim-\(UUID().uuidString)"
    let socket = "\(victim)/lttng-ust-sock-8"
    try make(victim)
    try make(path)
    defer {
      try? FileManager.default.removeItem(atPath: victim)
      try? FileManager.default.removeItem(atPath: path)
    }
    #expect(FileManager.default.createFile(atPath: socket, contents: nil))
    try FileManager.default.createSymbolicLink(atPath: "\(path)/.lttng", withDestinationPath: victim)
    #expect(!USTListener.removeAbandoned().contains(path))
    #expect(FileManager.default.fileExists(atPath: socket))
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["TMPDIR"] == nil, "TMPDIR is set")) func anothersIsLeftAlone()
    throws
  {
    try make(path, permissions: 0o755)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(!USTListener.removeAbandoned().contains(path))
    #expect(FileManager.default.fileExists(atPath: path))
  }
}
