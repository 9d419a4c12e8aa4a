import Foundation
import ReferenceModels
import SubbufferSource
import Testing

/// A real writer thread against real readers.
@Suite struct KernelModelThreadsTests {
  @Test(arguments: KernelModelParameters.Variant.allCases, RingMode.allCases)
  func producedIsDeliveredAndLost(
    _ variant: KernelModelParameters.Variant, _ mode: RingMode
  ) throws {
    let ring = try KernelModelRing.make(variant, mode)
    var source = try KernelModelSource(ring)
    let writing = Writing(ring, count: 50_000)
    var delivered: UInt64 = 0
    var next: UInt64 = 0
    var wrongOrder = 0
    var isLast = false
    while !isLast {
      isLast = writing.isDone
      while let seen = try source.next() {
        for sequence in seen.sequences {
          if sequence < next { wrongOrder += 1 }
          next = sequence + 1
          delivered += 1
        }
      }
    }
    let stats = ring.stats
    #expect(wrongOrder == 0)
    #expect(delivered == stats.readEvents && stats.entries == 0)
    #expect(delivered + stats.overrun + stats.droppedEvents == 50_000)
    #expect(writing.refused == stats.droppedEvents)
  }

  @Test func twoMappingsShareWhatThereIs() async throws {
    let ring = try KernelModelRing.make()
    let writing = Writing(ring, count: 20_000)
    let keeper = try KernelModelMapping(ring, nonBlocking: true)
    // Both call the ioctl at the same time; the lock serializes the calls.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask {
          let mapping = try KernelModelMapping(ring, nonBlocking: true)
          while !writing.isDone { _ = mapping.unsafeGetReader() }
        }
      }
      try await group.waitForAll()
    }
    // Drain the remaining events.
    for _ in 0...ring.parameters.subbufferCount { _ = keeper.unsafeGetReader() }
    let stats = ring.stats
    #expect(stats.entries == 0 && stats.readEvents + stats.overrun == 20_000)
  }

  @Test func aWaitIsEndedByTheNextEvent() throws {
    let ring = try KernelModelRing.make()
    try ring.setBufferPercent(0)
    var source = try KernelModelSource(ring)
    for round in 0..<200 as Range<UInt64> {
      let writing = Writing(ring, first: round, count: 1)
      // A lost wake-up would cause a time-out.
      #expect(try source.wait(60_000) == .ready)
      #expect(try source.next()?.sequences == [round])
      writing.join()
    }
  }

  @Test func aBlockingCallWaitsForAnEvent() throws {
    let ring = try KernelModelRing.make()
    try ring.setBufferPercent(0)
    let mapping = try KernelModelMapping(ring, nonBlocking: false)
    for round in 0..<50 as Range<UInt64> {
      let writing = Writing(ring, first: round, count: 1)
      let result = mapping.unsafeGetReader()
      #expect(result == 0 && mapping.metaPage.read == round + 1)
      writing.join()
    }
  }
}

private final class Writing: @unchecked Sendable {
  private let condition = NSCondition()
  private var written: KernelModelRing.Written?

  init(_ ring: KernelModelRing, first: UInt64 = 0, count: UInt64) {
    Thread.detachNewThread { [self] in
      let written = ring.write(first: first, count: count, payload: 16)
      condition.withLock {
        self.written = written
        condition.broadcast()
      }
    }
  }

  var isDone: Bool { condition.withLock { written != nil } }
  var refused: UInt64 { condition.withLock { written?.refused ?? .max } }

  func join() {
    condition.withLock {
      while written == nil { condition.wait() }
    }
  }
}
