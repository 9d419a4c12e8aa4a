import ArgumentParser
import Foundation
import StudiedBackends
import Study
import Workload

/// `abi-compare observe`: makes the observations of one probe, for a run that has each probe made in a process of its own.
struct ObserveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observe", abstract: "Make the observations of one probe, one line of JSON each.", shouldDisplay: false
  )

  @Option(help: "The back end.")
  var backend: String

  @Option(help: "The claim.")
  var claim: String

  @Option(help: "The CPU of the producer.")
  var producerCPU: Int

  @Option(help: "The process that asks; this one ends with it.")
  var parent: Int32

  func run() throws {
    PipedProcess.endWithParent(parent)
    let backends = try BackendCatalogue.named([backend], producerCPU: producerCPU)
    guard let probe = backends.first?.probes.first(where: { $0.claim.id == claim }) else {
      throw ValidationError("no probe '\(claim)' on \(backend)")
    }
    let observed = ProbeObservations(probe) { tell(.observation($0)) }
    tell(observed.failure.map { .failure($0) } ?? .end)
  }
}

/// Says a line; where nobody takes it, this process is about to be ended.
private func tell(_ line: ProbeLine) {
  if let text = try? line.encoded() { try? StandardOutput.write(text) }
}

extension ProbeProcess {
  /// The probe in a process of this program.
  init(_ probe: Probe, on backend: any StudiedBackend) {
    self.init(
      executable: "/proc/self/exe",
      arguments: [
        "observe", "--backend", backend.name, "--claim", probe.claim.id, "--producer-cpu", String(backend.producerCPU),
        "--parent", String(getpid()),
      ])
  }
}
