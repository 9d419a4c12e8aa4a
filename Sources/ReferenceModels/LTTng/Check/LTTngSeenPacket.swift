import SubbufferSource

/// A packet as the reader copied it while it held the sub-buffer.
struct LTTngSeenPacket: Sendable, Hashable {
  /// The position at which the reader took it.
  let position: UInt64
  /// Its words up to the end of its data.
  let words: [UInt64]

  /// The number of events that have room in it.
  func eventCount(payload: Int) -> Int {
    (words.count - LTTngPacketHeader.byteCount / 8) / LTTngEvent(sequence: 0, payloadByteCount: payload).wordCount
  }

  /// Its header and the sequence numbers of its events; every word is compared with what was written.
  /// - Returns: `nil` where a word is not what the writer wrote there, or the header is none.
  func decoded(payload: Int) -> (header: LTTngPacketHeader, events: [Event], sequences: [UInt64])? {
    words.withUnsafeBytes { buffer in
      let bytes = RawSpan(_unsafeBytes: buffer)
      guard let header = try? LTTngPacketHeader(in: bytes), header.contentByteCount == bytes.byteCount else {
        return nil
      }
      var events: [Event] = []
      var sequences: [UInt64] = []
      var isWhole = true
      let visited: Void? = try? LTTngModelDecoder().forEachEvent(in: bytes) { event, bytes in
        let sequence = event.sequenceNumber(in: bytes) ?? 0
        let expected = LTTngEvent(sequence: sequence, payloadByteCount: payload)
        if event.payloadCount == 8 + payload {
          let first = event.payloadOffset / 8 - 1
          for index in 1..<expected.wordCount where words[first + index] != expected.word(index, timestamp: 0) {
            isWhole = false
          }
        } else {
          isWhole = false
        }
        events.append(event)
        sequences.append(sequence)
      }
      return visited != nil && isWhole ? (header, events, sequences) : nil
    }
  }
}
