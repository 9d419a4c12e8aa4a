import BytesSource
import CTFPackets

/// Builds a packet of the workload's events.
struct PacketBuilder {
  static let sequenceEventID: UInt32 = 5

  /// `true` if the events have the payload of the logger's text, `false` for that of the tracepoint.
  let isText: Bool
  var header: EventHeader = .compact
  var bytes: [UInt8] = []

  init(_ header: EventHeader = .compact, timestampBegin: UInt64 = 1_000, isText: Bool = false) {
    self.header = header
    self.isText = isText
    bytes.append(little: PacketHeader.magic)
    bytes += (0..<16).map { UInt8($0 * 0x11) }
    bytes.append(little: UInt32(3))  // stream_id
    bytes.append(little: UInt64(1))  // stream_instance_id
    bytes.append(little: timestampBegin)
    bytes.append(little: timestampBegin + 500)
    bytes.append(little: UInt64(0))  // content_size
    bytes.append(little: UInt64(0))  // packet_size
    bytes.append(little: UInt64(7))  // packet_seq_num
    bytes.append(little: UInt64(2))  // events_discarded
    bytes.append(little: UInt32(1))  // cpu_id
  }

  /// Appends an event with a short header, which contains only the low bits of `time`.
  mutating func event(_ sequence: UInt64, time: UInt64, payload: Int = 0, id: UInt32 = sequenceEventID) {
    switch header {
    case .compact: bytes.append(little: UInt32(truncatingIfNeeded: time) << 5 | id)
    case .large:
      bytes.append(little: UInt16(truncatingIfNeeded: id))
      bytes.append(little: UInt32(truncatingIfNeeded: time))
    }
    self.payload(sequence, payload)
  }

  /// Appends an event with an extended header.
  mutating func extended(_ sequence: UInt64, time: UInt64, payload: Int = 0, id: UInt32 = sequenceEventID) {
    switch header {
    case .compact: bytes.append(31)
    case .large: bytes.append(little: UInt16.max)
    }
    bytes.append(little: id)
    bytes.append(little: time)
    self.payload(sequence, payload)
  }

  private mutating func payload(_ sequence: UInt64, _ count: Int) {
    guard !isText else {
      let digits = String(sequence, radix: 16)
      return text(String(repeating: "0", count: 16 - digits.count) + digits + String(repeating: "Z", count: count))
    }
    bytes.append(little: sequence)
    bytes.append(little: UInt32(count))
    bytes += [UInt8](repeating: 0xAB, count: count)
  }

  /// Appends the logger's payload of a text.
  mutating func text(_ text: String) {
    bytes.append(little: UInt64(text.utf8.count))
    bytes += text.utf8
  }

  /// Returns the closed packet, padded to `packetSize` bytes.
  func closed(packetSize: Int? = nil) -> [UInt8] {
    var packet = bytes
    packet.put(little: UInt64(bytes.count * 8), at: 48)
    packet.put(little: UInt64((packetSize ?? bytes.count) * 8), at: 56)
    if let packetSize { packet += [UInt8](repeating: 0, count: max(0, packetSize - bytes.count)) }
    return packet
  }
}

extension EventHeader {
  /// A decoder for the builder's packets.
  var decoder: PacketDecoder<SequencePayload> {
    PacketDecoder(eventHeader: self, sequenceEventID: PacketBuilder.sequenceEventID)
  }

  /// A decoder for the builder's packets of texts.
  var textDecoder: PacketDecoder<LoggerPayload> {
    PacketDecoder(eventHeader: self, sequenceEventID: PacketBuilder.sequenceEventID)
  }
}
