import ArgumentParser
import Study
import SubbufferSource
import Workload

/// `abi-compare doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say for each back end whether it can run here, and if not, why and what would enable it.",
    discussion: "Each back end is tried for real: a ring buffer is made, read once, and removed. "
      + "Exit code 4 where none can run.")

  func run() throws {
    Interruption.install()
    BackendCatalogue.removeAbandoned()
    let backends = BackendCatalogue.all(producerCPU: CPUPlacement.choose().producer)
    var able = 0
    for backend in backends {
      switch try orSignal({ () throws(SourceError) in try backend.availability() }) {
      case .available:
        able += 1
        try say("\(backend.name): can run\n  \(backend.title)")
      case .unavailable(let reason, let remedy):
        try say("\(backend.name): cannot run\n  why:    \(reason)")
        if !remedy.isEmpty { try say("  enable: \(remedy)") }
      }
    }
    if able == 0 { throw ExitCode.allSkipped }
  }
}
