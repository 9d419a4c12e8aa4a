import BytesSource
import CTFPackets
import Testing

@Suite struct EventHeaderTests {
  @Test(arguments: EventHeader.allCases)
  func aCutHeaderIsNotRead(_ header: EventHeader) {
    for (extended, size) in [(false, header.byteCount), (true, header.extendedByteCount)] {
      var builder = PacketBuilder(header)
      if extended { builder.extended(1, time: 2_000) } else { builder.event(1, time: 2_000) }
      let span = builder.bytes.span.bytes
      for count in 0..<size {
        #expect(header.read(in: span, at: 84, end: 84 + count, after: 1_000) == nil)
      }
      let reading = header.read(in: span, at: 84, end: 84 + size, after: 1_000)
      #expect(reading == .init(id: PacketBuilder.sequenceEventID, timestamp: 2_000, byteCount: size))
    }
  }

  @Test func refusesPlacesOutside() {
    let bytes = [UInt8](repeating: 0, count: 32)
    let span = bytes.span.bytes
    for (offset, end) in [(-1, 32), (33, 32), (0, 33), (.max, .max), (.min, 32), (8, 4)] {
      #expect(EventHeader.compact.read(in: span, at: offset, end: end, after: 0) == nil)
    }
  }

  @Test func theCompactExtendedFormIsToldByFiveBits() {
    var bytes: [UInt8] = [0xE0 | 31]
    bytes.append(little: UInt32(31))
    bytes.append(little: UInt64(77))
    let reading = EventHeader.compact.read(in: bytes.span.bytes, at: 0, end: 13, after: .max)
    #expect(reading == .init(id: 31, timestamp: 77, byteCount: 13))
  }

  @Test(arguments: [UInt64(27), 32])
  func timeStampsWrap(_ bits: UInt64) {
    let period: UInt64 = 1 << bits
    let base = 5 * period + 100
    let cases: [(low: UInt64, full: UInt64)] = [
      (100, base), (101, base + 1), (period - 1, 6 * period - 1), (0, 6 * period), (99, base + period - 1),
    ]
    for (low, full) in cases { #expect(EventHeader.reconstruct(low, bits: bits, after: base) == full) }
    // The largest clock value does not trap.
    #expect(EventHeader.reconstruct(0, bits: bits, after: .max) == 0)
  }
}
