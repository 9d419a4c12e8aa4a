import ArgumentParser
import Foundation
import Report
import StudiedBackends
import Study

/// `abi-compare report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Judge stored results again and write their report, from the results alone.",
    discussion: "The exit code is the one that the run would have now.")

  @Argument(help: "The results.json of a run.")
  var results: String

  @Option(
    help: ArgumentHelp(
      "Where to write report.md and the plots; by default beside the results, and nowhere where only an export is "
        + "asked for.", valueName: "dir"))
  var out: String?

  @OptionGroup var exports: Exports

  @OptionGroup var strictness: Strictness

  func run() throws {
    let stored = try read()
    try exports.check()
    if out != nil || !exports.areAskedFor {
      let beside = (results as NSString).deletingLastPathComponent
      let directory = try OutputDirectory(preparing: out ?? (beside.isEmpty ? "." : beside))
      try orCannotWrite { _ = try ReportFiles.writeReport(stored, to: directory.path) }
      if !exports.useStandardOutput { try say("\(directory.path)/report.md") }
    }
    try exports.write(stored)
    try strictness.exit(with: stored)
  }

  private func read() throws -> Results {
    do {
      return try ResultsFile.read(from: results).judgedAgain(by: Catalogue.claims)
    } catch {
      complain("\(error)")
      if case .unreadable = error { throw ExitCode.noResults }
      throw ExitCode.badResults
    }
  }
}
