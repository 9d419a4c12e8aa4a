import Study

/// The commands that make the run and the report again.
struct RepeatSection: ReportSection {
  let results: Results

  func write(to document: inout MarkdownDocument) {
    document.heading(2, "How to repeat")
    if results.run.command.isEmpty {
      document.paragraph("The command line of the run was not recorded.")
    } else {
      document.paragraph("The run, which drew its random numbers from seed \(code: String(results.run.seed)):")
      document.codeBlock(Format.shell(results.run.command))
    }
    document.paragraph("This report again, from the results alone:")
    document.codeBlock("abi-compare report results.json")
  }
}
