import ArgumentParser

/// `abi-compare matrix`.
struct MatrixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "matrix", abstract: "Compare versions of the ABIs: when did an answer change?",
    subcommands: [MatrixRunCommand.self, MatrixMergeCommand.self], defaultSubcommand: MatrixRunCommand.self)
}
