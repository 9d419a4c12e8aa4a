import Foundation
import SystemPackage
import Testing

/// Runs `body` with an empty directory that is removed afterwards.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let directory = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: directory) }
  try body(directory)
}

/// Runs `body` with a file system of 64 KiB; skips the test if mounting is not permitted.
func withSmallFileSystem(readOnly: Bool = false, _ body: (String) throws -> Void) throws {
  try withTemporaryDirectory { directory in
    guard mount("tmpfs", directory, "tmpfs", readOnly ? UInt(MS_RDONLY) : 0, "size=64k") == 0 else {
      try Test.cancel("mount tmpfs: \(Errno(rawValue: errno)); run as root")
    }
    defer { umount(directory) }
    try body(directory)
  }
}

/// Returns the names of the files in a directory, including hidden ones.
func files(in directory: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
}
