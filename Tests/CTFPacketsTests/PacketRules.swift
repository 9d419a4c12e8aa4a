import BytesSource
import CTFPackets
import SubbufferSource

extension DecodingTrial {
  /// Holds the decoder against what packets have beside the rules of every format:
  ///
  /// - What lies behind `content_size` says nothing: the same comes of a packet that ends there, before a page that
  ///   cannot be read.
  /// - ``EventHeader`` in both forms: see ``firstBrokenRule(of:in:_:)``.
  ///
  /// To be called behind ``firstBrokenRule(_:unreadOffset:)``, with the same bytes.
  /// - Parameters:
  ///   - bytes: the packet.
  ///   - place: where the header of an event is read; it need not lie in the packet.
  /// - Returns: the first rule that was broken, in words.
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

/// Where the header of an event is to be read: any numbers.
struct EventHeaderPlace {
  var offset: Int
  var end: Int
  var last: UInt64

  /// Reads a header there. There is one only between the offset and the end; it has one of the sizes of its form, and
  /// the short one a time less than a turn of its clock after `last`. Where the longer size has room there is one.
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
