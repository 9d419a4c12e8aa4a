import CTFPackets
import ReferenceModels
import SubbufferSource

struct LTTngPacket: Equatable {
  var number: UInt64
  var sequences: [UInt64]
  var loss: Loss
}

extension PacketSource where Stream == ModelPackets {
  /// Reads all available packets.
  mutating func readAll() throws -> [LTTngPacket] {
    var packets: [LTTngPacket] = []
    while let packet = try readOne() { packets.append(packet) }
    return packets
  }

  /// Reads one packet; returns `nil` if no packet is available.
  mutating func readOne() throws -> LTTngPacket? {
    switch try acquire() {
    case .subbuffer(let subbuffer):
      let packet = try subbuffer.packet(decoder: LTTngModelDecoder())
      try subbuffer.release()
      return packet
    case .nothingYet: return nil
    case .finished: return nil
    }
  }
}

extension Subbuffer {
  borrowing func packet(decoder: LTTngModelDecoder) throws -> LTTngPacket {
    var sequences: [UInt64] = []
    try decoder.forEachSequenceNumber(in: self) { sequences.append($0) }
    return LTTngPacket(number: number, sequences: sequences, loss: loss)
  }
}

extension LTTngModelChannel {
  /// A ring buffer with sub-buffers of 256 bytes, in which 8 events with 8 bytes of payload, or 12 with none, fill a
  /// sub-buffer to its last byte.
  static func small(_ mode: RingMode, subbufferCount: Int = 2) throws -> LTTngModelChannel {
    try LTTngModelChannel(
      LTTngModelAttributes(mode: mode, subbufferSize: 256, subbufferCount: subbufferCount, cpu: 3))
  }
}
