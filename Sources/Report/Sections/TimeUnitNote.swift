import Study

extension MarkdownDocument {
  /// Says what a nanosecond is, where the machine's facts tell that it is not the world's.
  mutating func timeUnitNote(_ results: Results) {
    guard let fact = results.environment.facts.first(where: { $0.name == EnvironmentFact.time }) else { return }
    paragraph("**\(EnvironmentFact.time.capitalizedFirst) of this run is \(fact.value).**")
  }
}
