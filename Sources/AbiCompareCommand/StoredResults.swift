import ArgumentParser
import Report
import Study

/// The results of an earlier run.
enum StoredResults {
  /// Reads them, and judges them again.
  /// - Throws: `ExitCode.noResults` or `ExitCode.badResults` after a message.
  static func read(_ path: String) throws -> Results {
    do {
      return try ResultsFile.read(from: path).judgedAgain(by: Backends.claims)
    } catch {
      complain("\(error)")
      if case .unreadable = error { throw ExitCode.noResults }
      throw ExitCode.badResults
    }
  }

  /// Reads a matrix, or results as a matrix of one run; judges results again.
  /// - Throws: `ExitCode.noResults` or `ExitCode.badResults` after a message.
  static func readMatrix(_ path: String) throws -> VersionMatrix {
    do {
      return try MatrixFile.readAny(from: path) { $0.judgedAgain(by: Backends.claims) }
    } catch {
      complain("\(path): \(error)")
      throw error.isUnreadable ? ExitCode.noResults : ExitCode.badResults
    }
  }
}
