@testable import ReferenceModels
import SubbufferSource
import Testing

@Suite struct LTTngModelDecoderTests {
  /// A packet of 128 bytes with two events, the second one with 3 bytes of payload.
  private static let whole: [UInt64] = [
    0xC1FC_1FC1, 100, 200, 128 * 8, 128 * 8, 9, 2, 1,
    16 | 101 << 32, 7, 70,
    11 | 150 << 32, 8, 0x80_8080,
    8 | 200 << 32, 9,
  ]

  private static func decode(_ words: [UInt64], byteCount: Int) -> (events: [Event], error: MalformedSubbuffer?) {
    words.withUnsafeBytes { buffer in
      let bytes = RawSpan(_unsafeBytes: buffer).extracting(0..<byteCount)
      var events: [Event] = []
      do throws(MalformedSubbuffer) {
        try LTTngModelDecoder().forEachEvent(in: bytes) { event, _ in events.append(event) }
        return (events, nil)
      } catch {
        return (events, error)
      }
    }
  }

  @Test func eventsAreVisited() {
    let (events, error) = Self.decode(Self.whole, byteCount: 128)
    #expect(error == nil)
    #expect(
      events == [
        Event(timestamp: 101, typeID: 0, payloadOffset: 72, payloadCount: 16),
        Event(timestamp: 150, typeID: 0, payloadOffset: 96, payloadCount: 11),
        Event(timestamp: 200, typeID: 0, payloadOffset: 120, payloadCount: 8),
      ])
  }

  @Test func timesGoOnBehindTheirLowHalf() {
    var words = Self.whole
    words[1] = 1 << 32 | 0xFFFF_FFF0
    words[8] = 16 | 0xFFFF_FFFF << 32
    words[11] = 11 | 5 << 32
    let (events, _) = Self.decode(words, byteCount: 128)
    #expect(events.map(\.timestamp) == [1 << 32 | 0xFFFF_FFFF, 2 << 32 | 5, 2 << 32 | 200])
  }

  /// A changed word of the packet, the number of bytes, and the expected result.
  struct Broken: Sendable {
    var word: Int
    var value: UInt64
    var byteCount = 128
    var visited = 0
    var reason: MalformedSubbuffer.Reason
  }

  private static let broken: [Broken] = [
    Broken(word: 7, value: 1, byteCount: 63, reason: .headerTruncated),
    Broken(word: 0, value: 1, reason: .wrongField("magic", 1)),
    Broken(word: 3, value: 1016, reason: .wrongField("content_size", 1016)),
    Broken(word: 3, value: 0, reason: .wrongField("content_size", 0)),
    Broken(word: 3, value: .max, reason: .wrongField("content_size", .max)),
    Broken(word: 3, value: 1088, reason: .lengthBeyondSubbuffer(136)),
    Broken(word: 8, value: 7, reason: .eventTooShort(7)),
    Broken(word: 11, value: 0xFFFF_FFFF, visited: 1, reason: .eventBeyondData(0xFFFF_FFFF)),
    Broken(word: 14, value: 9, visited: 2, reason: .eventBeyondData(9)),
  ]

  @Test(arguments: broken)
  func brokenPacketsAreRefused(_ broken: Broken) {
    var words = Self.whole
    words[broken.word] = broken.value
    let (events, error) = Self.decode(words, byteCount: broken.byteCount)
    #expect(error?.reason == broken.reason)
    #expect(events.count == broken.visited)
  }

  /// Arbitrary words are decoded or refused, and no event extends beyond the packet.
  @Test func anyWordsAreDecodedOrRefused() {
    var random = SplitMix64(seed: 42)
    var refused = 0
    for _ in 0..<20_000 {
      var words = Self.whole
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let bits = random.next() >> random.next() % 64
        words[Int.random(in: 0..<words.count, using: &random)] = bits
      }
      let (events, error) = Self.decode(words, byteCount: 128)
      if error != nil { refused += 1 }
      for event in events { #expect(event.payloadOffset + event.payloadCount <= 128) }
    }
    #expect(refused > 1_000)
  }
}
