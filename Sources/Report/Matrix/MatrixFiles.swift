import Foundation
import Study

/// The files of a matrix, in one directory: `matrix.json`, `matrix-unchanged.md`, `matrix.md`.
public enum MatrixFiles {
  /// The name of the page that links to the other.
  public static let page = MatrixPage.file

  /// Writes all files into a directory that exists, each atomically, `matrix.md` last, since it links to the other page.
  /// - Returns: the names of the files, in the order in which they were written.
  /// - Throws: ``MatrixFilesError``; the files before the failing one are there then.
  @discardableResult
  public static func write(
    _ matrix: VersionMatrix, _ wording: Wording, to directory: String
  ) throws(MatrixFilesError) -> [String] {
    let json: Data
    do throws(MatrixFileError) {
      json = try MatrixFile.encode(matrix)
    } catch {
      throw .matrix(error)
    }
    do throws(FileError) {
      return try AtomicFile.write(
        [("matrix.json", json)] + MatrixPage.pages(matrix, wording).map { ($0.file, Data($0.text.utf8)) }, to: directory
      )
    } catch {
      throw .file(error)
    }
  }
}

/// Why the files of a matrix could not be written.
public enum MatrixFilesError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The matrix has no form in JSON.
  case matrix(MatrixFileError)
  /// A file could not be written.
  case file(FileError)

  /// The error and its remedy, in one line.
  public var description: String {
    switch self {
    case .matrix(let error): "\(error)"
    case .file(let error): "\(error)"
    }
  }
}
