import Study

extension Results {
  /// The unit of what the clock of the run counts: `ns`, or `instructions` in a virtual machine that counts them.
  var timeUnit: String { environment.countsInstructions ? "instructions" : "ns" }
}

extension MarkdownDocument {
  /// Notes that the clock counts instructions, if it does.
  mutating func timeUnitNote(_ results: Results) {
    guard let fact = results.environment.facts.first(where: { $0.name == EnvironmentFact.time }) else { return }
    paragraph("The clock of this run counts instructions: \(EnvironmentFact.time) is \(fact.value).")
  }

  /// Stands for a section that compares writer and reader while both run, on a machine whose CPUs take turns.
  mutating func turnsNote() {
    paragraph(
      """
      Not shown: the CPUs of this machine take turns, each running until a timer is due while the other's instructions \
      wait, and its clock counts instructions. Delays between writer and reader are those of the turns.
      """)
  }
}
