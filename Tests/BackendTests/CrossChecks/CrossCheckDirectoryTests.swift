import Foundation
@testable import Study
import Testing

@Suite struct CrossCheckDirectoryTests {
  /// Creates a directory with files, releases it, and returns the names that remain.
  private func left(of names: [String]) throws -> [String]? {
    var directory: CrossCheckDirectory? = try CrossCheckDirectory()
    let path = try #require(directory?.path)
    for name in names { try Data([1]).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
    directory = nil
    return try? FileManager.default.contentsOfDirectory(atPath: path)
  }

  @Test func goesWithWhatRecordingsAndToolsMake() throws {
    #expect(try left(of: []) == nil)
    #expect(
      try left(of: ["metadata", "stream-0-1", "stream-0-2", "trace.dat", "trace.dat.cpu0", "pages.cpu1"]) == nil)
  }

  @Test func anythingElseStays() throws {
    var directory: CrossCheckDirectory? = try CrossCheckDirectory()
    let path = try #require(directory?.path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    for name in ["metadata", "other"] { try Data([1]).write(to: URL(fileURLWithPath: "\(path)/\(name)")) }
    directory = nil
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["other"])
  }
}
