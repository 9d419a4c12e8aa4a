extension Int {
  /// A number of bytes for a person: `67 MB`, of 1,000,000 bytes each.
  package var inMegabytes: String { "\(self / 1_000_000) MB" }
}
