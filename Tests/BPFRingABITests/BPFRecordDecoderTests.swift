import BPFRingABI
import BytesSource
import SubbufferSource
import Testing

@Suite struct BPFRecordDecoderTests {
  private let decoder = BPFRecordDecoder()

  /// The bytes of a record of the program.
  private static func record(_ sequence: UInt64, time: UInt64, text: Int = 3, flags: UInt32 = 0) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(16 + text + 1) | flags)
    bytes.append(little: UInt32(3))
    bytes.append(little: time)
    bytes.append(little: sequence)
    bytes += [UInt8](repeating: UInt8(ascii: "x"), count: text) + [0]
    while bytes.count % 8 != 0 { bytes.append(0) }
    return bytes
  }

  @Test func `records are events and discarded ones are not`() throws {
    let bytes =
      Self.record(7, time: 100) + Self.record(8, time: 101, text: 100, flags: BPFRecordHeader.discarded)
      + Self.record(9, time: 102, text: 0)
    let decoding = try decode(bytes, with: decoder)
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == [7, 9])
    #expect(decoding.events.map(\.timestamp) == [100, 102])
  }

  @Test(
    arguments: [
      (0, MalformedSubbuffer.Reason.eventTooShort(0)), (15, .eventTooShort(15)), (1_000, .eventBeyondData(1_008)),
      (BPFRecordHeader.busy | 20, .wrongField("BPF_RINGBUF_BUSY_BIT", 1)),
      (BPFRecordHeader.lengthMask, .eventBeyondData(1 << 30 + 8)),
    ] as [(UInt32, MalformedSubbuffer.Reason)])
  func `a header that cannot be ends the decoding`(_ header: UInt32, _ reason: MalformedSubbuffer.Reason) throws {
    var bytes = Self.record(7, time: 100)
    bytes.put(little: header, at: 0)
    #expect(try decode(bytes, with: decoder).malformed?.reason == reason)
  }

  @Test func `a record that is cut off ends the decoding`() throws {
    let bytes = Self.record(7, time: 100)
    for count in 1..<bytes.count {
      #expect(try decode(Array(bytes[..<count]), with: decoder).malformed != nil, "\(count) bytes")
    }
  }

  @Test(.timeLimit(.minutes(5))) func `broken bytes are read within their bounds`() throws {
    let good = [
      Self.record(7, time: 100),
      Self.record(7, time: 100) + Self.record(8, time: 101, text: 100, flags: BPFRecordHeader.discarded),
      (0..<8).flatMap { Self.record($0, time: 100 + $0, text: Int($0)) },
    ]
    let run = try runMutations(100_000, seed: 0xB9F4, of: good, with: decoder)
    #expect(run.failure == nil)
    #expect(run.wellFormed > 0)
  }
}
