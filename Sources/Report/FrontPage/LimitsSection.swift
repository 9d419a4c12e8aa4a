import Study

/// The conclusions that this run does not allow.
struct LimitsSection: ReportSection {
  let page: FrontPage

  func write(to document: inout MarkdownDocument) {
    document.shortHeading(2, "What is not concluded", anchor: "limits")
    let results = page.results
    var limits: [Inline] = [
      "One machine, one kernel, one version of each ABI: only notes are about others.",
      """
      Costs are of one reader, one writer, or one of each; contention, many CPUs, interrupts as writers and the longest time with \
      interrupts off were not measured.
      """,
      "The writers of the ABIs differ in cost, so losses of one ABI under a race are not compared with those of another.",
    ]
    if let machine = results.environment.facts.value(of: "machine") {
      limits.append("Memory ordering and caches of other machines than \(machine).")
    }
    if results.environment.countsInstructions {
      limits.append(
        """
        Times: the clock of this run counts instructions of an emulated machine whose CPUs take turns. A ratio of \
        instructions is no ratio of times.
        """)
    }
    if let reason = results.kernelLog?.unreadable {
      limits.append("Warnings of the kernel: its log was not read (\(reason)).")
    }
    let models = results.backends.filter { !$0.isLive && $0.status == .ran }
    if !models.isEmpty {
      limits.append(
        """
        Models (\(Inline(models.map { .code($0.name) }, separator: ", "))) show what a design does by its source, as the \
        authors read it: \(Inline.link("models", to: ContentsSection.Section.models.anchor)).
        """)
    }
    document.wrappedList(limits)
  }
}
