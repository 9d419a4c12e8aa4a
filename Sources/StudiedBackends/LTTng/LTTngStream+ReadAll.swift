import SubbufferSource
import SystemPackage

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

  /// Gets, looks and puts, where that has to work.
  /// - Throws: ``SourceError`` where it is refused.
  func readOne() throws(SourceError) -> LTTngLook {
    let got = unsafeGetNextSubbuffer()
    guard got == 0 else { throw SourceError(call: "get_next_subbuf", errno: Errno(rawValue: -got)) }
    let look = try look()
    try putNext()
    return look
  }

  /// Ends the partial sub-buffer, and reads the sequence numbers of all that is there.
  /// - Throws: ``SourceError`` where a call fails.
  func readAllUnread() throws(SourceError) -> [UInt64] {
    _ = flushBuffer(producerActive: true)
    var all: [UInt64] = []
    while true {
      do throws(SourceError) {
        all += try readOne().sequences
      } catch {
        if error.errno == .resourceTemporarilyUnavailable { return all }
        throw error
      }
    }
  }
}

extension [LTTngLook] {
  /// The sequence numbers of the events of all packets, in order.
  var sequences: [UInt64] { flatMap(\.sequences) }

  /// `events_discarded` of each packet, for an observation.
  var discardedText: String { map { String($0.eventsDiscarded) }.joined(separator: ", ") }
}
