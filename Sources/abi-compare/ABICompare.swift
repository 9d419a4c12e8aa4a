import ArgumentParser
import Workload

/// The command line.
@main
struct ABICompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "abi-compare",
    abstract: "Compares ring-buffer reader ABIs by experiment.",
    discussion: """
      Exit codes: 0 the study was made, whatever the verdicts; 1 a back end failed, a clause of the protocol was broken, \
      or a model does not agree with itself; 4 every back end was skipped; 64 wrong usage; 65 results that cannot be \
      read; 66 no such results; 73 output that cannot be written; 75 stopped by the machine: room, descriptors, processes \
      or a CPU were missing, and nothing is broken; 128 + N ended by signal N. With --strict also: 1 a \
      claim was refuted on a live ABI; 2 none was, and something was left undecided.
      """,
    version: Version.current,
    subcommands: [
      RunCommand.self, ProbeCommand.self, DoctorCommand.self, ListCommand.self, ReportCommand.self, ExplainCommand.self,
      DiffCommand.self,
      VMCommand.self, ObserveCommand.self, DrainCommand.self,
    ])

  static func main() {
    main(Array(ProgramArguments.all.dropFirst()))
  }
}
