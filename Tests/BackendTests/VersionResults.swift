import Foundation
import Report
import Study

/// The stored answers of versions that the committed studies do not have: see `Versions/README.md`.
enum VersionResults {
  /// Their names.
  static let all = ["lttng-ust-2.16.0", "lttng-modules-2.16.0"]

  /// Reads one; `nil` if there is none by the name.
  static func read(_ name: String) throws -> Results? {
    guard all.contains(name) else { return nil }
    let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Versions")
    return try ResultsFile.read(from: directory.appending(path: "\(name).json").path)
  }
}
