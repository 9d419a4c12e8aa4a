import ArgumentParser

/// The command line.
@main
struct ABICompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "abi-compare",
    abstract: "Compares ring-buffer reader ABIs by experiment.",
    discussion: """
      Exit codes: 0 the study was made; 1 a back end failed or broke the protocol; 4 every back end was skipped; \
      64 wrong usage; 65 results that cannot be read; 66 no such results; 73 output that cannot be written; \
      128 + N ended by signal N.
      """,
    version: Version.current,
    subcommands: [RunCommand.self, DoctorCommand.self, ListCommand.self, ReportCommand.self])
}
