import ArgumentParser
import Study

/// The option that makes findings count in the exit code.
struct Strictness: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Exit with 1 if a live ABI contradicts its documentation, else with 2 if a claim is undecided."))
  var strict = false

  /// Ends with the exit code of results, where it is not 0.
  /// - Throws: `ExitCode`.
  func exit(with results: Results) throws {
    let defects = results.defects.count
    if defects > 0 { complain("defects: \(defects); the report lists them above its tables") }
    let code = results.outcome(strict: strict).exitCode
    if code != 0 { throw ExitCode(code) }
  }
}
