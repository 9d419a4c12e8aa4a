import ArgumentParser
import Platform
import Study
import SubbufferSource
import VirtualMachine

/// The back ends of the program.
enum Backends {
  /// All of them, with their producers on one CPU.
  static func all(producerCPU: Int) -> [any StudiedBackend] { AbiCompareCommand.backends.all(producerCPU: producerCPU) }
  /// All questions with the answers of all ABIs.
  static var claims: [Claim] { AbiCompareCommand.backends.claims }
  /// The words of the report.
  static var wording: Wording { AbiCompareCommand.backends.wording }

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
