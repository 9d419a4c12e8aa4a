import BackendList
import Foundation
import Report
import Results
import Study

/// The studies of `Examples`, each decoded once.
enum CommittedStudies {
  /// Their names.
  static let all = ["sample-study", "virtual-machine-study"]
  /// The directory of the examples.
  static let directory = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Examples")
    .standardized

  /// The Swift files in a directory of `Sources`, and in those below it.
  static func sources(in name: String) -> [URL] {
    let directory = self.directory.appending(path: "../Sources/\(name)").standardized
    return FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" } ?? []
  }

  private static let judged = Dictionary(
    uniqueKeysWithValues: all.map { name in (name, Result { try StudyResults(judging: decoded(name), by: judges) }) })

  /// The judges of all back ends.
  static let judges = ProbeJudges(BackendList.claims)

  /// Returns a study, judged by the present claims.
  static func results(_ name: String) throws -> StudyResults {
    guard let result = judged[name] else { throw CocoaError(.fileNoSuchFile) }
    return try result.get()
  }

  private static func decoded(_ name: String) throws -> StudyRecords {
    try ResultsFile.read(from: directory.appending(path: "\(name)/results.json").path)
  }
}
