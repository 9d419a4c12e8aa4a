import Foundation
import Platform
import Report
import SystemPackage
import Testing

@Suite struct AtomicFileTests {
  private func failure(writing contents: Data = Data("new".utf8), to path: String) -> FileError? {
    #expect(throws: FileError.self) { try AtomicFile.write(contents, to: path) }
  }

  @Test func writesAndReplaces() throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/file"
      for text in ["old and longer", "new", ""] {
        try AtomicFile.write(Data(text.utf8), to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
      }
      #expect(try files(in: directory) == ["file"])
    }
  }

  @Test func theLongestNameCanBeWritten() throws {
    try withTemporaryDirectory { directory in
      let name = String(repeating: "n", count: 255)
      try AtomicFile.write(Data(), to: "\(directory)/\(name)")
      #expect(try files(in: directory) == [name])
      #expect(failure(to: "\(directory)/\(name)n")?.errno == .fileNameTooLong)
      #expect(try files(in: directory) == [name])
    }
  }

  @Test func aSymbolicLinkIsFollowed() throws {
    try withTemporaryDirectory { directory in
      try Data("old".utf8).write(to: URL(fileURLWithPath: directory + "/file"))
      try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "file")
      try AtomicFile.write(Data("new".utf8), to: directory + "/link")
      #expect(try String(contentsOfFile: directory + "/file", encoding: .utf8) == "new")
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/link") == "file")
    }
  }

  @Test func `the file of a report takes the place of a symbolic link`() throws {
    try withTemporaryDirectory { directory in
      let victim = directory + "/victim"
      try Data("old".utf8).write(to: URL(fileURLWithPath: victim))
      try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "victim")
      try AtomicFile.write(Data("new".utf8), to: directory + "/link", links: .replaced)
      #expect(try String(contentsOfFile: victim, encoding: .utf8) == "old")
      #expect(try String(contentsOfFile: directory + "/link", encoding: .utf8) == "new")
      #expect(throws: (any Error).self) {
        try FileManager.default.destinationOfSymbolicLink(atPath: directory + "/link")
      }
    }
  }

  @Test func `the file of a report takes no FIFO for a file`() throws {
    try withTemporaryDirectory { directory in
      try #require(mkfifo(directory + "/fifo", 0o600) == 0)
      let error = #expect(throws: FileError.self) {
        try AtomicFile.write(Data(), to: directory + "/fifo", links: .replaced)
      }
      #expect(error?.errno == .fileExists)
    }
  }

  @Test(.enabled(if: geteuid() == 0)) func `a symbolic link of another user is not followed`() throws {
    try withTemporaryDirectory { directory in
      let victim = directory + "/victim"
      try Data("old".utf8).write(to: URL(fileURLWithPath: victim))
      try FileManager.default.createSymbolicLink(atPath: directory + "/link", withDestinationPath: "victim")
      try #require(lchown(directory + "/link", 65534, 65534) == 0)
      let error = failure(to: directory + "/link")
      #expect(error?.errno == .permissionDenied)
      #expect(error?.remedy.contains("user 65534") == true)
      #expect(try String(contentsOfFile: victim, encoding: .utf8) == "old")
    }
  }

  @Test(arguments: [0o600, 0o666] as [mode_t]) func `a file keeps its mode`(_ mode: mode_t) throws {
    try withTemporaryDirectory { directory in
      let path = directory + "/file"
      try AtomicFile.write(Data("old".utf8), to: path)
      try #require(chmod(path, mode) == 0)
      try AtomicFile.write(Data("new".utf8), to: path)
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? mode_t == mode)
    }
  }

  @Test func `temporary files of dead processes are removed`() throws {
    try withTemporaryDirectory { directory in
      let dead = "." + RunOwner(pid: getpid(), startTime: 1).name("x.tmp")
      for name in [dead, AtomicFile.temporaryName, ".abi-compare-x.tmp", "file"] {
        try Data().write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
      }
      #expect(AtomicFile.removeAbandoned(in: directory) == ["\(directory)/\(dead)"])
      #expect(try files(in: directory).count == 3)
    }
  }

  /// As root, a rename over `/dev/null` would replace the device.
  @Test func aDeviceIsWrittenToAndNotReplaced() throws {
    try AtomicFile.write(Data("gone".utf8), to: "/dev/null")
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
    #expect(type == .typeCharacterSpecial)
    #expect(failure(to: "/dev/full")?.errno == .noSpace)
  }

  @Test func missingDirectory() throws {
    try withTemporaryDirectory { directory in
      let error = failure(to: directory + "/missing/file")
      #expect(error?.errno == .noSuchFileOrDirectory && error?.call == "open")
      #expect(error?.remedy.isEmpty == false)
    }
  }

  @Test func aPathUnderAFileOrOntoADirectory() throws {
    try withTemporaryDirectory { directory in
      try AtomicFile.write(Data("old".utf8), to: directory + "/file")
      #expect(failure(to: directory + "/file/below")?.errno == .notDirectory)
      #expect(failure(to: directory)?.errno == .isDirectory)
      #expect(try files(in: directory) == ["file"])
    }
  }

  @Test func aFileSystemThatTakesNoFiles() {
    #expect(failure(to: "/proc/abi-compare-test") != nil)
  }

  @Test func aFullFileSystemLeavesTheOldFileAndNoOther() throws {
    try withSmallFileSystem { directory in
      try AtomicFile.write(Data("old".utf8), to: directory + "/file")
      let error = failure(writing: Data(count: 1 << 20), to: directory + "/file")
      #expect(error?.errno == .noSpace && error?.call == "write")
      #expect(error?.description.contains("free space") == true)
      #expect(try String(contentsOfFile: directory + "/file", encoding: .utf8) == "old")
      #expect(try files(in: directory) == ["file"])
    }
  }

  @Test func aReadOnlyFileSystem() throws {
    try withSmallFileSystem(readOnly: true) { directory in
      #expect(failure(to: directory + "/file")?.errno == .readOnlyFileSystem)
    }
  }
}
