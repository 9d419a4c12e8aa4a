/// The ring buffers of a run.
struct Shapes {
  /// For the histories.
  let all: [RingShape]
  /// For the clauses with a case of their own: both ends of the range in each mode, in the quick extent one.
  let some: [RingShape]

  init(_ harness: some ConformanceHarness, _ extent: ConformanceOptions.Extent) {
    let sizes = harness.subbufferSizes.sorted()
    guard let smallest = sizes.first, let biggest = sizes.last else {
      all = []
      some = []
      return
    }
    switch extent {
    case .quick:
      // 2 sub-buffers in the one mode, 8 in the other.
      all = zip(harness.modes, [2, 8]).map {
        RingShape(mode: $0, subbufferSize: smallest, subbufferCount: $1)
      }
      some = Array(all.prefix(1))
    case .full:
      some = harness.modes.flatMap { mode in
        [
          RingShape(mode: mode, subbufferSize: smallest, subbufferCount: 2),
          RingShape(mode: mode, subbufferSize: biggest, subbufferCount: 8),
        ]
      }
      all = harness.modes.flatMap { mode in
        sizes.flatMap { size in
          [2, 8].map { RingShape(mode: mode, subbufferSize: size, subbufferCount: $0) }
        }
      }
    }
  }
}
