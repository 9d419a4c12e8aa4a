import BackendList
import Foundation
import Report
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

  private static let stored = Dictionary(uniqueKeysWithValues: all.map { name in (name, Result { try decoded(name) }) })
  private static let judged = stored.mapValues { $0.map { $0.judgedAgain(by: BackendList.claims) } }

  /// Returns a study as it is stored.
  static func results(_ name: String) throws -> Results { try found(name, in: stored) }

  /// Returns a study as the catalogue judges it now.
  static func judgedResults(_ name: String) throws -> Results { try found(name, in: judged) }

  private static func found(_ name: String, in results: [String: Result<Results, any Error>]) throws -> Results {
    guard let result = results[name] else { throw CocoaError(.fileNoSuchFile) }
    return try result.get()
  }

  private static func decoded(_ name: String) throws -> Results {
    try ResultsFile.read(from: directory.appending(path: "\(name)/results.json").path)
  }
}
