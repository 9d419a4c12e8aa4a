import ArgumentParser
import Foundation
import Platform
import Study
import SubbufferSource

/// `abi-compare drain`: reads a lap in each way of a back end, for a run that counts this process's system calls.
struct DrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Read a lap, traced by another process.", shouldDisplay: false)

  @OptionGroup var child: ChildOfRun

  @Option(help: "overwrite or discard.")
  var mode: RingConfiguration.Mode

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

extension RingConfiguration.Mode: ExpressibleByArgument {}

/// The process of this program that reads a lap of a back end in a mode.
@Sendable func drainProcess(
  _ backend: any StudiedBackend, _ mode: RingConfiguration.Mode
) throws(SourceError) -> PipedProcess {
  try PipedProcess(
    executable: ChildOfRun.executable, arguments: ChildOfRun.arguments("drain", backend, "--mode", mode.rawValue),
    longestLine: 80, ownGroup: true)
}
