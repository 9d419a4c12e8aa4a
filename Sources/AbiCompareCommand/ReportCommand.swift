import ArgumentParser
import Foundation
import Glibc
import Report

/// `abi-compare report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Judge stored results again and write their report.",
    discussion: "The exit code is that of a run with these results.")

  @Argument(help: "The results.json of a run.")
  var results: String

  @Option(
    help: ArgumentHelp(
      "Directory for report.md and the plots; by default that of the results, or none if only an export is "
        + "asked for.", valueName: "dir"))
  var out: String?

  @Flag(help: "Print report.txt, the findings as plain text for a mail, and write no files.")
  var mail = false

  @OptionGroup var matrix: MatrixOption

  @OptionGroup var exports: Exports

  @OptionGroup var strictness: Strictness

  /// The directory of the report; `nil` if only an export is requested.
  private var directory: String? {
    if let out { return out }
    if exports.areAskedFor { return nil }
    return AtomicFile.parent(of: results)
  }

  func validate() throws {
    if let out { try OutputDirectory.validate(out) }
    try exports.keepApart(from: [results], reportIn: directory)
  }

  func run() throws {
    unblockEndingSignals()
    let stored = try StoredResults.read(results)
    let matrix = try matrix.read()
    if mail {
      try orCannotWrite { try StandardOutput.write(Data(MailReport.render(stored, Backends.wording).utf8)) }
      return try strictness.exit(with: stored)
    }
    let directory = try directory.map { try OutputDirectory(preparing: $0) }
    let opened = try exports.open()
    if let directory {
      try orCannotWrite {
        try ReportFiles.writeReport(stored, Backends.wording, matrix: matrix, to: directory.path)
      }
      if !exports.useStandardOutput { try say("\(directory.path)/report.md") }
    }
    try opened.write(stored, matrix)
    try strictness.exit(with: stored)
  }
}

/// Lets SIGINT, SIGTERM and SIGHUP end this process: its parent may have blocked them.
private func unblockEndingSignals() {
  var ending = sigset_t()
  sigemptyset(&ending)
  for signal in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&ending, signal) }
  pthread_sigmask(SIG_UNBLOCK, &ending, nil)
}
