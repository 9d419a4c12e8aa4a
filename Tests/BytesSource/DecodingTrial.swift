import SubbufferSource

/// Decodes arbitrary bytes and checks the result against the rules that every decoder keeps:
///
/// - Nothing outside the bytes is read: an inaccessible page follows them when all events are decoded, and precedes
///   them when the unread events are decoded.
/// - The payloads lie within the bytes, at or after `unreadOffset`, in order and without overlap.
/// - The offset of an error lies within the bytes.
/// - The unread events are the last of all events, and both decodings end in the same way. An error before
///   `unreadOffset` may occur in the decoding of all events only, because skipped events need not be decoded.
///
/// A decoder that traps ends the test process; one that never returns runs into the time limit of the test.
public struct DecodingTrial<Decoder: SubbufferDecoder>: ~Copyable {
  /// The source of the bytes.
  public var source: BytesSource<Decoder>
  /// The decoding of all events.
  public private(set) var all = Decoding()
  /// The decoding of the unread events.
  public private(set) var unread = Decoding()

  /// Creates a trial of a decoder, for any number of inputs.
  public init(decoder: Decoder) throws(SourceError) {
    source = try BytesSource(decoder: decoder)
  }

  /// Decodes some bytes.
  /// - Returns: the first broken rule, as text.
  public mutating func firstBrokenRule(
    _ bytes: some Collection<UInt8>, unreadOffset: Int
  ) throws(SourceError) -> String? {
    source.fill(bytes, guarded: .end)
    source.unreadOffset = 0
    try source.decode(into: &all)
    source.fill(bytes, guarded: .start)
    source.unreadOffset = unreadOffset
    try source.decode(into: &unread)
    return all.firstBrokenRule(byteCount: bytes.count, unreadOffset: 0)
      ?? unread.firstBrokenRule(byteCount: bytes.count, unreadOffset: unreadOffset)
      ?? firstDifference(unreadOffset)
  }

  private func firstDifference(_ unreadOffset: Int) -> String? {
    guard all.malformed == unread.malformed else {
      if let malformed = all.malformed, malformed.offset < unreadOffset { return nil }
      return "all events: \(ending(all)); those from \(unreadOffset): \(ending(unread))"
    }
    guard unread.events.count <= all.events.count, all.events.suffix(unread.events.count).elementsEqual(unread.events),
      all.sequenceNumbers.suffix(unread.events.count).elementsEqual(unread.sequenceNumbers)
    else { return "the events from \(unreadOffset) on are not the last of all: \(unread.events), \(all.events)" }
    return nil
  }

  private func ending(_ decoding: Decoding) -> String {
    decoding.malformed.map { "\($0)" } ?? "no error"
  }
}

extension Decoding {
  fileprivate func firstBrokenRule(byteCount: Int, unreadOffset: Int) -> String? {
    var position = unreadOffset
    for event in events {
      guard event.payloadOffset >= position, event.payloadCount >= 0, event.payloadOffset <= byteCount,
        event.payloadCount <= byteCount - event.payloadOffset
      else { return "\(event) does not lie between \(position) and \(byteCount)" }
      position = event.payloadOffset + event.payloadCount
    }
    // An empty payload does not move the position, but each event has a header.
    if events.count > byteCount { return "\(events.count) events in \(byteCount) bytes" }
    if let malformed, malformed.offset < 0 || malformed.offset > byteCount { return "\(malformed), outside" }
    return nil
  }
}
