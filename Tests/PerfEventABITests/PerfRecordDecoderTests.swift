import BytesSource
import PerfEventABI
import SubbufferSource
import Testing

@Suite struct PerfRecordDecoderTests {
  private let decoder = PerfRecordDecoder(sequenceTypeID: 2_326, sequenceOffset: 16)

  /// The bytes of a sample of the workload's event.
  private static func sample(_ sequence: UInt64, time: UInt64, text: Int = 3, type: UInt16 = 2_326) -> [UInt8] {
    var raw: [UInt8] = []
    raw.append(little: type)
    raw += [UInt8](repeating: 0, count: 14)
    raw.append(little: sequence)
    raw.append(little: UInt32(28 | (text + 1) << 16))
    raw += [UInt8](repeating: UInt8(ascii: "x"), count: text) + [0]
    while (raw.count + 4) % 8 != 0 { raw.append(0) }
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(9))
    bytes.append(little: UInt16(2))
    bytes.append(little: UInt16(20 + raw.count))
    bytes.append(little: time)
    bytes.append(little: UInt32(raw.count))
    return bytes + raw
  }

  /// The bytes of a record of lost events.
  private static func lost(_ count: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(2))
    bytes.append(little: UInt16(0))
    bytes.append(little: UInt16(24))
    bytes.append(little: UInt64(1))
    bytes.append(little: count)
    return bytes
  }

  @Test func `samples are events and records of other types are not`() throws {
    let bytes =
      Self.sample(7, time: 100) + Self.lost(5) + Self.sample(8, time: 101, text: 100) + Self.sample(9, time: 102)
    let decoding = try decode(bytes, with: decoder)
    #expect(decoding.malformed == nil)
    #expect(decoding.sequenceNumbers == [7, 8, 9])
    #expect(decoding.events.map(\.timestamp) == [100, 101, 102])
  }

  @Test func `an event of another type has no sequence number`() throws {
    let decoding = try decode(Self.sample(7, time: 100, type: 1), with: decoder)
    #expect(decoding.events.map(\.typeID) == [1])
  }

  @Test(
    arguments: [
      (offset: 6, value: 0, reason: MalformedSubbuffer.Reason.eventTooShort(0)),
      (offset: 6, value: 7, reason: .eventTooShort(7)), (offset: 6, value: 27, reason: .eventTooShort(27)),
      (offset: 6, value: 1_000, reason: .eventBeyondData(1_000)),
      (offset: 16, value: 1_000, reason: .eventBeyondData(1_000)),
      (offset: 16, value: 7, reason: .eventBeyondData(7)),
    ] as [(offset: Int, value: UInt16, reason: MalformedSubbuffer.Reason)])
  func `a size that cannot be ends the decoding`(
    _ offset: Int, _ value: UInt16, _ reason: MalformedSubbuffer.Reason
  ) throws {
    var bytes = Self.sample(7, time: 100)
    bytes.put(little: value, at: offset)
    #expect(try decode(bytes, with: decoder).malformed?.reason == reason)
  }

  @Test func `a record that is cut off ends the decoding`() throws {
    let bytes = Self.sample(7, time: 100)
    for count in 1..<bytes.count {
      #expect(try decode(Array(bytes[..<count]), with: decoder).malformed != nil, "\(count) bytes")
    }
  }

  @Test(.timeLimit(.minutes(5))) func `broken bytes are read within their bounds`() throws {
    let good = [
      Self.sample(7, time: 100), Self.sample(7, time: 100) + Self.lost(5) + Self.sample(8, time: 101, text: 100),
      (0..<8).flatMap { Self.sample($0, time: 100 + $0, text: Int($0)) },
    ]
    let run = try runMutations(100_000, seed: 0x9E4F, of: good, with: decoder)
    #expect(run.failure == nil)
    #expect(run.wellFormed > 0)
  }
}
