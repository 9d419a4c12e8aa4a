import ArgumentParser
import Study

/// The option that makes findings count in the exit code.
struct Strictness: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "End with exit code 1 where a claim was refuted on a live ABI, and with 2 where something was left undecided."))
  var strict = false

  /// Ends with the exit code of results, where it is not 0.
  /// - Throws: `ExitCode`.
  func exit(with results: Results) throws {
    let defects = results.defects.count
    if defects > 0 { complain("defects: \(defects); the report has them above its tables") }
    let code = results.outcome(strict: strict).exitCode
    if code != 0 { throw ExitCode(code) }
  }
}
