import ArgumentParser
import Foundation
import Glibc
import Report
import Results
import Study

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

/// `abi-compare explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Show the observations and rules behind one cell of a report.",
    discussion: """
      A cell is BACKEND/CLAIM, BACKEND/MODE/SCENARIO, or a place in results.json: probes[3], losses[3], latency[3], \
      deliveryLatency[3], throughput[3], writerOverhead[3], getters[3].
      """)

  @Argument(help: "The cell.")
  var cell: String

  @Argument(help: "The results.json of a run.")
  var results = "abi-compare-report/results.json"

  func run() throws {
    let stored = try StoredResults.read(results)
    guard let found = Explanation.cell(named: cell, in: stored) else {
      throw ValidationError(
        "the results have no cell '\(cell)'; cells are BACKEND/CLAIM, BACKEND/MODE/SCENARIO or ARRAY[INDEX]")
    }
    let backends = Backends.all(producerCPU: 0)
    let explanation = Explanation(found, in: stored, Backends.wording, file: results) { claim, backend in
      backends.first { $0.name == backend }?.probes.first { $0.claim.id == claim }?.location
    }
    for line in explanation.lines { try say(line) }
  }
}

/// The results of an earlier run.
enum StoredResults {
  /// Reads them, and judges them again.
  /// - Throws: `ExitCode.noResults` or `ExitCode.badResults` after a message.
  static func read(_ path: String) throws -> StudyResults {
    do {
      return StudyResults(judging: try ResultsFile.read(from: path), by: Backends.judges)
    } catch {
      complain("\(error)")
      if case .unreadable = error { throw ExitCode.noResults }
      throw ExitCode.badResults
    }
  }

  /// Reads a matrix, or results as a matrix of one run; judges results again.
  /// - Throws: `ExitCode.noResults` or `ExitCode.badResults` after a message.
  static func readMatrix(_ path: String) throws -> VersionMatrix {
    do {
      return try MatrixFile.readAny(from: path, judges: Backends.judges)
    } catch {
      complain("\(path): \(error)")
      throw error.isUnreadable ? ExitCode.noResults : ExitCode.badResults
    }
  }
}
