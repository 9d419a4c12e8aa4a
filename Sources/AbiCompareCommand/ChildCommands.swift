import ArgumentParser
import Foundation
import Platform
import Results
import Study
import SubbufferSource

/// The options of a sub-command that a run has made in a process of its own.
struct ChildOfRun: ParsableArguments {
  @Option(help: "The back end.")
  var backend: String

  @Option(help: "The CPU of the producer.")
  var producerCPU: Int

  @Option(help: "The process that asks; this one ends with it.")
  var parent: Int32

  /// Has this process end with the one that asks.
  /// - Returns: the back end.
  func begin() throws -> (any StudiedBackend)? {
    PipedProcess.endWithParent(parent)
    return try Backends.named([backend], producerCPU: producerCPU).first
  }

  /// The program that a run starts.
  static let executable = "/proc/self/exe"

  /// The arguments with which it starts it.
  /// - Parameter parent: the process that asks.
  static func arguments(
    _ command: String, _ backend: any StudiedBackend, parent: Int32 = getpid(), _ further: String...
  ) -> [String] {
    [
      command, "--backend", backend.name, "--producer-cpu", String(backend.producerCPU), "--parent", String(parent),
    ] + further
  }
}

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

/// `abi-compare drain`: reads a lap in each way of a back end, for a run that counts this process's system calls.
struct DrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Read a lap, traced by another process.", shouldDisplay: false)

  @OptionGroup var child: ChildOfRun

  @Option(help: "overwrite or discard.")
  var mode: RingMode

  func run() throws {
    guard let studied = try child.begin() else { return }
    do {
      try TracedDrain.read(
        studied, mode, say: { try? StandardOutput.write(Data("\($0)\n".utf8)) }, hear: { readLine() })
    } catch {
      complain("\(error)")
      throw ExitCode.broken
    }
  }
}

extension RingMode: ExpressibleByArgument {}

/// The process of this program that reads a lap of a back end in a mode.
@Sendable func drainProcess(
  _ backend: any StudiedBackend, _ mode: RingMode
) throws(SourceError) -> PipedProcess {
  try PipedProcess(
    executable: ChildOfRun.executable, arguments: ChildOfRun.arguments("drain", backend, "--mode", mode.rawValue),
    longestLine: 80, ownGroup: true)
}
