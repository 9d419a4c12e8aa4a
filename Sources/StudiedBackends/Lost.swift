import Study

extension UInt64 {
  /// How many of so many produced events were not delivered; `nil` where more came than were produced.
  func lost(delivered: Int) -> UInt64? {
    UInt64(delivered) <= self ? self - UInt64(delivered) : nil
  }
}

extension UInt64? {
  /// The number, for an observation.
  var orMore: String { map { "\($0)" } ?? "more were delivered than produced" }
}

extension Finding {
  /// A probe of losses in which none came about.
  static func nothingLost(_ evidence: [Observation]) -> Finding {
    Finding(.inconclusive, reason: "nothing was lost", evidence: evidence)
  }
}
