import ArgumentParser
import Report
import StudiedBackends
import Study

/// The results of an earlier run.
enum StoredResults {
  /// Reads them, and judges them again.
  /// - Throws: `ExitCode.noResults` or `ExitCode.badResults` after a message.
  static func read(_ path: String) throws -> Results {
    do {
      return try ResultsFile.read(from: path).judgedAgain(by: Catalogue.claims)
    } catch {
      complain("\(error)")
      if case .unreadable = error { throw ExitCode.noResults }
      throw ExitCode.badResults
    }
  }
}
