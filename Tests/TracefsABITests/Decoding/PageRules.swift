import BytesSource
import SubbufferSource
import TracefsABI

extension DecodingTrial where Decoder == FtracePageDecoder {
  /// Checks the decoder and ``PageHeader`` against the rules of pages, in addition to those of every format:
  ///
  /// - The header and its loss match a separate computation from the bytes, with an inaccessible page before the
  ///   sub-buffer, after it, or directly after the stored count.
  /// - The committed part alone, which a source hands over, also keeps the rules, and its events are the first of those
  ///   of the whole.
  ///
  /// Call it after ``firstBrokenRule(_:unreadOffset:)``, with the same bytes.
  /// - Returns: the first broken rule, as text.
  mutating func firstBrokenPageRule(_ bytes: [UInt8]) throws(SourceError) -> String? {
    let expected = ExpectedHeader(bytes, source.decoder.page)
    var trials = [(count: bytes.count, guarded: BytesSource<Decoder>.Guarded.end), (bytes.count, .start)]
    if let end = expected?.endOfCount { trials.append((end, .end)) }
    for trial in trials {
      source.fill(bytes.prefix(trial.count), guarded: trial.guarded)
      let found = try readHeader()
      if found != expected { return "header \(String(describing: found)), not \(String(describing: expected))" }
    }
    guard let expected, expected.endOfData <= bytes.count else { return nil }
    let whole = all.events
    let wrong = try firstBrokenRule(bytes.prefix(expected.endOfData), unreadOffset: source.unreadOffset)
    if let wrong { return "the committed part: \(wrong)" }
    return whole.starts(with: all.events) ? nil : "the committed part: \(all.events), the whole: \(whole)"
  }

  private mutating func readHeader() throws(SourceError) -> ExpectedHeader? {
    let format = source.decoder.page
    var found: ExpectedHeader?
    _ = try source.withNext { subbuffer in
      let page = subbuffer.bytes
      guard let header = try? PageHeader(in: page, format: format) else { return }
      found = ExpectedHeader(
        timestamp: header.timestamp, endOfData: header.endOfData, count: header.missedCount(in: page),
        loss: header.loss(in: page), commitSize: format.commitSize)
    }
    return found
  }
}

/// The expected ``PageHeader`` of some bytes, computed without its code.
private struct ExpectedHeader: Equatable {
  var timestamp: UInt64
  var endOfData: Int
  var count: UInt64?
  var loss: Loss
  var commitSize: Int

  /// The end of the stored count; `nil` if no count is stored.
  var endOfCount: Int? { count.map { _ in endOfData + commitSize } }

  init(timestamp: UInt64, endOfData: Int, count: UInt64?, loss: Loss, commitSize: Int) {
    self.timestamp = timestamp
    self.endOfData = endOfData
    self.count = count
    self.loss = loss
    self.commitSize = commitSize
  }

  /// Returns `nil` if the bytes have no room for a header.
  init?(_ bytes: [UInt8], _ format: PageFormat) {
    guard bytes.count >= format.dataOffset else { return nil }
    func number(at offset: Int, _ size: Int) -> UInt64 {
      bytes[offset..<offset + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let commit = number(at: 8, 4)
    let end = format.dataOffset + Int(commit % (1 << 30))
    let isStored = commit >> 30 == 0b11 && end + format.commitSize <= bytes.count
    let count = isStored ? number(at: end, format.commitSize) : nil
    self.init(
      timestamp: number(at: 0, 8), endOfData: end, count: count,
      loss: commit >> 31 == 0 ? .none : count.map { .events($0) } ?? .some, commitSize: format.commitSize)
  }
}
