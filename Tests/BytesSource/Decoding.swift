import SubbufferSource

/// The result of decoding some bytes.
public struct Decoding: Sendable, Equatable {
  /// The visited events, in order.
  public var events: [Event] = []
  /// The sequence numbers of the events; `nil` for a payload without room for one.
  public var sequenceNumbers: [UInt64?] = []
  /// The error that ended the decoding, if any.
  public var malformed: MalformedSubbuffer?

  /// Creates an empty result.
  public init() {}
}

extension BytesSource {
  /// Decodes the source's bytes.
  public mutating func decode() throws(SourceError) -> Decoding {
    var decoding = Decoding()
    try decode(into: &decoding)
    return decoding
  }

  /// Decodes the source's bytes, reusing the memory of an earlier decoding.
  public mutating func decode(into decoding: inout Decoding) throws(SourceError) {
    let decoder = decoder
    decoding.events.removeAll(keepingCapacity: true)
    decoding.sequenceNumbers.removeAll(keepingCapacity: true)
    decoding.malformed = nil
    _ = try withNext { subbuffer in
      do throws(MalformedSubbuffer) {
        try decoder.forEachEvent(in: subbuffer) { event, bytes in
          decoding.events.append(event)
          decoding.sequenceNumbers.append(decoder.sequenceNumber(of: event, in: bytes))
        }
      } catch {
        decoding.malformed = error
      }
    }
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
