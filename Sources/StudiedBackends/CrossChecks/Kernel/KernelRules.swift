/// Why two counts of the kernel's ring buffer differ: each rule looks at the data of the run, and says what it found
/// there or that it does not hold (`nil`).
enum KernelRules {
  /// Two readers had a run of the load each. Nothing repeats a run to the event: each of the two is held against its
  /// own writer's counters.
  static func twoRuns(_ ours: KernelReading, _ theirs: KernelReading) -> String? {
    guard ours.accountsForAll, theirs.accountsForAll, ours.events.count != theirs.events.count else { return nil }
    return "two runs of the load: \(ours.lost) of \(ours.truth.produced) events were lost in ours and "
      + "\(theirs.lost) of \(theirs.truth.produced) in theirs, which is what stats says of each"
  }

  /// The same for what was told of missed events: each tells, by number or by flag, of all that it lost.
  static func twoTellings(_ ours: KernelReading, _ theirs: KernelReading) -> String? {
    guard ours.tellsAll, theirs.tellsAll, ours.missed != theirs.missed else { return nil }
    return "two runs of the load: ours lost \(ours.lost), told as \(ours.missed.text); theirs lost \(theirs.lost), "
      + "told as \(theirs.missed.text)"
  }

  /// With `overwrite` off the events that the writer dropped are counted in `stats` alone: flags, numbers and `overrun`
  /// are about overwritten events.
  /// - Parameter counts: all that was counted elsewhere.
  static func dropped(_ reading: KernelReading, counted counts: UInt64...) -> String? {
    let stats = reading.stats
    guard reading.lost > 0, stats.droppedEvents == reading.lost, stats.overrun == 0, reading.missed == .init(),
      counts.allSatisfy({ $0 == 0 })
    else { return nil }
    return "all \(stats.droppedEvents) are \"dropped events\" of stats, whose overrun is 0; no header tells of them"
  }

  /// The flag alone is set if the data leave no room for the number after them.
  /// - Parameter pages: the sub-buffers with those flags.
  static func noRoom(_ pages: KernelPages, _ readings: KernelReading...) -> String? {
    let missed = pages.missed
    guard missed.withoutNumber > 0, pages.withoutNumberInSpiteOfRoom == 0, readings.allSatisfy(\.tellsAll),
      readings.allSatisfy({ $0.missed.withoutNumber == missed.withoutNumber })
    else { return nil }
    return "the flag is set without a number in \(missed.withoutNumber) of the sub-buffers, whose data leave no room "
      + "for one; \(missed.missingWithoutNumber) sequence numbers are missing before them"
  }
}

extension KernelReading.Missed {
  /// The report in words.
  fileprivate var text: String {
    withoutNumber == 0 ? "\(counted)" : "\(counted) and \(withoutNumber) times without a number"
  }
}
