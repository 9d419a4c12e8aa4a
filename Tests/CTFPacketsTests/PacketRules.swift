import BytesSource
import CTFPackets
import SubbufferSource

extension DecodingTrial {
  /// Checks the decoder against the rules of packets, in addition to those of every format:
  ///
  /// - The bytes after `content_size` have no effect: a packet that ends there, before an inaccessible page, has the
  ///   same decoding.
  /// - ``EventHeader`` keeps the rules of ``EventHeaderPlace/firstBrokenRule(of:in:)`` in both forms.
  ///
  /// Call it after ``firstBrokenRule(_:unreadOffset:)``, with the same bytes.
  /// - Parameters:
  ///   - bytes: the packet.
  ///   - place: the place at which an event header is read; it may lie outside the packet.
  /// - Returns: the first broken rule, as text.
  mutating func firstBrokenPacketRule<Payload>(
    _ bytes: some Collection<UInt8>, _ place: EventHeaderPlace
  ) throws(SourceError) -> String? where Decoder == PacketDecoder<Payload> {
    source.fill(bytes)
    var contentCount: Int?
    var wrong: String?
    _ = try source.withNext { subbuffer in
      contentCount = (try? PacketHeader(in: subbuffer.bytes))?.contentByteCount
      for form in EventHeader.allCases where wrong == nil {
        wrong = place.firstBrokenRule(of: form, in: subbuffer.bytes)
      }
    }
    if wrong != nil { return wrong }
    guard let contentCount else { return nil }
    source.fill(bytes.prefix(contentCount))
    source.unreadOffset = 0
    let content = try source.decode()
    return content == all ? nil : "with its \(contentCount) bytes of content only: \(content); else: \(all)"
  }
}

/// A place at which an event header is read, with arbitrary numbers.
struct EventHeaderPlace {
  var offset: Int
  var end: Int
  var last: UInt64

  /// Reads an event header at the place and returns the first broken rule.
  ///
  /// A header lies between the offset and the end, and exists if the longer size of its form fits. It has one of the
  /// two sizes of its form; the time of a short one is less than a turn of its clock after `last`.
  func firstBrokenRule(of form: EventHeader, in bytes: RawSpan) -> String? {
    let room = offset >= 0 && offset <= end && end <= bytes.byteCount ? end - offset : 0
    guard let reading = form.read(in: bytes, at: offset, end: end, after: last) else {
      return room < form.extendedByteCount ? nil : "no \(form) header at \(self)"
    }
    guard reading.byteCount <= room else { return "\(reading) beyond \(self)" }
    let turn: UInt64 = form == .compact ? 1 << 27 : 1 << 32
    switch reading.byteCount {
    case form.extendedByteCount: return nil
    case form.byteCount where reading.timestamp &- last < turn: return nil
    default: return "\(reading) at \(self)"
    }
  }
}
