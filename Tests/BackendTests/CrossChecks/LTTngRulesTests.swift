import BytesSource
import CTFPackets
@testable import LTTngUSTBackend
@testable import Study
import SubbufferSource
import Testing

/// A rule explains only the differences that the packets of the run support.
@Suite struct LTTngRulesTests {
  /// Returns the header of a packet of 4096 bytes.
  private func packet(_ number: UInt64, discarded: UInt64, full: Bool = false) throws -> PacketHeader {
    var bytes = [UInt8](repeating: 0, count: 4096)
    bytes.put(little: PacketHeader.magic, at: 0)
    bytes.put(little: UInt64(full ? 4096 : 4084) * 8, at: 48)
    bytes.put(little: UInt64(4096 * 8), at: 56)
    bytes.put(little: number, at: 64)
    bytes.put(little: discarded, at: 72)
    return try PacketHeader(in: bytes.span.bytes)
  }

  /// Returns a reading with ten events per packet, from the given first sequence numbers on.
  private func reading(
    _ packets: [(PacketHeader, first: UInt64)], produced: UInt64, discarded: UInt64, lostPackets: UInt64
  ) -> LTTngReading {
    LTTngReading(
      produced: produced,
      events: packets.flatMap { packet in (0..<10).map { TimedEvent(sequence: packet.first + $0, time: 0) } },
      packets: packets.map(\.0), eventCounts: packets.map { _ in 10 },
      channels: [
        LossReading(channel: .subbufferHeader, loss: .counted(discarded)),
        LossReading(channel: .sequenceGap, loss: lostPackets == 0 ? .none : .packets(lostPackets)),
      ])
  }

  private func messages(_ discarded: [UInt64?], _ packets: [UInt64?]) -> Babeltrace2Messages {
    var messages = Babeltrace2Messages([])
    messages.discardedEvents = discarded
    messages.discardedPackets = packets
    return messages
  }

  @Test func babeltrace2ComparesEachPacketWithTheOneBefore() throws {
    let rule = Babeltrace2Rule([
      try packet(3, discarded: 7), try packet(4, discarded: 7), try packet(7, discarded: 10),
      try packet(8, discarded: 0), try packet(9, discarded: 10),
    ])
    #expect(rule.discardedEvents == [nil, 3, .max - 9, 10])
    #expect(rule.discardedPackets == [2])
    #expect(rule.explains(messages([nil, 3, .max - 9, 10], [2])))
    #expect(!rule.explains(messages([3, .max - 9, 10], [2])))
    #expect(!rule.explains(messages([nil, 3, .max - 9, 10], [])))
  }

  @Test func packetsBeforeTheFirst() throws {
    let ours = reading(
      [(try packet(3, discarded: 0), 30), (try packet(6, discarded: 0), 60)], produced: 70, discarded: 0,
      lostPackets: 5)
    #expect(LTTngRules.noPacketBefore(ours, messages([], [2])) != nil)
    #expect(LTTngRules.noPacketBefore(ours, messages([], [1])) == nil)
    // Fifty of the events are in the gaps.
    #expect(ours.missingInGaps == 50)
    #expect(LTTngRules.packetsOnly(ours, messages([], [2])) != nil)
    var more = ours
    more.produced += 1
    #expect(LTTngRules.packetsOnly(more, messages([], [2])) == nil)
    var fewer = ours
    fewer.lostPackets = 4
    #expect(LTTngRules.noPacketBefore(fewer, messages([], [2])) == nil)
  }

  @Test func aCountThatFell() throws {
    let fell = [(try packet(0, discarded: 5), first: UInt64(0)), (try packet(1, discarded: 0), first: 10)]
    let ours = reading(fell, produced: 25, discarded: 5, lostPackets: 0)
    #expect(LTTngRules.countFell(ours, messages([nil, .max - 4], []))?.contains("from 5 to 0 in packet 1") == true)
    #expect(LTTngRules.countFell(ours, messages([nil, 5], [])) == nil)
    let grew = reading([fell[1], fell[0]], produced: 25, discarded: 5, lostPackets: 0)
    #expect(LTTngRules.countFell(grew, messages([5], [])) == nil)
  }

  @Test func aCountBeforeTheFirst() throws {
    let ours = reading([(try packet(0, discarded: 5), 0)], produced: 15, discarded: 5, lostPackets: 0)
    #expect(LTTngRules.countBeforeTheFirst(ours, messages([nil], [])) != nil)
    #expect(LTTngRules.countBeforeTheFirst(ours, messages([], [])) == nil)
  }

  @Test func aLossBehindTheLastPacket() throws {
    let full = reading([(try packet(0, discarded: 0, full: true), 0)], produced: 15, discarded: 0, lostPackets: 0)
    #expect(LTTngRules.behindTheLastPacket(full)?.contains("before 5 more") == true)
    // The rule does not apply if one more event fits, or if events are missing elsewhere.
    let room = reading([(try packet(0, discarded: 0), 0)], produced: 15, discarded: 0, lostPackets: 0)
    #expect(LTTngRules.behindTheLastPacket(room) == nil)
    let within = reading([(try packet(0, discarded: 0, full: true), 3)], produced: 15, discarded: 0, lostPackets: 0)
    #expect(LTTngRules.behindTheLastPacket(within) == nil)
  }
}
