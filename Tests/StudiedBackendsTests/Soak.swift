import Foundation
import Study
import Testing

/// Many rounds of one back end: in each a ring buffer is made, written to about its half, read, and taken down.
struct Soak {
  let backend: any StudiedBackend
  /// The number of rounds made between the two looks at the process.
  let rounds: Int

  /// So many rounds go before: the first ones load libraries and start threads that the process keeps.
  private static let roundsBefore = 4

  /// Makes the rounds, and records an issue for whatever is wrong with one, or left by them.
  func run() throws {
    // Before the first round, since what that one puts there would be kept by those that follow.
    let sharedMemory = try ProcessResources().sharedMemory
    Self.fillCaches()
    for number in 0..<Self.roundsBefore { _ = try round(number) }
    // A snapshot allocates memory, which the first one leaves to the others.
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
    // A mapping has a page at least: where every round left one, or as much memory of malloc, there would be a page more
    // for each. Half of that is what malloc may take or give back meanwhile (seen: up to 90 KiB, and no more in 1000
    // rounds than in 200); fewer than 200 rounds do not tell the two apart.
    let grown = after.privateBytes - before.privateBytes
    #expect(grown < max(rounds, 200) * Int(getpagesize()) / 2, "\(grown) bytes more after \(rounds) rounds")
  }

  /// The looks are no proof where they do not see what a ring buffer is made of.
  private func whatIsHeldShows(_ before: ProcessResources) throws {
    let held = try round(0, look: true)
    #expect(try #require(held).changes(since: before) != [])
    if backend.name == "tracefs" { #expect(held?.instances.count == 1) }
    if backend.isLive { #expect(held?.hasChild == true) }
  }

  /// One round, in the two modes by turns.
  /// - Parameter look: whether to look at the process while the ring buffer is there.
  private func round(_ number: Int, look: Bool = false) throws -> ProcessResources? {
    let mode: RingConfiguration.Mode = number % 2 == 0 ? .overwrite : .discard
    let configuration = RingConfiguration(mode: mode, producerCPU: backend.producerCPU)
    let payload: UInt32 = 16
    let count = configuration.capacity / 2 / backend.eventSize(payload: payload)
    // Numbers of its own in each round, so that an event of an earlier one does not look like one of this.
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

  /// Fills the caches of threads that glibc keeps, so that they do not grow later: the stacks of threads that have ended
  /// stay mapped, up to 40 MiB of them (`stack_cache_maxsize` in `nptl/nptl-stack.c`), and each thread may get an arena
  /// of malloc of its own, which stays for later threads (`arena_get2` in `malloc/arena.c`).
  ///
  /// So many threads are alive at one time here as never again.
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
