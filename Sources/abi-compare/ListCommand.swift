import ArgumentParser
import Study
import Workload

/// `abi-compare list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Name the back ends, the probes and the scenarios.")

  func run() throws {
    let backends = BackendCatalogue.all(producerCPU: CPUPlacement.choose().producer)
    try say("Back ends")
    for backend in backends { try say("  \(backend.name)\n    \(backend.title)") }
    try say("\nProbes")
    var seen: [String] = []
    for probe in backends.flatMap(\.probes) where !seen.contains(probe.claim.id) {
      seen.append(probe.claim.id)
      let on = backends.filter { $0.probes.contains { $0.claim.id == probe.claim.id } }.map(\.name)
      try say("  \(probe.claim.id)  [\(on.joined(separator: ", "))]\n    \(probe.claim.title)")
    }
    try say("\nScenarios, each in overwrite and in discard mode")
    for scenario in LossScenario.all { try say("  \(scenario.name)\n    \(scenario.title)") }
  }
}
