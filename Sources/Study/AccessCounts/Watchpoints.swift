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

extension Watchpoints {
  /// Makes known accesses and counts them: on emulated processors some are missed, and others taken for what they are not.
  /// - Throws: ``SourceError`` of kind `unavailable` where they were counted otherwise than made, or cannot be counted.
  static func check() throws(SourceError) {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: 24, alignment: 8)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: 24)
    let address = UInt(bitPattern: memory)
    // Beside each other, so that an unaligned load touches two.
    try check(
      "loads",
      [
        (address, 4, .accesses), (address + 4, 4, .accesses), (address + 8, 8, .accesses), (address + 16, 4, .accesses),
      ],
      made: [1, 1, 2, 1]
    ) { cperf_known_loads(memory) }
    try check(
      "accesses and stores",
      [(address, 8, .accesses), (address, 8, .writes), (address + 8, 8, .accesses), (address + 8, 8, .writes)],
      made: [2, 2, 3, 2]
    ) { cperf_known_stores(memory) }
  }

  private static func check(
    _ what: String, _ watched: [(address: UInt, size: Int, kind: Kind)], made: [UInt64], _ access: () -> Void
  ) throws(SourceError) {
    let watchpoints = try Watchpoints(watched)
    let before = try watchpoints.counts()
    access()
    let counted = zip(try watchpoints.counts(), before).map { $0 &- $1 }
    guard counted == made else {
      throw SourceError(
        .unavailable, call: "watch known \(what)", detail: "made \(made), counted \(counted)",
        remedy: "use another machine: the watchpoints of this one miscount, as those of an emulated processor do")
    }
  }
}
