import Platform
import Results
import SubbufferSource
import Synchronization

/// Reads the kernel's log for the parts of a run: a marker before each part, and what came after it.
///
/// Parts run in parallel; each has a reader of its own, which begins at the end of the log. A line belongs to the part
/// whose thread, or whose processes' thread, it names.
public final class KernelLogWatch: Sendable {
  /// The log of a part that runs.
  final class Reading {
    fileprivate let id: Int
    fileprivate let reader: KernelLogReader
    fileprivate var begin: UInt64?
    /// The sequence number after the last record that was read, or of the marker.
    fileprivate var next: UInt64?
    fileprivate let taint: KernelTaint?

    fileprivate init(id: Int, reader: KernelLogReader, taint: KernelTaint?) {
      self.id = id
      self.reader = reader
      self.taint = taint
    }
  }

  private struct State {
    var threads: RunThreads
    /// The parts that run, with the number of those that have run in parallel with each.
    var inParallel: [Int: Int] = [:]
    var nextID = 0
    var result = KernelLogResult()
  }

  private let state: Mutex<State>
  private let path: String
  private let markerPath: String
  private let facilities: Set<Int>
  private let taint: @Sendable () -> KernelTaint?

  /// The beginning of each marker: the program and the process, as in the names of what it makes (`RunOwner`).
  static var marker: String { "abi-compare \(RunOwner.current.pid)-\(RunOwner.current.startTime): " }

  /// Begins to follow the forks of the machine.
  /// - Parameters:
  ///   - path: the device from which the log is read.
  ///   - markerPath: the device to which markers are written; by default the same.
  ///   - facilities: the facilities whose records count as the kernel's own.
  package init(
    path: String = KernelLogReader.device, markerPath: String? = nil, facilities: Set<Int> = [KernelLogRecord.kernel],
    followingForks: Bool = true, taint: @escaping @Sendable () -> KernelTaint? = { KernelTaint.current }
  ) {
    self.path = path
    self.markerPath = markerPath ?? path
    self.facilities = facilities
    self.taint = taint
    var result = KernelLogResult(taintBefore: taint()?.rawValue)
    var events: ProcessEvents?
    if followingForks {
      do {
        events = try ProcessEvents()
      } catch {
        result.forksUnknown = error.description
      }
    } else {
      result.forksUnknown = "not asked for"
    }
    state = Mutex(State(threads: RunThreads(events), result: result))
  }

  // MARK: Parts

  /// Begins a part on the calling thread: writes the marker and reads the log up to it.
  /// - Parameter name: the part: `probe lost-events-in-meta-page on tracefs`.
  /// - Returns: the reading, to be given to ``end(_:)`` on the same thread; `nil` if the log cannot be read.
  func begin(_ name: String) -> Reading? {
    guard state.withLock({ $0.result.unreadable }) == nil else { return nil }
    let reader: KernelLogReader
    do {
      reader = try KernelLogReader(path: path)
    } catch {
      state.withLock { $0.result.unreadable = error.description }
      return nil
    }
    let id = state.withLock { state in
      let id = state.nextID
      state.nextID += 1
      state.threads.begin(id)
      let others = state.inParallel.count
      for other in state.inParallel.keys { state.inParallel[other, default: 0] += 1 }
      state.inParallel[id] = others
      return id
    }
    let reading = Reading(id: id, reader: reader, taint: taint())
    mark(reading, "\(KernelLogWatch.marker)\(name) begins")
    return reading
  }

  /// Ends the part of the calling thread.
  /// - Returns: what came after the marker; `nil` if that is nothing.
  func end(_ reading: Reading?) -> KernelLogExcerpt? {
    guard let reading else { return nil }
    let (records, overwritten) = records(of: reading)
    let begin = reading.begin ?? records.first?.microseconds ?? 0
    let lines = KernelLogFilter.lines(of: records, facilities, since: begin)
    let threads = Set(lines.compactMap { ThreadOfLine($0)?.id })
    let filter = state.withLock { [id = reading.id] state in
      state.threads.readForks()
      let places = threads.map { ($0, state.threads.place(of: $0, for: id)) }
      state.threads.end()
      return KernelLogFilter(
        inParallel: state.inParallel.removeValue(forKey: id) ?? 0,
        places: Dictionary(uniqueKeysWithValues: places))
    }
    var excerpt = filter.excerpt(of: lines)
    if overwritten > 0 { excerpt.overwritten = overwritten }
    // In parallel with others a change alone does not show whose it is.
    let isOwn = excerpt.inParallel == nil || excerpt.troubles.contains { $0.kind.isFault }
    if isOwn, let before = reading.taint, let after = taint(), before != after {
      excerpt.taint = KernelLogExcerpt.Taint(before: before.rawValue, after: after.rawValue)
    }
    return excerpt.lines.isEmpty && excerpt.overwritten == nil && excerpt.taint == nil ? nil : excerpt
  }

  /// The log of the run until now.
  public var result: KernelLogResult {
    var result = state.withLock { $0.result }
    result.taintAfter = taint()?.rawValue
    return result
  }

  // MARK: Reading

  private func mark(_ reading: Reading, _ marker: String) {
    guard state.withLock({ $0.result.unmarked }) == nil else { return }
    do {
      try KernelLog.write(marker, path: markerPath)
      while case .record(let record) = try reading.reader.next() {
        guard record.text == marker else { continue }
        reading.begin = record.microseconds
        reading.next = record.sequence + 1
        return
      }
      state.withLock { $0.result.unmarked = "a line written to \(markerPath) does not arrive in the log" }
    } catch {
      state.withLock { $0.result.unmarked = error.description }
    }
  }

  /// Reads what came since; a read that fails ends it.
  private func records(of reading: Reading) -> (records: [KernelLogRecord], overwritten: UInt64) {
    var records: [KernelLogRecord] = []
    var overwritten: UInt64 = 0
    var isGap = false
    do {
      while true {
        switch try reading.reader.next() {
        case .none: return (records, overwritten)
        case .overwritten: isGap = true
        case .record(let record):
          // Without a marker nothing shows how many came before the first.
          if isGap { overwritten += reading.next.map { record.sequence - min($0, record.sequence) } ?? 1 }
          isGap = false
          reading.next = record.sequence + 1
          records.append(record)
        }
      }
    } catch {
      state.withLock { $0.result.unreadable = error.description }
      return (records, overwritten)
    }
  }
}

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
