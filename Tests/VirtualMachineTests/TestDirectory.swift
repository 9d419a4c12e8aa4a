import Foundation
import TestPrograms

/// A directory that is removed with the object.
final class TestDirectory {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "abi-compare-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes an executable shell script.
  func script(_ name: String, _ text: String) throws -> String {
    let file = file(name)
    try TestPrograms.writeScript(text, to: file)
    return file
  }
}
