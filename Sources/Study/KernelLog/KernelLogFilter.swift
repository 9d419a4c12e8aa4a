import Platform

/// Chooses the lines of the kernel's log that are kept for a part of a run.
struct KernelLogFilter {
  /// The number of other parts that ran at the same time.
  let inParallel: Int
  /// The place in the run of each thread that the records name.
  let places: [Int32: KernelLogThread.Place]

  /// N lines of trouble that other programs caused are kept.
  private static let keptOfOthers = 3
  /// Unrecognised lines of this level are not kept: debug messages.
  private static let debug = 7
  /// The beginning of the markers of this program, of any process.
  private static let marker = "abi-compare "
  /// Longer lines are cut, in characters.
  private static let longestLine = 400

  /// The kernel's lines in records, without the markers of this program.
  /// - Parameters:
  ///   - facilities: the facilities whose records are the kernel's own.
  ///   - begin: the time of the marker, in the log's microseconds.
  static func lines(
    of records: [KernelLogRecord], _ facilities: Set<Int>, since begin: UInt64
  ) -> [KernelLogLine] {
    records.filter { facilities.contains($0.facility) && !$0.text.hasPrefix(marker) }.flatMap { record in
      let time = record.microseconds >= begin ? record.microseconds - begin : 0
      return record.text.split(separator: "\n", omittingEmptySubsequences: true).map { text in
        var caller: Int32?
        if case .thread(let id) = record.caller { caller = id }
        return KernelLogLine(
          sequence: record.sequence, time: time, level: record.level, caller: caller,
          message: String(text.prefix(KernelLogFilter.longestLine)))
      }
    }
  }

  /// Chooses from the lines since the marker.
  func excerpt(of lines: [KernelLogLine]) -> KernelLogExcerpt {
    let kept = indices(of: lines)
    let shown = kept.prefix(KernelLogExcerpt.longest).map { lines[$0] }
    var excerpt = KernelLogExcerpt(lines: shown)
    excerpt.threads = threads(in: shown)
    excerpt.leftOut = shown.count < lines.count ? lines.count - shown.count : nil
    excerpt.inParallel = inParallel > 0 ? inParallel : nil
    return excerpt
  }

  private func indices(of lines: [KernelLogLine]) -> [Int] {
    var kept: [Int] = []
    var next = 0
    for trouble in KernelTrouble.all(in: lines) {
      kept += (next..<trouble.lines.lowerBound).filter { isKept(lines[$0]) }
      switch trouble.thread.flatMap({ places[$0] }) {
      case .anotherPart: break
      // Each channel of lttng-modules that lost events reports it at its end, without a thread.
      case nil where trouble.kind == .channelLosses && inParallel > 0: break
      case .otherProgram: kept += trouble.lines.prefix(trouble.headline - trouble.lines.lowerBound + Self.keptOfOthers)
      default: kept += trouble.lines
      }
      next = trouble.lines.upperBound
    }
    return kept + (next..<lines.count).filter { isKept(lines[$0]) }
  }

  /// A line without recognised trouble is kept if its thread is of the part, or if it names none and no other part ran.
  private func isKept(_ line: KernelLogLine) -> Bool {
    guard line.level < KernelLogFilter.debug else { return false }
    guard let thread = ThreadOfLine(line) else { return inParallel == 0 }
    return places[thread.id] == .thisPart
  }

  private func threads(in lines: [KernelLogLine]) -> [KernelLogThread]? {
    var ids: [Int32] = []
    for line in lines {
      if let id = ThreadOfLine(line)?.id, !ids.contains(id) { ids.append(id) }
    }
    return ids.isEmpty ? nil : ids.map { KernelLogThread(id: Int($0), place: places[$0] ?? .unknown) }
  }
}
