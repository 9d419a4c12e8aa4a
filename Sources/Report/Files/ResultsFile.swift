import Foundation
import Study

/// `results.json`: ``Study/Results`` as JSON with sorted keys, indented, with a newline at the end.
public enum ResultsFile {
  /// Encodes results; the same results give the same bytes.
  /// - Throws: ``ResultsFileError/notEncodable(path:detail:)`` where a number is not finite.
  public static func encode(_ results: Results) throws(ResultsFileError) -> Data { try JSONFile.encode(results) }

  /// Decodes results of the schema version that this tool writes.
  /// - Throws: ``ResultsFileError/unknownSchema(found:supported:)`` for another version, and
  ///   ``ResultsFileError/malformed(path:detail:)`` for anything that is not a whole and valid file, or for a number that
  ///   no run can have measured.
  public static func decode(_ data: Data) throws(ResultsFileError) -> Results {
    try JSONFile.decodeVersion(Results.currentSchemaVersion, data)
    _ = try JSONFile.decode(ResultsNumbers.self, data)
    return try JSONFile.decode(Results.self, data)
  }

  /// Reads and decodes the file at `path`.
  /// - Throws: ``ResultsFileError/unreadable(_:)`` where a system call failed, else as ``decode(_:)``.
  public static func read(from path: String) throws(ResultsFileError) -> Results {
    try decode(try JSONFile.contents(of: path, atMost: largestSize))
  }

  /// The largest file that is read, in bytes.
  static let largestSize = 256 << 20
}
