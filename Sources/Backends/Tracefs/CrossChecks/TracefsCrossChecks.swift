import Platform
import Results
import Study
import SubbufferSource
import TracefsABI

extension TracefsStudy {
  /// Observed with trace-cmd 3.1.6, which reads the formats of all events each time that it is started.
  package func crossCheckSeconds(_ profile: Profile) -> Double { profile == .quick ? 1 : 5.5 }

  /// Reads loads in other ways than through the mapping, and has them counted by others' code: `stats`, `read(2)` of
  /// `trace_pipe_raw`, trace-cmd on the sub-buffers that the mapping handed out, and trace-cmd on a ring buffer.
  ///
  /// Each way of reading has an instance of its own with a run of the load of its own.
  /// - Parameters:
  ///   - mode: that of the ring buffers.
  ///   - profile: in the quick one most of the loads are left out, and it is said of each.
  ///   - seed: what the sizes of the loads are drawn from.
  /// - Returns: one result for each load and way; of a tool that is not there the reason.
  /// - Throws: ``SourceError`` where a call fails that is not a tool's.
  package func crossChecks(
    _ mode: RingMode, _ profile: Profile, seed: UInt64
  ) throws(SourceError) -> [CrossCheckResult] {
    var generator = SeededGenerator(seed: seed)
    let traceCmd = try FoundTool(orSay: TraceCmd.missing) { () throws(SourceError) in try TraceCmd() }
    var results: [CrossCheckResult] = []
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    for load in crossCheckLoads {
      try Interruption.check()
      if profile == .quick, !Self.quickLoads.contains(load.name) {
        var left = CrossCheckResult(
          backend: name, mode: mode, load: load.described(configuration), tool: "all tools", rows: [])
        left.skipped = CrossCheckResult.Skip(
          reason: "not part of the quick profile", remedy: "abi-compare run --profile standard")
        results.append(left)
        continue
      }
      results += try crossChecks(load.drawing(&generator), configuration, traceCmd)
    }
    return results
  }

  private static let noRoom = "no room for a number"

  private var crossCheckLoads: [CrossCheckLoad] {
    let payload = payloadWithoutRoom
    return [
      .nothingLost, .stalled, .fallsBehind, .inTurns,
      CrossCheckLoad(
        name: "stalled, \(Self.noRoom)", payload: payload, halves: 6, reader: .afterTheWriter),
      // The same, so that there are several such sub-buffers.
      CrossCheckLoad(
        name: "falls behind, \(Self.noRoom)", payload: payload, halves: 6, reader: .oneOfThree),
    ]
  }

  /// The smallest payload, from 8 bytes on, whose events leave fewer than the 8 bytes of a sub-buffer that a number takes:
  /// which one it is, is the kernel's (``MarkerEvent/surplus``).
  private var payloadWithoutRoom: UInt32 {
    let space = RingConfiguration(mode: .overwrite, producerCPU: producerCPU).subbufferSize - headerSize
    return stride(from: UInt32(8), to: 256, by: 4).first { space % eventSize(payload: $0) < 8 } ?? 8
  }

  /// The one in which every tool reports a loss with its number.
  private static let quickLoads: Set = [CrossCheckLoad.stalled.name]

  /// The commands of trace-cmd.
  private enum Way: String, CaseIterable {
    /// On the sub-buffers that the mapping handed out.
    case restore
    /// On a ring buffer.
    case extract
  }

  private func crossChecks(
    _ load: CrossCheckLoad, _ configuration: RingConfiguration, _ found: FoundTool<TraceCmd>
  ) throws(SourceError) -> [CrossCheckResult] {
    let mapped = try TracefsRing.with(configuration) { (ring) throws(SourceError) in try ring.readMapped(load) }
    let comparison = KernelComparison(mapped: mapped, overwrites: configuration.mode == .overwrite)
    var made = CrossCheckResult(
      backend: name, mode: configuration.mode, load: load.described(configuration),
      tool: "per_cpu/cpuN/stats", rows: comparison.rowsByStats())
    made.load.setup.append(Observation("events written while the mapping was read", mapped.reading.truth.produced))
    made.add(evidence: mapped.reading.stats.lines)
    var results = [made]

    let read = try TracefsRing.with(configuration) { (ring) throws(SourceError) in try ring.readUnmapped(load) }
    made.tool = "read(2) of trace_pipe_raw"
    made.rows = comparison.rowsOfAnotherRun(
      read.reading, deliveredBy: "sub-buffers read", missedBy: "headers of the sub-buffers read")
    made.evidence = []
    made.add(evidence: read.lossLines)
    results.append(made)

    for way in Way.allCases {
      made.tool = "\(found.tool?.title ?? "trace-cmd") \(way.rawValue)"
      (made.rows, made.evidence, made.skipped) = ([], [], nil)
      if let traceCmd = found.tool {
        try compare(&made, way, load, configuration, traceCmd, comparison)
      } else {
        made.skipped = found.reason
      }
      results.append(made)
    }
    return results
  }

  /// Compared with trace-cmd; if it fails, the failure.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  private func compare(
    _ result: inout CrossCheckResult, _ way: Way, _ load: CrossCheckLoad, _ configuration: RingConfiguration,
    _ traceCmd: TraceCmd, _ comparison: KernelComparison
  ) throws(SourceError) {
    do {
      if way == .restore {
        let report = try traceCmd.restore(comparison.mapped.pages.pages, cpu: producerCPU)
        result.rows = comparison.rowsOfTheSameBytes(report)
        result.add(evidence: report.lossLines)
      } else if load.reader == .oneOfThree {
        let reason = "it reads a ring buffer to its end and cannot take one sub-buffer; see the load 'in turns'"
        result.skipped = CrossCheckResult.Skip(reason: reason, remedy: "")
      } else {
        let extracted = try TracefsRing.with(configuration) { (ring) throws(SourceError) in
          try ring.extract(load, with: traceCmd)
        }
        let rows = comparison.rowsOfAnotherRun(
          extracted.reading, deliveredBy: "trace-cmd report", missedBy: TraceCmdReport.missedBy)
        result.rows = rows + [Self.rowOfLost(extracted)]
        result.add(evidence: extracted.lossLines)
      }
    } catch {
      // A signal ends what is going on with an error of its own.
      try Interruption.check()
      result.skipped = CrossCheckResult.Skip(failed: error)
    }
  }

  /// The loss that trace-cmd extract reports at its end, compared with `stats` as this program reads it after that.
  private static func rowOfLost(_ extracted: TracefsRing.Extracted) -> CrossCheckResult.Row {
    let reading = extracted.reading
    return CrossCheckResult.Row(
      "lost events, of the same run", ours: reading.stats.overrun, theirs: extracted.lost, truth: reading.lost,
      oursBy: "stats: overrun", theirsBy: "trace-cmd extract: CPU N: … events lost"
    ) {
      KernelRules.dropped(reading, counted: extracted.lost)
    }
  }
}

extension CPUStats {
  /// The counters that are compared, as the file writes them.
  fileprivate var lines: [String] {
    ["overrun: \(overrun)", "dropped events: \(droppedEvents)", "read events: \(readEvents)"]
  }
}

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
