import SubbufferSource

/// The operations of a writer and the observations of a reader, and the invariants on them.
struct LTTngHistory {
  let layout: LTTngLayout
  let payload: Int
  let outcomes: [LTTngWriteOutcome]
  let packets: [LTTngSeenPacket]
  let looks: [LTTngSeenPacket]
  let writerErrors: UInt64
  let readerErrors: UInt64

  /// The sequence numbers of the accepted events, by the number of their packet.
  private var accepted: [UInt64: [UInt64]] {
    var accepted: [UInt64: [UInt64]] = [:]
    for (sequence, outcome) in outcomes.enumerated() {
      guard case .committed(let position) = outcome else { continue }
      accepted[position / layout.subbufferSize, default: []].append(UInt64(sequence))
    }
    return accepted
  }

  /// The violated invariants.
  var violations: [String] {
    var violations: [String] = []
    if writerErrors != 0 { violations.append("\(writerErrors) internal errors in the writer") }
    if readerErrors != 0 { violations.append("\(readerErrors) internal errors in the reader") }
    let accepted = accepted
    for look in looks { violations += self.violations(of: look, accepted: accepted) }
    violations += violationsOfConsumed(accepted: accepted)
    return violations
  }

  /// A packet is whole, is the one that belongs to its position, and has exactly the events accepted into it.
  private func violations(of packet: LTTngSeenPacket, accepted: [UInt64: [UInt64]]) -> [String] {
    let name = "packet at \(packet.position)"
    guard let (header, events, sequences) = packet.decoded(payload: payload) else { return ["\(name) is torn"] }
    var violations: [String] = []
    let number = packet.position / layout.subbufferSize
    if header.packetSequenceNumber != number {
      violations.append("\(name) has packet_seq_num \(header.packetSequenceNumber)")
    }
    let expected = accepted[number] ?? []
    if sequences != expected { violations.append("\(name) has events \(sequences), accepted were \(expected)") }
    var time = header.timestampBegin
    for event in events {
      if event.timestamp < time { violations.append("\(name): time goes back to \(event.timestamp)") }
      time = event.timestamp
    }
    if header.timestampEnd < time { violations.append("\(name) ends at \(header.timestampEnd), before its event") }
    return violations
  }

  private func violationsOfConsumed(accepted: [UInt64: [UInt64]]) -> [String] {
    var violations: [String] = []
    var missing = accepted
    var expected: UInt64 = 0
    var last: LTTngPacketHeader?
    for packet in packets {
      violations += self.violations(of: packet, accepted: accepted)
      guard let (header, _, _) = packet.decoded(payload: payload) else { continue }
      let number = header.packetSequenceNumber
      if number < expected { violations.append("packet \(number) again or out of order") }
      for gap in expected..<max(expected, number) {
        if layout.mode == .discard {
          violations.append("packet \(gap) is missing")
        } else if gap > 0, accepted[gap] == nil {
          // The first packet can be ended without an event, since its header is written when the buffer is made.
          violations.append("packet \(gap) is missing and had no event")
        }
        missing[gap] = nil
      }
      missing[number] = nil
      if let last, header.timestampBegin < last.timestampEnd {
        violations.append("packet \(number) begins before the end of the one before it")
      }
      expected = number + 1
      last = header
    }
    if !missing.isEmpty {
      violations.append("events \(missing.values.joined().sorted()) are missing, and no packet before the last is")
    }
    let discarded = outcomes.count - accepted.values.reduce(0) { $0 + $1.count }
    if let last, last.eventsDiscarded != UInt64(discarded) {
      violations.append("\(discarded) events were discarded, the last packet tells \(last.eventsDiscarded)")
    }
    if last == nil { violations.append("no packet was read") }
    return violations
  }
}

/// Copies the packet that is held out of the memory, one word a step, as a reader looks at it while the writer goes on.
struct LTTngReadPacket: StepMachine {
  let layout: LTTngLayout
  private var stage = Stage.id
  private var words: [UInt64] = []

  private enum Stage: Hashable {
    case id, dataSize(subbuffer: Int), word(first: Int, left: Int)
  }

  init(_ layout: LTTngLayout) {
    self.layout = layout
  }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) -> StepOutcome<[UInt64]> {
    switch stage {
    case .id:
      let id = LTTngSubbufferID(rawValue: memory.readPlain(layout.readerID))
      stage = .dataSize(subbuffer: id.subbuffer)
    case .dataSize(let subbuffer):
      let size = min(memory.readPlain(layout.dataSize(subbuffer)), layout.subbufferSize)
      guard size > 0 else { return .done([]) }
      stage = .word(first: layout.words(ofSubbuffer: subbuffer), left: Int(size / 8))
    case .word(let first, let left):
      words.append(memory.readPlain(first + words.count))
      guard left > 1 else { return .done(words) }
      stage = .word(first: first, left: left - 1)
    }
    return .more
  }
}

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
