import ArgumentParser
import Report
import Study

/// `abi-compare explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Show the observations and rules behind one cell of a report.",
    discussion: """
      A cell is BACKEND/CLAIM, BACKEND/MODE/SCENARIO, or a place in results.json: probes[3], losses[3], latency[3], \
      freshness[3], throughput[3], disturbance[3], getters[3].
      """)

  @Argument(help: "The cell.")
  var cell: String

  @Argument(help: "The results.json of a run.")
  var results = "abi-compare-report/results.json"

  func run() throws {
    let stored = try StoredResults.read(results)
    guard let found = Explanation.cell(named: cell, in: stored) else {
      throw ValidationError(
        "the results have no cell '\(cell)'; cells are BACKEND/CLAIM, BACKEND/MODE/SCENARIO or ARRAY[INDEX]")
    }
    let backends = Backends.all(producerCPU: 0)
    let explanation = Explanation(found, in: stored, Backends.wording, file: results) { claim, backend in
      backends.first { $0.name == backend }?.probes.first { $0.claim.id == claim }?.location
    }
    for line in explanation.lines { try say(line) }
  }
}
