import CPerfEvents
import Glibc
import SubbufferSource

/// Hardware watchpoints of the calling thread, which count from when they are made: how many of its instructions, in user
/// space, touch each of a few fields. An instruction that reads and writes counts once.
struct Watchpoints: ~Copyable {
  /// No more than these can watch at the same time.
  static let most = Int(CPERF_MOST_WATCHPOINTS)

  /// The kind of access that is watched.
  enum Kind {
    /// Reads and writes.
    case accesses
    /// Writes, those that read as well included.
    case writes
  }

  private let descriptors: [Int32]

  /// Watches fields.
  /// - Throws: ``SourceError`` where there are too many or perf is not permitted.
  init(_ watched: [(address: UInt, size: Int, kind: Kind)]) throws(SourceError) {
    guard let first = watched.first else { throw SourceError(.usage, call: "watch", detail: "no field") }
    var made: [Int32] = []
    for field in [first] + watched.dropFirst() {
      let descriptor = cperf_watch(
        UInt64(field.address), UInt32(field.size), field.kind == .writes ? 1 : 0, made.first ?? -1)
      guard descriptor >= 0 else {
        for descriptor in made { close(descriptor) }
        throw SourceError(counting: "perf_event_open of a watchpoint", descriptor)
      }
      made.append(descriptor)
    }
    descriptors = made
  }

  deinit {
    for descriptor in descriptors.reversed() { close(descriptor) }
  }

  /// The number of times that each field was touched so far, in the order in which they were given.
  /// - Throws: ``SourceError`` where they cannot be read.
  func counts() throws(SourceError) -> [UInt64] {
    var counts = [UInt64](repeating: 0, count: descriptors.count)
    let result = cperf_read_watchpoints(descriptors[0], &counts, Int32(counts.count))
    if result < 0 { throw SourceError(counting: "read of watchpoints", result) }
    return counts
  }
}
