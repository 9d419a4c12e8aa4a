import Foundation
import Study

/// The files of a report, in one directory: `results.json`, the plots, `losses-BACKEND.md`, `report.md`.
public enum ReportFiles {
  /// Whether a report may write a file of this name.
  public static func mayWrite(_ name: String) -> Bool {
    ["results.json", "report.txt"].contains(name) || [".md", ".svg"].contains { name.hasSuffix($0) }
  }

  /// Writes all files into a directory that exists, each atomically, the results first and `report.md` last, as it shows
  /// the plots.
  ///
  /// Files and links of the same names are replaced; others are left alone.
  /// - Returns: the names of the files, in the order in which they were written.
  /// - Throws: ``ReportFilesError``; the files before the failing one are there then.
  @discardableResult
  public static func write(_ results: Results, to directory: String) throws(ReportFilesError) -> [String] {
    try put([("results.json", try json(results))], directory) + writeReport(results, to: directory)
  }

  /// Writes the plots and `report.md` alone, as ``write(_:to:)`` does.
  /// - Returns: the names of the files, in the order in which they were written.
  /// - Throws: ``ReportFilesError``; the files before the failing one are there then.
  @discardableResult
  public static func writeReport(_ results: Results, to directory: String) throws(ReportFilesError) -> [String] {
    let plots = Plot.all(of: results)
    let details = LossDetails.files(of: results)
    let report = MarkdownReport.render(results, plots: plots, details: details)
    let drawings = plots.map { ($0.file, Data($0.svg.utf8)) }
    let anchors = Anchors(results)
    let losses = details.sorted { $0.value < $1.value }.map { backend, file in
      (file, Data(LossDetails.render(results, backend: backend, anchors: anchors).utf8))
    }
    return try put(drawings + losses + [("report.md", Data(report.utf8))], directory)
  }

  private static func put(
    _ files: [(name: String, contents: Data)], _ directory: String
  ) throws(ReportFilesError) -> [String] {
    for (name, contents) in files {
      do throws(FileError) {
        let path = directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
        try AtomicFile.write(contents, to: path, links: .replaced)
      } catch {
        throw .file(error)
      }
    }
    return files.map(\.name)
  }

  private static func json(_ results: Results) throws(ReportFilesError) -> Data {
    do {
      return try ResultsFile.encode(results)
    } catch {
      throw .results(error)
    }
  }
}

/// Why the files of a report could not be written.
public enum ReportFilesError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The results have no form in JSON.
  case results(ResultsFileError)
  /// A file could not be written.
  case file(FileError)

  /// What was wrong and what to do about it, in one line.
  public var description: String {
    switch self {
    case .results(let error): "\(error)"
    case .file(let error): "\(error)"
    }
  }
}
