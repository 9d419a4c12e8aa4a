import Foundation
import Study

/// `matrix.json`: a ``VersionMatrix`` as JSON with sorted keys, indented, with a newline at the end.
///
/// It has what the pages need and no more: no observations, no histories, no trials, and no text of a note. Equal answers of
/// several runs are stored once, with the indices of the runs: `0-3,7`.
public enum MatrixFile {
  /// The version of this layout. A reader refuses another one.
  public static let currentSchemaVersion = 1
  /// The largest file that is read, in bytes.
  static let largestSize = 64 << 20
  /// The greatest number of runs.
  static let mostRuns = 1_000

  /// Encodes a matrix; the same matrix gives the same bytes.
  /// - Throws: ``MatrixFileError`` with more runs than a file may have, or a number that is not finite.
  public static func encode(_ matrix: VersionMatrix) throws(MatrixFileError) -> Data {
    do throws(ResultsFileError) {
      guard matrix.runs.count <= mostRuns else {
        throw .notEncodable(path: "runs", detail: "more than \(mostRuns) runs; merge fewer files")
      }
      return try JSONFile.encode(MatrixDocument(matrix))
    } catch {
      throw MatrixFileError(kind: .matrix, cause: error)
    }
  }

  /// Decodes a matrix of the schema version that this tool writes.
  /// - Throws: ``MatrixFileError`` for another version, and for anything that is not a whole and valid file.
  public static func decode(_ data: Data) throws(MatrixFileError) -> VersionMatrix {
    do throws(ResultsFileError) {
      let format = try JSONFile.decode(Format.self, data).format
      guard format == MatrixDocument.format else {
        throw .malformed(path: "format", detail: "\(format ?? "missing") is not “\(MatrixDocument.format)”")
      }
      try JSONFile.decodeVersion(currentSchemaVersion, data)
      _ = try JSONFile.decode(ResultsNumbers.self, data)
      _ = try JSONFile.decode(MatrixTexts.self, data)
      return try JSONFile.decode(MatrixDocument.self, data).matrix()
    } catch {
      throw MatrixFileError(kind: .matrix, cause: error)
    }
  }

  /// Reads and decodes the file at `path`.
  /// - Throws: ``MatrixFileError``.
  public static func read(from path: String) throws(MatrixFileError) -> VersionMatrix {
    try decode(try contents(of: path, atMost: largestSize, .matrix))
  }

  /// Reads a matrix, or the results of a run as a matrix of one.
  /// - Parameter judge: judges results again.
  /// - Throws: ``MatrixFileError``.
  public static func readAny(from path: String, judge: (Results) -> Results) throws(MatrixFileError) -> VersionMatrix {
    let data = try contents(of: path, atMost: ResultsFile.largestSize, .results)
    if (try? JSONFile.decode(Format.self, data))?.format != nil {
      guard data.count <= largestSize else {
        let detail = "\(path) is larger than \(largestSize >> 20) MiB"
        throw MatrixFileError(kind: .matrix, cause: .malformed(path: "", detail: detail))
      }
      return try decode(data)
    }
    do throws(ResultsFileError) {
      return VersionMatrix([judge(try ResultsFile.decode(data))])
    } catch {
      throw MatrixFileError(kind: .results, cause: error)
    }
  }

  private static func contents(
    of path: String, atMost limit: Int, _ kind: ResultsFileError.Kind
  ) throws(MatrixFileError) -> Data {
    do throws(ResultsFileError) {
      return try JSONFile.contents(of: path, atMost: limit)
    } catch {
      throw MatrixFileError(kind: kind, cause: error)
    }
  }

  /// The key that results do not have.
  private struct Format: Decodable {
    var format: String?
  }
}

/// Why a file of a matrix, or of results for one, could not be read or encoded.
public struct MatrixFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The kind of the file.
  let kind: ResultsFileError.Kind
  /// The fault.
  public let cause: ResultsFileError

  /// `true` if a system call failed.
  public var isUnreadable: Bool { if case .unreadable = cause { true } else { false } }

  /// The error, its place and its remedy, in one line.
  public var description: String { cause.text(of: kind) }
}
