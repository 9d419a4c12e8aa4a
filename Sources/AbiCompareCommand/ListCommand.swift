import ArgumentParser
import Foundation
import Platform
import Report
import Study

/// `abi-compare list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the back ends, the claims and the loss scenarios.")

  @Flag(help: "Print Docs/claims.md: the claims with their sources and expectations.")
  var markdown = false

  func run() throws {
    if markdown {
      return try orCannotWrite { try StandardOutput.write(Data(ClaimsPage.render(Backends.claims).utf8)) }
    }
    let backends = Backends.all(producerCPU: CPUPlacement.choose().producer)
    try say("Back ends")
    for backend in backends { try say("  \(backend.name)\n    \(backend.title)") }
    try say("\nClaims")
    for claim in Backends.claims {
      let on = backends.filter { $0.probes.contains { $0.claim.id == claim.id } }.map(\.name)
      try say("  \(claim.id)  [\(on.joined(separator: ", "))]\n    \(claim.question)")
    }
    try say("\nLoss scenarios")
    for scenario in LossScenario.all {
      let modes = scenario.modes.map(\.rawValue).joined(separator: ", ")
      try say("  \(scenario.name)  [\(modes)]\n    \(scenario.title)")
    }
  }
}
