import CPerfEvents
import SubbufferSource

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
