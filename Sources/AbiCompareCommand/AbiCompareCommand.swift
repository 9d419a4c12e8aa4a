import ArgumentParser
import Platform
import Results
import Study
import SubbufferSource
import Synchronization
import VirtualMachine

/// The command line, as a library: a program that has back ends of its own makes the whole study with them.
public enum AbiCompareCommand {
  private static let given = Mutex<BackendSet?>(nil)

  /// The back ends that ``main(backends:)`` was given.
  static var backends: BackendSet { given.withLock { $0 } ?? BackendSet(answers: []) { _ in [] } }

  /// Runs the command line with back ends, and exits.
  ///
  /// Children of a run are made from the program that runs, so that it has to call this function first.
  public static func main(backends: BackendSet) {
    given.withLock { $0 = backends }
    ABICompare.main()
  }
}

/// The sub-commands.
struct ABICompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "abi-compare",
    abstract: "Compares ring-buffer reader ABIs by experiment.",
    discussion: """
      Exit codes: 0 the study finished, whatever its outcomes; 1 a back end failed, a clause of the protocol was broken, \
      or a model violates its invariants; 4 every back end was skipped; 64 usage error; 65 invalid or incomparable \
      results; 66 results not found; 73 output cannot be written; 75 a resource of the machine is missing: space, \
      descriptors, processes or a CPU; 128 + N terminated by signal N. With --strict also: 1 a live ABI \
      contradicts its documentation; 2 no such contradiction, but a claim is undecided. diff has codes of its own.
      """,
    version: Version.current,
    subcommands: [
      RunCommand.self, ProbeCommand.self, DoctorCommand.self, ListCommand.self, ReportCommand.self, ExplainCommand.self,
      DiffCommand.self, MatrixCommand.self,
      VMCommand.self, ObserveCommand.self, DrainCommand.self,
    ])

  static func main() {
    main(Array(ProgramArguments.all.dropFirst()))
  }
}

/// The back ends of the program.
enum Backends {
  /// All of them, with their producers on one CPU.
  static func all(producerCPU: Int) -> [any StudiedBackend] { AbiCompareCommand.backends.all(producerCPU: producerCPU) }
  /// All questions with the answers of all ABIs.
  static let claims = AbiCompareCommand.backends.claims
  /// The judges of probes: those of ``claims``.
  static let judges = ProbeJudges(claims)
  /// The words of the report.
  static let wording = AbiCompareCommand.backends.wording

  /// The back ends by these names, in the order of the list; all of them where no name is given.
  /// - Throws: `ValidationError` at a name that is not known.
  static func named(_ names: [String], producerCPU: Int) throws -> [any StudiedBackend] {
    let all = all(producerCPU: producerCPU)
    for name in names where !all.contains(where: { $0.name == name }) {
      throw ValidationError("unknown back end '\(name)'; known: \(all.map(\.name).joined(separator: ", "))")
    }
    return names.isEmpty ? all : all.filter { names.contains($0.name) }
  }

  /// Removes what killed runs left, and reports it.
  /// - Throws: `ExitCode.signal` after a message, if a signal came meanwhile.
  static func removeAbandoned() throws {
    for name in all(producerCPU: 0).flatMap({ $0.removeAbandoned() }) + VirtualMachine.removeAbandoned() {
      complain("removed \(name), left by a run that was killed")
    }
    try orSignal { () throws(SourceError) in try Interruption.check() }
  }
}

/// The version of the tool.
enum Version {
  static let current = "0.1.0"
}
