import SubbufferSource

/// Decodes any bytes, good or broken, and holds what came of it against the rules that every decoder keeps:
///
/// - Nothing outside of the bytes is read. Each decoding has a page beside the bytes that cannot be read, the one of
///   all events behind them, the one of the unread events before them.
/// - The payloads lie within the bytes, at or behind `unreadOffset`, in order, none in another.
/// - An error is at an offset within the bytes.
/// - The unread events are the last of all events, and the decoding of both ends in the same way; except that an event
///   that is skipped need not be looked into, so that an error there may come up in the decoding of all events only.
///
/// A decoder that traps or does not come to an end cannot be told of here: it ends the process, or is ended by the
/// limit of time that whoever runs this sets.
public struct DecodingTrial<Decoder: SubbufferDecoder>: ~Copyable {
  /// Where the bytes lie.
  public var source: BytesSource<Decoder>
  /// What came of all events.
  public private(set) var all = Decoding()
  /// What came of the unread ones.
  public private(set) var unread = Decoding()

  /// A trial of a decoder, for many inputs, one after the other.
  public init(decoder: Decoder) throws(SourceError) {
    source = try BytesSource(decoder: decoder)
  }

  /// Decodes some bytes.
  /// - Returns: the first rule that was broken, in words.
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
    // A payload of no bytes moves the position by nothing, but each event has a header.
    if events.count > byteCount { return "\(events.count) events in \(byteCount) bytes" }
    if let malformed, malformed.offset < 0 || malformed.offset > byteCount { return "\(malformed), outside" }
    return nil
  }
}
