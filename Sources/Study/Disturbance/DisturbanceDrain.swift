import SubbufferSource

/// Takes sub-buffers, and notes which events are in them.
struct DisturbanceDrain: SourceVisitor {
  private(set) var delivered: DeliveredEvents

  init(_ delivered: DeliveredEvents) {
    self.delivered = delivered
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    try all(&source)
  }

  /// Takes all there is, the partial sub-buffer too.
  /// - Throws: ``SourceError``, of kind `malformed` where an event came twice.
  mutating func all<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    while try one(&source) {}
    _ = try source.flush()
    while try one(&source) {}
    try delivered.check()
  }

  /// Takes one sub-buffer.
  /// - Returns: whether there was one.
  mutating func one<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) -> Bool {
    let decoder = source.decoder
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      do {
        try decoder.forEachSequenceNumber(in: subbuffer) { delivered.add($0) }
      } catch {
        throw SourceError(error)
      }
      try subbuffer.release()
      return true
    case .nothingYet: return false
    case .finished: return false
    }
  }
}
