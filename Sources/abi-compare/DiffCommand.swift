import ArgumentParser
import Foundation
import Report
import Study

/// `abi-compare diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Hold the costs of two stored runs against each other.",
    discussion: """
      Writes Markdown to standard output. Exit code 1 where a cost grew significantly and by more than the threshold; 65 \
      where the runs were not made under the same conditions, which are shown then, or have no cost in common.
      """)

  @Argument(help: "The results.json of the run that is compared with.")
  var base: String

  @Argument(help: "The results.json of the new run.")
  var new: String

  @Option(
    help: ArgumentHelp(
      "By how many percent of the base's cost a row has to differ to count.", valueName: "percent"))
  var noiseThreshold = 5.0

  @Flag(help: "Compare also where the runs were not made under the same conditions: another kernel, another profile.")
  var acrossConditions = false

  func validate() throws {
    guard (0...1_000).contains(noiseThreshold) else {
      throw ValidationError("--noise-threshold: a number of percent from 0 to 1000")
    }
  }

  func run() throws {
    let diff = try ResultsDiff(base: StoredResults.read(base), new: StoredResults.read(new))
    let differences = DiffReport.renderDifferences(diff)
    if !differences.isEmpty { try say(differences) }
    guard diff.differences.isEmpty || acrossConditions else {
      complain("the runs were not made under the same conditions; --across-conditions compares them all the same")
      throw ExitCode.badResults
    }
    guard !diff.rows.isEmpty else {
      complain("the runs have no cost in common")
      throw ExitCode.badResults
    }
    let threshold = noiseThreshold / 100
    try say(DiffReport.render(diff, threshold: threshold))
    let regressions = diff.regressions(threshold: threshold).count
    if regressions > 0 {
      complain("\(regressions) of \(diff.rows.count) costs grew")
      throw ExitCode(1)
    }
  }
}
