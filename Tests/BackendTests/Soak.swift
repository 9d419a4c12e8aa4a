import Foundation
import Study
import SubbufferSource
import Testing

/// Many rounds of one back end: each creates a ring buffer, fills about half of it, reads it, and removes it.
struct Soak {
  let backend: any StudiedBackend
  /// The number of rounds between the two snapshots of the process.
  let rounds: Int

  /// The number of warm-up rounds: the first ones load libraries and start threads that the process keeps.
  private static let roundsBefore = 4

  /// Runs the rounds, and records an issue for each error and each leak.
  func run() throws {
    // Before the first round, because the following rounds would keep the objects that it leaves.
    let sharedMemory = try ProcessResources().sharedMemory
    Self.fillCaches()
    for number in 0..<Self.roundsBefore { _ = try round(number) }
    // A snapshot allocates memory that later snapshots reuse.
    let before = try ProcessResources.settled()
    try whatIsHeldShows(before)
    for number in 0..<rounds { _ = try round(number) }
    let after = try ProcessResources.settled(since: before)
    let changes = after.changes(since: before)
    #expect(changes == [], "\(changes)")
    let shared = after.sharedMemory.subtracting(sharedMemory)
    #expect(shared == [], "\(shared)")
    #expect(after.hasChild == false)
    #expect(after.instances == [], "\(after.instances)")
    #expect(after.temporaryFiles == [], "\(after.temporaryFiles)")
    // A mapping has at least one page, so a mapping, or its size of malloc memory, leaked in every round would add at
    // least one page per round. Half of that is the allowance for malloc (seen: up to 90 KiB, and no more in 1000
    // rounds than in 200); fewer than 200 rounds do not separate the two.
    let grown = after.privateBytes - before.privateBytes
    #expect(grown < max(rounds, 200) * Int(getpagesize()) / 2, "\(grown) bytes more after \(rounds) rounds")
  }

  /// Checks that a snapshot shows the resources of a ring buffer; otherwise the comparison would prove nothing.
  private func whatIsHeldShows(_ before: ProcessResources) throws {
    let held = try round(0, look: true)
    #expect(try #require(held).changes(since: before) != [])
    if backend.name == "tracefs" { #expect(held?.instances.count == 1) }
    if backend.isLive { #expect(held?.hasChild == true) }
  }

  /// Runs one round; the mode alternates.
  /// - Parameter look: `true` to take a snapshot while the ring buffer exists.
  private func round(_ number: Int, look: Bool = false) throws -> ProcessResources? {
    let mode: RingMode = number % 2 == 0 ? .overwrite : .discard
    let configuration = RingConfiguration(mode: mode, producerCPU: backend.producerCPU)
    let payload: UInt32 = 16
    let count = configuration.capacity / 2 / backend.eventSize(payload: payload)
    // Each round has its own sequence numbers, so that an event of an earlier round is detected.
    let first = UInt64(number * configuration.capacity)
    var visitor = WriteAndReadAll(first: first, count: UInt64(count), payload: payload, look: look)
    try backend.withRing(configuration, &visitor)
    #expect(visitor.truth?.accepted == UInt64(count), "round \(number), \(mode)")
    #expect(visitor.malformed == nil, "round \(number), \(mode)")
    let place = zip(visitor.read, first...).enumerated().first { $1.0 != $1.1 }
    #expect(place == nil, "round \(number), \(mode): event 0 is \(first)")
    #expect(visitor.read.count == count, "round \(number), \(mode)")
    return try visitor.held?.get()
  }

  /// Fills glibc's caches for threads, so that they do not grow later: the stacks of ended threads stay mapped, up to
  /// 40 MiB of them (`stack_cache_maxsize` in `nptl/nptl-stack.c`), and each thread may get its own malloc arena, which
  /// stays for later threads (`arena_get2` in `malloc/arena.c`).
  ///
  /// More threads are alive here than at any later time.
  private static func fillCaches() {
    let count = 16
    let mayEnd = DispatchSemaphore(value: 0)
    let started = DispatchSemaphore(value: 0)
    for _ in 0..<count {
      Thread {
        withExtendedLifetime([UInt8](repeating: 1, count: 1 << 10)) {
          started.signal()
          mayEnd.wait()
        }
      }.start()
    }
    for _ in 0..<count { started.wait() }
    for _ in 0..<count { mayEnd.signal() }
  }
}
