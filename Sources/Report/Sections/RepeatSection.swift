import Study

/// The commands that make the run and the report again.
struct RepeatSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(.repeating)
    if results.run.command.isEmpty {
      document.paragraph("The command line of the run was not recorded.")
    } else {
      document.paragraph(
        "To repeat the run with the same order of trials, event sizes and loads:")
      document.codeBlock(Format.shell(commandWithSeed))
    }
    document.paragraph("To generate this report from the results:")
    document.codeBlock("abi-compare report results.json")
  }

  /// The command line; the seed is added where the run chose it.
  private var commandWithSeed: [String] {
    let command = results.run.command
    let names = command.contains { $0 == "--seed" || $0.hasPrefix("--seed=") }
    return names ? command : command + ["--seed", String(results.run.seed)]
  }
}
