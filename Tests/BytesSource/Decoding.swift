import SubbufferSource

/// What a decoder made of some bytes.
public struct Decoding: Sendable {
  /// The events that it visited, in order.
  public var events: [Event] = []
  /// Their sequence numbers; `nil` where the payload has no room for one.
  public var sequenceNumbers: [UInt64?] = []
  /// Why it stopped, where it did not reach the end.
  public var malformed: MalformedSubbuffer?
}

extension BytesSource {
  /// Decodes the source's bytes.
  public mutating func decode() throws(SourceError) -> Decoding {
    let decoder = decoder
    var decoding = Decoding()
    _ = try withNext { subbuffer in
      do throws(MalformedSubbuffer) {
        try decoder.forEachEvent(in: subbuffer) { event, bytes in
          decoding.events.append(event)
          decoding.sequenceNumbers.append(event.sequenceNumber(in: bytes))
        }
      } catch {
        decoding.malformed = error
      }
    }
    return decoding
  }
}

/// Decodes `bytes` with `decoder`.
public func decode(
  _ bytes: [UInt8], with decoder: some SubbufferDecoder, unreadOffset: Int = 0
) throws(SourceError) -> Decoding {
  var source = try BytesSource(decoder: decoder)
  source.unreadOffset = unreadOffset
  source.fill(bytes)
  return try source.decode()
}
