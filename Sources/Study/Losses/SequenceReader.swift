import SubbufferSource

/// Reads a source to its end and enters the sequence numbers into a ledger.
struct SequenceReader {
  var ledger: SequenceLedger
  var handovers: UInt64 = 0
  var malformed: MalformedSubbuffer?

  init(range: Range<UInt64>) {
    ledger = SequenceLedger(range)
  }

  /// Reads one sub-buffer.
  /// - Returns: whether there was one.
  mutating func readOne<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source
  ) throws(SourceError) -> Bool {
    let decoder = source.decoder
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      handovers += 1
      enter(subbuffer, decoder)
      try subbuffer.release()
      return true
    case .nothingYet: return false
    case .finished: return false
    }
  }

  /// Reads all that is there.
  mutating func drain<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    while try readOne(&source) {
      if malformed != nil { return }
    }
  }

  /// Ends a partial sub-buffer, where the ABI needs that, and reads all that is there.
  mutating func flushAndDrain<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    try drain(&source)
    _ = try source.flush()
    try drain(&source)
  }

  private mutating func enter(_ subbuffer: borrowing Subbuffer, _ decoder: some SubbufferDecoder) {
    // Taken out, since a second reference would have its books copied at the first entry.
    var ledger = SequenceLedger(0..<0)
    swap(&ledger, &self.ledger)
    defer { swap(&ledger, &self.ledger) }
    do {
      try decoder.forEachSequenceNumber(in: subbuffer) { ledger.enter($0) }
    } catch {
      malformed = error
    }
  }
}
