import ArgumentParser
import Report

/// The option that names a matrix of other versions.
struct MatrixOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A matrix.json: the findings of the report name the other versions that have them, and those that do not.",
      valueName: "file"))
  var matrix: String?

  func validate() throws {
    if matrix?.isEmpty == true { throw ValidationError("--matrix: the name is empty") }
  }

  /// Reads the matrix; `nil` if none is named.
  /// - Throws: `ExitCode.noResults` or `ExitCode.badResults` after a message.
  func read() throws -> VersionMatrix? { try matrix.map(StoredResults.readMatrix) }
}
