import SubbufferSource
import Testing

/// What was seen of one sub-buffer.
struct Seen {
  var sequences: [UInt64] = []
  var loss: Loss

  init(_ subbuffer: borrowing Subbuffer, _ decoder: some SubbufferDecoder) {
    loss = subbuffer.loss
    var found: [UInt64] = []
    do {
      try decoder.forEachSequenceNumber(in: subbuffer) { found.append($0) }
    } catch {
      Issue.record(error)
    }
    sequences = found
  }
}

extension SubbufferSource where Self: ~Copyable {
  /// Reads all that is there.
  mutating func readAll(_ body: (Seen) -> Void) throws(SourceError) {
    let decoder = decoder
    while true {
      switch try acquire() {
      case .subbuffer(let subbuffer):
        body(Seen(subbuffer, decoder))
        try subbuffer.release()
      case .nothingYet: return
      case .finished: return
      }
    }
  }
}

extension Subbuffer {
  /// The bytes as they are now.
  borrowing func copy() -> [UInt8] {
    withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
  }
}
