import Foundation
import Results

/// The files of a report, in one directory: `results.json`, the plots, `report.txt`, the pages, `report.md`.
package enum ReportFiles {
  /// Returns `true` if a report may write a file of this name.
  package static func mayWrite(_ name: String) -> Bool {
    ["results.json", "report.txt"].contains(name) || [".md", ".svg"].contains { name.hasSuffix($0) }
  }

  /// Writes all files into a directory that exists, each atomically, the results first and `report.md` last, since it links
  /// to the others.
  ///
  /// Files and links of the same names are replaced; others are left alone.
  /// - Parameter matrix: other versions; the findings list those that have them and those that do not.
  /// - Returns: the names of the files, in the order in which they were written.
  /// - Throws: ``ReportFilesError``; the files before the failing one are there then.
  @discardableResult
  package static func write(
    _ results: StudyResults, _ wording: Wording, matrix: VersionMatrix? = nil, to directory: String
  ) throws(ReportFilesError) -> [String] {
    try writeResults(results, to: directory) + writeReport(results, wording, matrix: matrix, to: directory)
  }

  /// Writes the results only, as ``write(_:_:matrix:to:)`` does.
  /// - Returns: the names of the files.
  /// - Throws: ``ReportFilesError``.
  @discardableResult
  package static func writeResults(_ results: StudyResults, to directory: String) throws(ReportFilesError) -> [String] {
    try put([("results.json", try json(results))], directory)
  }

  /// Writes all files but the results, as ``write(_:_:matrix:to:)`` does.
  /// - Returns: the names of the files, in the order in which they were written.
  /// - Throws: ``ReportFilesError``; the files before the failing one are there then.
  @discardableResult
  package static func writeReport(
    _ results: StudyResults, _ wording: Wording, matrix: VersionMatrix? = nil, to directory: String
  ) throws(ReportFilesError) -> [String] {
    let plots = Plot.all(of: results)
    let mail = MailReport.render(results, wording)
    return try put(
      plots.map { ($0.file, Data($0.svg.utf8)) } + [("report.txt", Data(mail.utf8))]
        + MarkdownReport.pages(results, wording, plots: plots, matrix: matrix).map { ($0.file, Data($0.text.utf8)) },
      directory)
  }

  fileprivate static func put(
    _ files: [(name: String, contents: Data)], _ directory: String
  ) throws(ReportFilesError) -> [String] {
    do throws(FileError) {
      return try AtomicFile.write(files, to: directory)
    } catch {
      throw .file(error)
    }
  }

  private static func json(_ results: StudyResults) throws(ReportFilesError) -> Data {
    do {
      return try ResultsFile.encode(results.records)
    } catch {
      throw .results(error)
    }
  }
}

/// The reason why the files of a report or a matrix were not written.
package enum ReportFilesError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The results cannot be written as JSON.
  case results(ResultsFileError)
  /// The matrix cannot be written as JSON.
  case matrix(MatrixFileError)
  case file(FileError)

  /// The error and its remedy, in one line.
  package var description: String {
    switch self {
    case .results(let error): "\(error)"
    case .matrix(let error): "\(error)"
    case .file(let error): "\(error)"
    }
  }
}

/// The files of a matrix, in one directory: `matrix.json`, `matrix-unchanged.md`, `matrix.md`.
package enum MatrixFiles {
  /// The name of the page that links to the other.
  package static let page = MatrixPage.file

  /// Writes all files into a directory that exists, each atomically, `matrix.md` last, since it links to the other page.
  /// - Returns: the names of the files, in the order in which they were written.
  /// - Throws: ``ReportFilesError``; the files before the failing one are there then.
  @discardableResult
  package static func write(
    _ matrix: VersionMatrix, _ wording: Wording, to directory: String
  ) throws(ReportFilesError) -> [String] {
    let json: Data
    do throws(MatrixFileError) {
      json = try MatrixFile.encode(matrix)
    } catch {
      throw .matrix(error)
    }
    return try ReportFiles.put(
      [("matrix.json", json)] + MatrixPage.pages(matrix, wording).map { ($0.file, Data($0.text.utf8)) }, directory)
  }
}
