import Study

extension MarkdownDocument {
  /// Says what a nanosecond is, where the machine's facts tell that it is not the world's.
  mutating func timeUnitNote(_ results: Results) {
    guard let fact = results.environment.facts.first(where: { $0.name == EnvironmentFact.time }) else { return }
    paragraph("**\(EnvironmentFact.time.capitalizedFirst) of this run is \(fact.value).**")
  }

  /// Where writer and reader work at the same time, and the machine has its CPUs take turns.
  mutating func turnsNote(_ results: Results) {
    guard results.environment.countsInstructions else { return }
    paragraph(
      """
      **Here writer and reader work at the same time, and in this run their CPUs take turns: each runs until a timer is \
      due, while the other's instructions wait. Ages, delays and losses are those of such turns as much as of the ring \
      buffers, and no row of this section says how these compare on CPUs that run at the same time.**
      """)
  }
}
