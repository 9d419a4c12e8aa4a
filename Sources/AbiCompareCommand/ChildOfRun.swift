import ArgumentParser
import Foundation
import Platform
import Study

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
