import Study

/// The machine and how the run was started.
struct EnvironmentSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    let run = results.run
    document.heading(.environment)
    document.table(
      of: [
        Observation("command line", Format.shell(run.command)), Observation("profile", run.profile),
        Observation("seed", run.seed), Observation("started at", run.startedAt),
        Observation("duration", "\(Format.decimal(run.seconds, digits: 1)) s"),
        Observation("abi-compare", run.toolVersion), Observation("results.json schema", results.schemaVersion),
      ], heading: "Run")
    if results.environment.facts.isEmpty {
      document.paragraph("No facts about the machine were recorded.")
    } else {
      document.table(of: results.environment.facts, heading: "Machine")
    }
  }
}
