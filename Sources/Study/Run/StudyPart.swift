import Glibc
import Platform
import Results
import SubbufferSource
import Synchronization

/// A part of a study that needs nothing of the others.
struct StudyPart: Sendable {
  /// When a part is made.
  enum Concurrency: Sendable {
    /// In parallel with parts of every back end.
    case any
    /// In parallel with parts of other back ends.
    case perBackend
    /// Alone: what is seen depends on when a process gets a CPU, or this process forks.
    case exclusive
  }

  /// The back end.
  var backend: any StudiedBackend
  /// The name reported before it runs.
  var name: String
  /// When it is made.
  var concurrency: Concurrency
  /// `true` if it takes as long as many others, so that it is begun first.
  var isLong = false
  /// The number of ring buffers that it makes; for an estimate of its time.
  var rings = 0
  /// The time besides that of its ring buffers, in seconds; for that estimate.
  var seconds = 0.0
  /// Makes it, into findings that are empty.
  var make: @Sendable (inout StudyFindings) throws(SourceError) -> Void
}

extension StudyRun {
  /// Makes parts, and adds what they found in their order.
  /// - Throws: ``SourceError`` of kind `interrupted` only.
  func make(_ parts: [StudyPart], _ findings: inout StudyFindings) throws(SourceError) {
    let found = Found()
    begin(sequences(of: parts), threads: threads, parts, found)
    try pinReader()
    let alone = parts.indices.filter { parts[$0].concurrency == .exclusive }
    begin([alone.filter { parts[$0].backend.isLive }], threads: 1, parts, found)
    // Models are a reader and a writer of this program's own, and at such a rate both sleep nearly all the time.
    let models = Dictionary(grouping: alone.filter { !parts[$0].backend.isLive }) { parts[$0].backend.name }
    begin(Array(models.values), threads: models.count, parts, found)
    let results = found.results.withLock { $0 }
    for (index, part) in parts.enumerated() {
      guard let made = results[index] else { continue }
      findings.kernelLogParts += made.findings.kernelLogParts
      try findings.attempt(part.backend) { (findings) throws(SourceError) in
        if let error = made.error { throw error }
        findings.append(made.findings)
      }
    }
  }

  private func begin(_ sequences: [[Int]], threads: Int, _ parts: [StudyPart], _ found: Found) {
    SideBySide.forEach(of: sequences.count, threads: threads) { number in
      for index in sequences[number] { make(parts[index], index, found) }
    }
  }

  /// The parts that run in parallel, as indices: one thread runs each sequence.
  ///
  /// The back ends' are mixed, since what one waits for another does not: the kernel's ring buffers are made and removed
  /// one at a time, under a lock and while other CPUs are waited for.
  private func sequences(of parts: [StudyPart]) -> [[Int]] {
    let indices = Dictionary(grouping: parts.indices) { parts[$0].backend.name }.values
    var order: [(index: Int, place: Double)] = []
    for own in indices {
      for (place, index) in own.enumerated() { order.append((index, Double(place) / Double(own.count))) }
    }
    let any = order.sorted { ($0.place, $0.index) < ($1.place, $1.index) }.map(\.index).filter {
      parts[$0].concurrency == .any
    }
    let others = Dictionary(grouping: parts.indices.filter { parts[$0].concurrency == .perBackend }) {
      parts[$0].backend.name
    }
    return any.filter { parts[$0].isLong }.map { [$0] } + others.values + any.filter { !parts[$0].isLong }.map { [$0] }
  }

  private func make(_ part: StudyPart, _ index: Int, _ found: Found) {
    if Interruption.signal != nil { return }
    progress(StudyProgress(backend: part.backend.name, part: part.name))
    var made = Found.Part(findings: StudyFindings())
    let (log, error) = log(of: part.name, on: part.backend) { () throws(SourceError) in
      try part.make(&made.findings)
    }
    made.error = error
    if error != nil { made.findings = StudyFindings() }
    made.findings.add(log, of: part.name, on: part.backend)
    found.results.withLock { [made] in $0[index] = made }
  }

  /// Makes something that is not a ``StudyPart``, and keeps the lines that the kernel's log receives meanwhile.
  func watched(
    _ part: String, on backend: (any StudiedBackend)?, _ findings: inout StudyFindings,
    _ make: (inout StudyFindings) throws(SourceError) -> Void
  ) throws(SourceError) {
    let (log, error) = log(of: part, on: backend) { () throws(SourceError) in try make(&findings) }
    if let log { findings.kernelLogParts.append(KernelLogPart(backend: backend?.name, part: part, log: log)) }
    if let error { throw error }
  }

  /// The lines that the kernel's log receives while something is made, and the error of that. A model runs in user space
  /// alone: its parts have no log.
  private func log(
    of part: String, on backend: (any StudiedBackend)?, _ make: () throws(SourceError) -> Void
  ) -> (KernelLogExcerpt?, SourceError?) {
    let isWatched = backend?.isLive ?? true
    let reading = isWatched ? kernelLog.begin("\(part)\(backend.map { " on \($0.name)" } ?? "")") : nil
    do {
      try make()
      return (kernelLog.end(reading), nil)
    } catch {
      return (kernelLog.end(reading), error)
    }
  }

  private final class Found: Sendable {
    struct Part {
      var findings: StudyFindings
      var error: SourceError?
    }

    let results = Mutex<[Int: Part]>([:])
  }
}

/// Does things in several threads.
enum SideBySide {
  /// Has `body` done once for each index of a range, by N threads, the lower indices begun first; returns when all
  /// are done. The threads run on the calling one's CPUs.
  ///
  /// If no thread can be started, the calling one does the rest.
  static func forEach(of count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let next = Next()
    let work: @Sendable () -> Void = {
      while true {
        let index = next.index.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
    let started = (1..<max(1, min(threads, count))).compactMap { _ in try? startThread(work) }
    work()
    for thread in started { pthread_join(thread, nil) }
  }

  private final class Next: Sendable {
    let index = Atomic<Int>(0)
  }
}
