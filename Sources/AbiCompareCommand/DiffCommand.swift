import ArgumentParser
import Foundation
import Report
import Results
import Study

/// `abi-compare diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare the answers, the loss reports and the costs of two stored runs.",
    discussion: """
      Writes Markdown to standard output, what is worse first. Runs of different kernels or tracers are what it is made \
      for: answers are always compared; costs only if machine, profile and tool are the same, and never if one run counts \
      instructions and the other nanoseconds.

      Exit codes: 0 nothing is worse; 1 an outcome on a live ABI is worse, or a cost increased by more than the threshold, \
      significantly after the correction for the number of tests; 2 with --strict: nothing is worse, but something is no \
      longer decided or gone; 65 invalid results, or nothing that can be compared; 66 results not found.
      """)

  @Argument(help: "The results.json of the baseline run.")
  var base: String

  @Argument(help: "The results.json of the new run.")
  var new: String

  @Option(
    help: ArgumentHelp(
      "The smallest change of a cost that counts, in percent of the baseline.", valueName: "percent"))
  var noiseThreshold = 5.0

  @Flag(help: "Compare costs even if conditions other than the software under test differ, such as CPU or profile.")
  var acrossConditions = false

  @Flag(help: "Exit with 2 if nothing is worse, but something on a live ABI is no longer decided or gone.")
  var strict = false

  func validate() throws {
    guard (0...1_000).contains(noiseThreshold) else {
      throw ValidationError("--noise-threshold: a number of percent from 0 to 1000")
    }
  }

  func run() throws {
    let diff = try ResultsDiff(base: StoredResults.read(base), new: StoredResults.read(new))
    let comparesCosts = !diff.rows.isEmpty && (diff.otherConditions.isEmpty || acrossConditions)
    let threshold = noiseThreshold / 100
    try say(DiffReport.render(diff, threshold: threshold, comparesCosts: comparesCosts))
    if !diff.rows.isEmpty, !comparesCosts {
      complain("the conditions of the costs differ; --across-conditions compares them anyway")
    }
    guard comparesCosts || diff.comparedJudgements > 0 else {
      complain("the runs have nothing in common that can be compared")
      throw ExitCode.badResults
    }
    let regressions = comparesCosts ? diff.regressions(threshold: threshold).count : 0
    let worse = diff.judgements(.worse).count
    if comparesCosts, let trials = diff.trialsNeeded {
      complain("so few trials show no increase of a cost; --runs \(trials) of both runs would")
    }
    if worse > 0 { complain("\(worse) judgements are worse") }
    if regressions > 0 { complain("\(regressions) of \(diff.rows.count) costs increased") }
    if worse + regressions > 0 { throw ExitCode.broken }
    let missing = diff.judgements(.undecided).count + diff.judgements(.gone).count
    if strict, missing > 0 {
      complain("\(missing) judgements are no longer decided, or gone")
      throw ExitCode.undecided
    }
  }
}
