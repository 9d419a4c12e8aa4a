import Foundation
import Results
import SystemPackage

/// `results.json`: ``StudyResults/StudyRecords`` as JSON with sorted keys, indented, with a newline at the end.
package enum ResultsFile {
  /// Encodes records; the same records give the same bytes.
  /// - Throws: ``ResultsFileError/notEncodable(path:detail:)`` if a number is not finite.
  package static func encode(_ records: StudyRecords) throws(ResultsFileError) -> Data { try JSONFile.encode(records) }

  /// Decodes records of the schema version that this tool writes.
  /// - Throws: ``ResultsFileError/unknownSchema(found:supported:)`` for another version, and
  ///   ``ResultsFileError/malformed(path:detail:)`` for anything that is not a whole and valid file, or for a number that
  ///   no run can have measured.
  package static func decode(_ data: Data) throws(ResultsFileError) -> StudyRecords {
    try JSONFile.decodeVersion(StudyRecords.currentSchemaVersion, data)
    try JSONLimits.check(data)
    return try JSONFile.decode(StudyRecords.self, data)
  }

  /// Reads and decodes the file at `path`.
  /// - Throws: ``ResultsFileError/unreadable(_:)`` if a system call failed, else as ``decode(_:)``.
  package static func read(from path: String) throws(ResultsFileError) -> StudyRecords {
    try decode(try JSONFile.contents(of: path, atMost: largestSize))
  }

  /// The largest file that is read, in bytes.
  static let largestSize = 256 << 20
}

/// The reason why `results.json` was not read or encoded.
package enum ResultsFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A system call failed.
  case unreadable(FileError)
  /// The file was written in a layout that this tool does not read.
  case unknownSchema(found: Int, supported: Int)
  /// The file is cut short, is not JSON, or lacks a value; `path` is the place: `losses[3].produced`. It is empty
  /// if the parser names none; then `detail` describes the fault.
  case malformed(path: String, detail: String)
  /// A value of the results cannot be written as JSON.
  case notEncodable(path: String, detail: String)

  /// The error, its place and its remedy, in one line.
  package var description: String { text(of: .results) }

  /// The kind of a file, for messages.
  enum Kind {
    case results, matrix
  }

  /// The description for a file of a kind.
  func text(of kind: Kind) -> String {
    let isMatrix = kind == .matrix
    return switch self {
    case .unreadable(let error):
      "\(error)"
    case .unknownSchema(let found, let supported):
      "\(isMatrix ? "the matrix has" : "the results have") schema version \(found), this tool reads version \(supported); "
        + (found > supported
          ? "use a newer abi-compare"
          : isMatrix
            ? "merge the results again" : "use the abi-compare that wrote them, or run the study again")
    case .malformed(let path, let detail):
      "not a whole \(isMatrix ? "matrix" : "results") file: " + ResultsFileError.place(path) + detail.printable(130)
    case .notEncodable(let path, let detail):
      "the \(isMatrix ? "matrix" : "results") cannot be written as JSON: " + ResultsFileError.place(path)
        + detail.printable(130)
    }
  }

  private static func place(_ path: String) -> String { path.isEmpty ? "" : "\(path.printable(80)): " }
}
