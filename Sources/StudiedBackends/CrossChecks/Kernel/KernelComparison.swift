import Study
import TracefsBackend

/// The mapped reader's numbers compared with others' of the kernel's ring buffer.
struct KernelComparison {
  /// The sub-buffers handed out to the mapped reader.
  let mapped: TracefsRing.Mapped
  /// `true` if the writer overwrites.
  let overwrites: Bool

  private var ours: KernelReading { mapped.reading }
  private static let deliveredBy = "mapped sub-buffers"
  private static let missedBy = "headers of the mapped sub-buffers"

  /// Compared with the counters of `stats` of the same run.
  func rowsByStats() -> [CrossCheckResult.Row] {
    let stats = ours.stats
    return [
      .init(
        "events delivered", ours: UInt64(ours.events.count), theirs: stats.readEvents, truth: ours.truthOfDelivered,
        oursBy: Self.deliveredBy, theirsBy: "stats: read events"),
      .init(
        "lost events", ours: mapped.overrun, theirs: stats.overrun &+ stats.droppedEvents, truth: ours.lost,
        oursBy: "meta page overrun", theirsBy: "stats: overrun + dropped events"
      ) {
        overwrites ? nil : KernelRules.dropped(ours, counted: mapped.overrun)
      },
    ]
  }

  /// Compared with another program's decoding of the same sub-buffers.
  func rowsOfTheSameBytes(_ report: TraceCmdReport) -> [CrossCheckResult.Row] {
    let theirs = KernelReading(truth: ours.truth, events: report.events, missed: report.missed, stats: ours.stats)
    let same = CrossCheckResult.Row(
      "events with the same number and time, in the same place", ours: UInt64(ours.events.count),
      theirs: ours.events.same(as: theirs.events), oursBy: Self.deliveredBy, theirsBy: "trace-cmd report")
    var rows = rows(theirs, deliveredBy: "trace-cmd report", missedBy: TraceCmdReport.missedBy, isSameRun: true)
    rows.insert(same, at: 1)
    return rows
  }

  /// Compared with another reader, which had a run of the load of its own.
  func rowsOfAnotherRun(
    _ theirs: KernelReading, deliveredBy: String, missedBy: String
  ) -> [CrossCheckResult.Row] {
    rows(theirs, deliveredBy: deliveredBy, missedBy: missedBy, isSameRun: false)
  }

  private func rows(
    _ theirs: KernelReading, deliveredBy: String, missedBy: String, isSameRun: Bool
  ) -> [CrossCheckResult.Row] {
    let twoTellings = { isSameRun ? nil : KernelRules.twoTellings(ours, theirs) }
    return [
      .init(
        "events delivered", ours: UInt64(ours.events.count), theirs: UInt64(theirs.events.count),
        truth: theirs.truthOfDelivered, oursBy: Self.deliveredBy, theirsBy: deliveredBy
      ) {
        isSameRun ? nil : KernelRules.twoRuns(ours, theirs)
      },
      .init(
        "missed events, told with their number", ours: ours.missed.counted, theirs: theirs.missed.counted,
        truth: theirs.lost, oursBy: Self.missedBy, theirsBy: missedBy
      ) {
        guard overwrites else { return KernelRules.dropped(theirs, counted: ours.missed.counted) }
        return twoTellings() ?? KernelRules.noRoom(mapped.pages, ours, theirs)
      },
      .init(
        "losses told without a number", ours: ours.missed.withoutNumber, theirs: theirs.missed.withoutNumber,
        oursBy: Self.missedBy, theirsBy: missedBy, explain: twoTellings),
    ]
  }
}
