import ArgumentParser
import Foundation
import Report
import Study

/// `abi-compare diff`.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Compare the costs of two stored runs.",
    discussion: """
      Writes Markdown to standard output. Exit code 1 if a cost increased significantly and by more than the threshold; 65 \
      if the conditions of the runs differ (the differences are printed) or the runs have no cost in common.
      """)

  @Argument(help: "The results.json of the baseline run.")
  var base: String

  @Argument(help: "The results.json of the new run.")
  var new: String

  @Option(
    help: ArgumentHelp(
      "The smallest change that counts, in percent of the baseline.", valueName: "percent"))
  var noiseThreshold = 5.0

  @Flag(help: "Compare runs even if their conditions differ, such as the kernel or the profile.")
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
      complain("the conditions of the runs differ; --across-conditions compares them anyway")
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
      complain("\(regressions) of \(diff.rows.count) costs increased")
      throw ExitCode(1)
    }
  }
}
