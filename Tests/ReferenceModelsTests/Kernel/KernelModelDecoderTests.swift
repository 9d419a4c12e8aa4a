import BytesSource
import ReferenceModels
import SubbufferSource
import Testing

@Suite struct KernelModelDecoderTests {
  private static let header: [UInt8] = bytes([1_000, 0])

  private static func bytes(_ words: [UInt64]) -> [UInt8] {
    var bytes: [UInt8] = []
    for word in words { bytes.append(little: word) }
    return bytes
  }

  /// An event with two words of payload, padding, and an event without payload.
  private static let good = header + bytes([1 << 32 | 32, 7, 1, 2, 2 << 32 | 24, 0, 0, 1 << 32 | 16, 8])

  @Test func eventsAndTheirNumbers() throws {
    let decoding = try decode(Self.good, with: KernelModelDecoder())
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == [7, 8])
    #expect(
      decoding.events == [
        Event(timestamp: 1_000, typeID: 1, payloadOffset: 24, payloadCount: 24),
        Event(timestamp: 1_000, typeID: 1, payloadOffset: 80, payloadCount: 8),
      ])
    #expect(try decode(Self.good, with: KernelModelDecoder(), unreadOffset: 48).sequenceNumbers == [8])
  }

  @Test func `an event of another type than the workload's is shown with its type`() throws {
    let decoding = try decode(Self.header + Self.bytes([3 << 32 | 16, 7]), with: KernelModelDecoder())
    #expect(decoding.malformed == nil)
    #expect(decoding.events.map(\.typeID) == [3])
  }

  @Test(arguments: [
    ([UInt8](header.prefix(15)), 0, MalformedSubbuffer.Reason.headerTruncated),
    (header + [0, 0, 0, 0], 16, .eventBeyondData(8)),
    (header + bytes([1 << 32 | 24, 7]), 16, .eventBeyondData(24)),
    (header + bytes([1 << 32 | 8, 7]), 16, .eventTooShort(8)),
    (header + bytes([2 << 32, 7]), 16, .eventTooShort(0)),
    (header + bytes([1 << 32 | 17, 7, 0]), 16, .wrongField("size", 17)),
    (header + bytes([4 << 32 | 16, 7]), 16, .unknownType(4)),
  ])
  func malformedOnesAreRefused(_ bytes: [UInt8], _ offset: Int, _ reason: MalformedSubbuffer.Reason) throws {
    let decoding = try decode(bytes, with: KernelModelDecoder())
    #expect(decoding.malformed == MalformedSubbuffer(offset: offset, reason: reason))
    #expect(decoding.events.isEmpty)
  }

  @Test func noMutationBreaksIt() throws {
    let (failure, wellFormed) = try runMutations(20_000, seed: 3, of: [Self.good], with: KernelModelDecoder())
    #expect(failure == nil)
    #expect(wellFormed > 0)
  }
}
