@testable import LTTngUSTBackend
@testable import Study
import Testing

/// Output captured from babeltrace2 2.0.4.
@Suite struct Babeltrace2ParserTests {
  private static let details = """
    [Unknown] {0 0 1} Stream beginning
    [5,000,000,000 5,000,000,000] [5,000,000,030 5,000,000,030] {0 0 1} Discarded events
    [5,000,000,000 5,000,000,000] {0 0 1} Packet beginning
    [5,000,000,000 5,000,000,000] {0 0 1} Event `abi_compare:seq` (0)
    [5,000,000,010 5,000,000,010] {0 0 1} Event `abi_compare:seq` (0)
    [5,000,000,030 5,000,000,030] {0 0 1} Packet end
    [5,000,000,045 5,000,000,045] [5,000,000,070 5,000,000,070] {0 0 1} Discarded events (3 events)
    [5,000,000,045 5,000,000,045] [5,000,000,050 5,000,000,050] {0 0 1} Discarded packets (2 packets)
    [5,000,000,050 5,000,000,050] {0 0 1} Packet beginning
    [5,000,000,050 5,000,000,050] {0 0 1} Event `abi_compare:seq` (0)
    [5,000,000,070 5,000,000,070] {0 0 1} Packet end
    [5,000,000,070 …] [5,000,000,085 …] {0 0 1} Discarded events (18,446,744,073,709,551,606 events)
    [5,000,000,085 …] [5,000,000,090 …] {0 0 1} Discarded packets (1 packet)
    [Unknown] {0 0 1} Stream end
    """.split(separator: "\n").map(String.init)

  @Test func countsMessages() {
    let messages = Babeltrace2Messages(Self.details)
    #expect(messages.events == 3)
    #expect(messages.packets == 2)
    #expect(messages.discardedEvents == [nil, 3, 18_446_744_073_709_551_606])
    #expect(messages.discardedPackets == [2, 1])
    #expect(messages.lossLines.count == 5)
    #expect(messages.lossLines.first == Self.details[1])
  }

  @Test func aNumberOfAFallIsKeptApart() {
    let discarded = Babeltrace2Messages(Self.details).discardedEvents
    #expect(discarded.sumWithoutFalls == 3)
    #expect(discarded.largestFall == 18_446_744_073_709_551_606)
    #expect([3, nil].largestFall == nil)
  }

  @Test func aNumberThatIsNoneIsNone() {
    let line = "[1 1] [2 2] {0 0 1} Discarded events (99,999,999,999,999,999,999 events)"
    #expect(Babeltrace2Messages([line]).discardedEvents == [nil])
    #expect(Babeltrace2Messages(["", "}", "{", "Event", "{0 0 1}"]) == Babeltrace2Messages([]))
  }

  @Test func readsEvents() {
    let line =
      "[00000000005000000010] (+000000000010) abi_compare:seq: { cpu_id = 1 }, "
      + "{ seq = 2, length = 3, payload = [ [0] = 97, [1] = 98, [2] = 99 ] }"
    #expect(Babeltrace2Events.event(in: line) == TimedEvent(sequence: 2, time: 5_000_000_010))
    let other = "[00000000005000000010] (+000000000010) other:event: { cpu_id = 1 }, { x = 2 }"
    for wrong in ["", "[", "[]", "[12", other, line.replacing("seq = 2", with: "seq = x")] {
      #expect(Babeltrace2Events.event(in: wrong) == nil, "\(wrong)")
    }
  }

  @Test func readsTheVersion() {
    #expect(Babeltrace2.title([#"Babeltrace 2.0.4 "Amqui""#, ""]) == "babeltrace2 2.0.4")
    #expect(Babeltrace2.title([]) == "babeltrace2")
    #expect(Babeltrace2.title(["something else"]) == "babeltrace2")
  }
}
