import ArgumentParser
import Foundation
import Study

/// `abi-compare observe`: makes the observations of one probe, for a run that has each probe made in a process of its own.
struct ObserveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observe",
    abstract: "Print the observations of one probe, one line of JSON "
      + "each.", shouldDisplay: false
  )

  @OptionGroup var child: ChildOfRun

  @Option(help: "The claim.")
  var claim: String

  func run() throws {
    guard let probe = try child.begin()?.probes.first(where: { $0.claim.id == claim }) else {
      throw ValidationError("no probe '\(claim)' on \(child.backend)")
    }
    let onAdd: @Sendable (Observation) -> Void = { tell(.observation($0)) }
    let observed: ProbeObservations
    if ProbeBoot.claimHere == claim {
      // Nobody else reads the log of this machine.
      let (made, log) = ProbeObservations.withKernelLog(probe, onAdd: onAdd)
      if let log { tell(.kernelLog(log)) }
      observed = made
    } else {
      observed = ProbeObservations(probe, onAdd: onAdd)
    }
    tell(observed.failure.map { .failure($0) } ?? .end)
  }
}

/// Writes a line; a write error means that this process is about to be killed.
private func tell(_ line: ProbeLine) {
  if let text = try? line.encoded() { try? StandardOutput.write(text) }
}

extension ProbeProcess {
  /// The probe in a process of this program.
  init(_ probe: Probe, on backend: any StudiedBackend) {
    self.init(
      executable: ChildOfRun.executable,
      arguments: ChildOfRun.arguments("observe", backend, "--claim", probe.claim.id),
      environment: backend.childEnvironment)
  }
}
