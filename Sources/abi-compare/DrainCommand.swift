import ArgumentParser
import Foundation
import StudiedBackends
import Study
import SubbufferSource
import Workload

/// `abi-compare drain`: reads a lap in each way of a back end, for a run that counts this process's system calls.
struct DrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Read a lap, traced by another process.", shouldDisplay: false)

  @Option(help: "The back end.")
  var backend: String

  @Option(help: "overwrite or discard.")
  var mode: RingConfiguration.Mode

  @Option(help: "The CPU of the producer.")
  var producerCPU: Int

  @Option(help: "The process that asks; this one ends with it.")
  var parent: Int32

  func run() throws {
    PipedProcess.endWithParent(parent)
    guard let studied = try BackendCatalogue.named([backend], producerCPU: producerCPU).first else { return }
    do {
      try TracedDrain.read(
        studied, mode, say: { try? StandardOutput.write(Data("\($0)\n".utf8)) }, hear: { readLine() })
    } catch {
      complain("\(error)")
      throw ExitCode.broken
    }
  }
}

extension RingConfiguration.Mode: ExpressibleByArgument {}

/// The process of this program that reads a lap of a back end in a mode.
@Sendable func drainProcess(
  _ backend: any StudiedBackend, _ mode: RingConfiguration.Mode
) throws(SourceError) -> PipedProcess {
  try PipedProcess(
    executable: "/proc/self/exe",
    arguments: [
      "drain", "--backend", backend.name, "--mode", mode.rawValue, "--producer-cpu", String(backend.producerCPU),
      "--parent", String(getpid()),
    ], longestLine: 80, ownGroup: true)
}
