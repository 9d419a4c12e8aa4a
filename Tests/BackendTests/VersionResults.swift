import Foundation
import Report
import Results
import Study

/// The stored answers of versions that the committed studies do not have: see `Versions/README.md`.
enum VersionResults {
  /// Their names.
  static let all = ["lttng-ust-2.16.0", "lttng-modules-2.16.0"]

  /// The directory of the files.
  static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Versions")

  /// Reads one, judged by the present claims; `nil` if there is none by the name.
  static func read(_ name: String) throws -> StudyResults? {
    guard all.contains(name) else { return nil }
    let records = try ResultsFile.read(from: directory.appending(path: "\(name).json").path)
    return StudyResults(judging: records, by: CommittedStudies.judges)
  }
}
