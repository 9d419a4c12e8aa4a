import SubbufferSource

extension LTTngStream {
  /// The events of the sub-buffer that is held, or why there are none to be seen, for an observation.
  var eventsText: String {
    do throws(SourceError) {
      return try look().sequences.asRange
    } catch {
      return error.detail
    }
  }

  /// Gets and puts until a get is refused.
  /// - Returns: what was seen of each packet.
  func readAll() throws(SourceError) -> [LTTngLook] {
    var all: [LTTngLook] = []
    while unsafeGetNextSubbuffer() == 0 {
      all.append(try look())
      try putNext()
    }
    return all
  }
}

extension [LTTngLook] {
  /// The sequence numbers of the events of all packets, in order.
  var sequences: [UInt64] { flatMap(\.sequences) }

  /// `events_discarded` of each packet, for an observation.
  var discardedText: String { map { String($0.eventsDiscarded) }.joined(separator: ", ") }
}
