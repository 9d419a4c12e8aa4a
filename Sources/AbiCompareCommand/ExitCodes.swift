import ArgumentParser
import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage

extension ExitCode {
  /// The study did not finish, or something is broken; with `--strict`, a live ABI contradicts its documentation; of
  /// `diff`, something is worse.
  static let broken = ExitCode(1)
  /// With `--strict`, something was not decided; of `diff`, it was decided before.
  static let undecided = ExitCode(2)
  /// Every back end was skipped.
  static let allSkipped = ExitCode(4)
  /// The machine lacked something (`EX_TEMPFAIL`).
  static let stopped = ExitCode(75)
  /// Results that cannot be read (`EX_DATAERR`).
  static let badResults = ExitCode(65)
  /// No such results (`EX_NOINPUT`).
  static let noResults = ExitCode(66)
  /// Output that cannot be written (`EX_CANTCREAT`).
  static let cannotWrite = ExitCode(73)

  /// The run was ended by a signal.
  static func signal(_ number: Int32) -> ExitCode { ExitCode(128 + number) }
}

extension StudyOutcome {
  /// The exit code of the program.
  var exitCode: ExitCode {
    switch self {
    case .made: .success
    case .broken, .contradicts: .broken
    case .undecided: .undecided
    case .allSkipped: .allSkipped
    case .stopped: .stopped
    }
  }
}

/// Runs something that a signal can end; reports the reason if it fails.
/// - Throws: `ExitCode.signal`, `ExitCode.stopped` or `ExitCode.broken` after a message.
func orSignal<Result>(_ body: () throws(SourceError) -> Result) throws -> Result {
  do throws(SourceError) {
    return try body()
  } catch {
    guard let signal = Interruption.signal else {
      complain(error.kind == .machine ? "stopped by the machine: \(error)" : "\(error)")
      throw error.kind == .machine ? ExitCode.stopped : ExitCode.broken
    }
    // The interrupted call usually fails because of the signal, so its error is not reported.
    let isReason = error.kind == .interrupted || error.errno == .interrupted
    complain("terminated by signal \(signal)\(isReason ? "" : ": \(error.reason)")")
    throw ExitCode.signal(signal)
  }
}

/// The option that makes findings count in the exit code.
struct Strictness: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Exit with 1 if a live ABI contradicts its documentation, else with 2 if a claim is undecided."))
  var strict = false

  /// Ends with the exit code of results, where it is not 0.
  /// - Throws: `ExitCode`.
  func exit(with results: StudyResults) throws {
    let defects = results.defects.count
    if defects > 0 { complain("defects: \(defects); the report lists them above its tables") }
    let code = results.outcome(strict: strict).exitCode
    if code != .success { throw code }
  }
}
