import ArgumentParser
import Report

/// `abi-compare matrix merge`.
struct MatrixMergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Merge results of several versions, made anywhere, into the pages of a matrix.",
    discussion: """
      Takes results.json and matrix.json files in any order, and writes matrix.json, matrix.md and matrix-unchanged.md. \
      Results are judged again by this program; those in a matrix.json were judged when it was made. The output may be merged \
      again, also into itself.
      """)

  @Argument(help: "results.json files of runs, and matrix.json files.")
  var files: [String]

  @Option(help: ArgumentHelp("Directory for matrix.md, matrix-unchanged.md and matrix.json.", valueName: "dir"))
  var out: String

  func validate() throws {
    if files.isEmpty { throw ValidationError("name a results.json or matrix.json file") }
    try OutputDirectory.validate(out)
  }

  func run() throws {
    // One after the other: results are large, and what a matrix takes of them is small.
    let matrices = try files.map(StoredResults.readMatrix)
    try MatrixCommand.write(VersionMatrix(merging: matrices), to: OutputDirectory(preparing: out))
  }
}
