import ArgumentParser
import Foundation
import Report
import StudiedBackends
import Study

/// The options that write a report or results somewhere else too.
struct Exports: ParsableArguments {
  @Option(help: ArgumentHelp("Also write the report to a file; - is standard output.", valueName: "file"))
  var exportMarkdown: String?

  @Option(help: ArgumentHelp("Also write the results to a file; - is standard output.", valueName: "file"))
  var exportJson: String?

  @Option(
    help: ArgumentHelp("Also write the verdicts to a file, as KTAP version 1; - is standard output.", valueName: "file")
  )
  var ktap: String?

  private var files: [String] { [exportMarkdown, exportJson, ktap].compactMap(\.self) }

  /// Whether anything is asked for.
  var areAskedFor: Bool { !files.isEmpty }

  /// Whether anything goes to standard output.
  var useStandardOutput: Bool { files.contains("-") }

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("only one of --export-markdown, --export-json and --ktap can go to standard output")
    }
  }

  /// Checks that no export would be written over another, or over one of these files.
  /// - Throws: `ValidationError` with the file.
  func keepApart(from others: [String]) throws {
    var taken = Set(others.map(Exports.resolved))
    for file in files where file != "-" && !taken.insert(Exports.resolved(file)).inserted {
      throw ValidationError("\(file) would be written over; name another file")
    }
  }

  private static func resolved(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  /// Checks that the files can be made.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  func check() throws {
    for file in files { try OutputDirectory.check(export: file) }
  }

  /// Writes what was asked for.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  func write(_ results: Results) throws {
    try orCannotWrite {
      if let exportMarkdown { try Exports.put(Data(MarkdownReport.frontPage(results, Catalogue.wording).utf8), exportMarkdown) }
      if let exportJson { try Exports.put(try ResultsFile.encode(results), exportJson) }
      if let ktap { try Exports.put(Data(KTAPReport.render(results).utf8), ktap) }
    }
  }

  private static func put(_ contents: Data, _ path: String) throws {
    if path == "-" {
      try StandardOutput.write(contents)
    } else {
      try AtomicFile.write(contents, to: path)
    }
  }
}

/// Does something that writes files; where that fails, says why.
/// - Throws: `ExitCode.cannotWrite` after a message.
func orCannotWrite<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch {
    complain("\(error)")
    throw ExitCode.cannotWrite
  }
}
