import ArgumentParser
import Report

/// `abi-compare matrix`.
struct MatrixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix", abstract: "Compare versions of the ABIs: when did an answer change?",
    subcommands: [MatrixRunCommand.self, MatrixMergeCommand.self], defaultSubcommand: MatrixRunCommand.self)

  /// Writes the files of a matrix, and prints the path of its page.
  /// - Throws: `ExitCode.cannotWrite` after a message.
  static func write(_ matrix: VersionMatrix, to directory: OutputDirectory) throws {
    try orCannotWrite { try MatrixFiles.write(matrix, Backends.wording, to: directory.path) }
    try say("\(directory.path)/\(MatrixFiles.page)")
  }
}
