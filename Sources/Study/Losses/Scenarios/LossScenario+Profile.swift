extension LossScenario {
  /// The scenarios of a profile: all of them; in the quick profile, without close variants of others.
  public static func of(_ profile: Profile) -> [LossScenario] {
    profile == .quick ? all.filter { !isVariation.contains($0.name) } : all
  }

  private static let isVariation: Set = [
    "stalls-again-and-again", "slow-reader", "absent-within-capacity", "one-over", "offered-0.5",
    "bursts-beyond-capacity",
    "holds-within-capacity", "holds-each-over-a-lap", "absent-within-capacity",
    "absent-then-lossy-without-room", "reopens-within-capacity", "killed-holding",
    "offered-1", "offered-2", "offered-5",
    "one-short-of-full", "one-over-and-more", "bursts-within-capacity", "too-big-after-full", "mixed-sizes",
    "filled-to-the-last-byte", "eight-bytes-left",
    "two-subbuffers", "64-subbuffers", "64-subbuffers-falls-behind", "16-kib-subbuffers",
    "producer-killed-while-lossy", "producer-killed-inside-write-while-lossy",
    "producer-stopped-inside-write-while-lossy", "cleared-twice", "toggled-back-and-forth",
  ]
}
