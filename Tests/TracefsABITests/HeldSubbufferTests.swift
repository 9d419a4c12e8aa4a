import KernelLosses
import Testing

@Suite struct HeldSubbufferTests {
  private let held = HeldSubbuffer(id: 2, timestamp: 1_000, handedOut: 704)

  @Test(
    arguments: [
      (id: 2, timestamp: 1_000, read: 704, step: HeldSubbuffer.Step.nothing),
      (id: 2, timestamp: 1_000, read: 748, step: .more(from: 704)),
      (id: 0, timestamp: 2_000, read: 704, step: .exchanged),
      // Two sub-buffers may have the same time stamp.
      (id: 0, timestamp: 1_000, read: 704, step: .exchanged),
      // The id of the held sub-buffer, with other events in it.
      (id: 2, timestamp: 2_000, read: 44, step: .exchanged),
      (id: 2, timestamp: 2_000, read: 704, step: .exchanged),
      (id: 2, timestamp: 2_000, read: 748, step: .exchanged),
      (id: 2, timestamp: 1_000, read: 44, step: .exchanged),
      // Exchanged while empty, with the time stamp of its previous lap.
      (id: 0, timestamp: 500, read: 0, step: .nothing),
      (id: 2, timestamp: 1_000, read: 0, step: .nothing),
    ] as [(id: UInt32, timestamp: UInt64, read: UInt32, step: HeldSubbuffer.Step)])
  func whatAnIoctlBrings(_ id: UInt32, _ timestamp: UInt64, _ read: UInt32, _ step: HeldSubbuffer.Step) {
    var held = held
    #expect(held.advance(to: id, timestamp: timestamp, read: read) == step)
  }

  @Test func whatWasExchangedWhileItWasEmptyIsHandedOutWhole() {
    var held = held
    #expect(held.advance(to: 0, timestamp: 500, read: 0) == .nothing)
    #expect(held.advance(to: 0, timestamp: 3_000, read: 44) == .exchanged)
    #expect(held.advance(to: 0, timestamp: 3_000, read: 88) == .more(from: 44))
    #expect(held.advance(to: 0, timestamp: 3_000, read: 88) == .nothing)
  }
}
