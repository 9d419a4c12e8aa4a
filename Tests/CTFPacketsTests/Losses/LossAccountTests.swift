import CTFPackets
import SubbufferSource
import Testing

@Suite struct LossAccountTests {
  /// Returns the losses that the account derives from packets with the given numbers and counts of discarded events.
  private func tell(
    _ account: inout LossAccount, _ packets: [(number: UInt64, discarded: UInt64)]
  ) throws -> [(Loss, LossChannel)] {
    packets.map { account.account(forPacket: $0.number, discarded: $0.discarded) }
  }

  private func told(_ account: LossAccount) -> [Loss] { account.readings.prefix(2).map(\.loss) }

  private func lastPacket(_ account: LossAccount) -> Loss? {
    account.readings.first { $0.channel == .lastPacket }?.loss
  }

  @Test func `The difference to the packet before was lost`() throws {
    var account = LossAccount(mode: .discard)
    let losses = try tell(&account, [(0, 0), (1, 7), (2, 7), (3, 10)])
    #expect(losses.map(\.0) == [.none, .events(7), .none, .events(3)])
    #expect(losses.allSatisfy { $0.1 == .subbufferHeader })
    #expect(told(account) == [.events(10), .none])
  }

  @Test func `A packet whose count fell back tells nothing, and the next one what was lost since the packet before it`()
    throws
  {
    var account = LossAccount(mode: .discard)
    let losses = try tell(&account, [(0, 0), (1, 653_485), (2, 0), (3, 653_485), (4, 0), (5, 0), (6, 653_490)])
    #expect(losses.map(\.0) == [.none, .events(653_485), .notTold, .none, .notTold, .notTold, .events(5)])
    #expect(losses[2].1 == .nowhere)
    #expect(told(account) == [.events(653_490), .none])
  }

  @Test func `A count below the highest one, and not 0, tells nothing either`() throws {
    var account = LossAccount(mode: .discard)
    let losses = try tell(&account, [(0, 100), (1, 90), (2, 100), (3, 101)])
    #expect(losses.map(\.0) == [.events(100), .notTold, .none, .events(1)])
    #expect(told(account) == [.events(101), .none])
    #expect(lastPacket(account) == .events(101))
  }

  @Test func `What is told before the count falls back for good stays told`() throws {
    var account = LossAccount(mode: .discard)
    _ = try tell(&account, [(0, 40), (1, 0)])
    #expect(told(account) == [.events(40), .none])
    #expect(lastPacket(account) == Loss.none)
  }

  @Test func `A count that wraps around goes on`() throws {
    var account = LossAccount(mode: .discard, consumedUpTo: 8)
    let losses = try tell(&account, [(8, .max - 4), (9, .max), (10, 5), (11, .max), (12, 6)])
    #expect(losses.map(\.0) == [.notTold, .events(4), .events(6), .notTold, .events(1)])
    // For earlier losses, a later reader has only the counter itself.
    #expect(told(account) == [.events(6), .notTold])
  }

  @Test func `A later reader is told in hand-overs what came after the one before it, and all by the counter`() throws {
    var account = LossAccount(mode: .discard, consumedUpTo: 4)
    let losses = try tell(&account, [(4, 30), (5, 30), (6, 33)])
    #expect(losses.map(\.0) == [.notTold, .none, .events(3)])
    #expect(told(account) == [.events(33), .notTold])
  }

  @Test func `A later reader whose first packets tell 0 does not take the first count for losses of its own`() throws {
    var account = LossAccount(mode: .discard, consumedUpTo: 4)
    let losses = try tell(&account, [(4, 0), (5, 0), (6, 30), (7, 33)])
    #expect(losses.map(\.0) == [.notTold, .none, .notTold, .events(3)])
    #expect(told(account) == [.events(33), .notTold])
  }

  @Test func `Missing packets come before events, which are kept for the sum`() throws {
    var account = LossAccount(mode: .overwrite)
    let losses = try tell(&account, [(0, 0), (3, 2), (4, 0), (5, 2), (6, 3)])
    #expect(losses.map(\.0) == [.none, .packets(2, events: 2), .notTold, .none, .events(1)])
    #expect(losses.map(\.1) == [.sequenceGap, .sequenceGap, .nowhere, .sequenceGap, .subbufferHeader])
    #expect(told(account) == [.events(3), .packets(2)])
  }

  @Test func `A later reader is told of packets that are missing behind the consumed position`() throws {
    var account = LossAccount(mode: .overwrite, consumedUpTo: 4)
    let losses = try tell(&account, [(5, 0), (6, 0)])
    #expect(losses.map(\.0) == [.packets(1), .none])
    #expect(account.readings[1] == LossReading(channel: .sequenceGap, loss: .packets(1), since: .source, marks: 1))
  }

  @Test func `With the memory of the reader before, all that was lost in between is told`() throws {
    var first = LossAccount(mode: .overwrite)
    _ = try tell(&first, [(0, 0), (1, 3)])
    var second = LossAccount(mode: .overwrite, memory: first.memory)
    #expect(try tell(&second, [(9, 5)]).map(\.0) == [.packets(7, events: 2)])
    #expect(told(second) == [.events(5), .packets(7)])
    #expect(
      second.readings.packetsAndEvents
        == TotalLoss(
          .packets(7, events: 5), from: [.sequenceGap, .subbufferHeader], since: .ringBuffer))
  }

  @Test func `Without a packet nothing was told`() {
    let account = LossAccount(mode: .discard)
    #expect(told(account) == [.notTold, .notTold])
    #expect(lastPacket(account) == .notTold)
  }
}

extension PacketHeader {
  /// Creates the header of a packet without events.
  fileprivate init(number: UInt64, discarded: UInt64) throws {
    var words = [UInt64](repeating: 0, count: 11)
    words[0] = UInt64(Self.magic)
    words[6] = UInt64(Self.byteCount * 8)  // content_size
    words[7] = UInt64(Self.byteCount * 8)  // packet_size
    words[8] = number
    words[9] = discarded
    let bytes = words.flatMap { word in withUnsafeBytes(of: word.littleEndian, Array.init) }
    try self.init(in: bytes.span.bytes)
  }
}
