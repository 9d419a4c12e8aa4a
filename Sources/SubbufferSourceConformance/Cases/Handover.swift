import SubbufferSource

/// The observations of one hand-over.
struct Handover {
  /// The sequence numbers of its events, as runs of consecutive ones in the order in which they came.
  private(set) var runs: [ClosedRange<UInt64>] = []
  let loss: Loss
  let count: Int
  let unreadOffset: Int
  /// The error that keeps the rest of its events from being decoded.
  private(set) var malformed: MalformedSubbuffer?
  /// `true` if it lies within one sub-buffer; its bytes are looked at only then.
  let isOneSubbuffer: Bool

  init(_ subbuffer: borrowing Subbuffer, _ decoder: some SubbufferDecoder, subbufferSize: Int) {
    loss = subbuffer.loss
    unreadOffset = subbuffer.unreadOffset
    count = subbuffer.unreadOffset &+ subbuffer.unreadCount
    isOneSubbuffer = count >= 0 && count <= subbufferSize && (0...count).contains(unreadOffset)
    guard isOneSubbuffer else { return }
    var runs: [ClosedRange<UInt64>] = []
    do throws(MalformedSubbuffer) {
      try decoder.forEachSequenceNumber(in: subbuffer) { number in
        if let last = runs.last, last.upperBound < number, number - last.upperBound == 1 {
          runs[runs.count - 1] = last.lowerBound...number
        } else {
          runs.append(number...number)
        }
      }
    } catch {
      malformed = error
    }
    self.runs = runs
  }

  /// The least and the greatest of its sequence numbers.
  var extent: ClosedRange<UInt64>? {
    guard let least = runs.map(\.lowerBound).min(), let greatest = runs.map(\.upperBound).max() else { return nil }
    return least...greatest
  }
}

extension Subbuffer {
  /// The bytes after the header as they are now.
  borrowing func bytes(behind headerSize: Int) -> [UInt8] {
    withBytes { bytes in bytes.withUnsafeBytes { Array($0.dropFirst(headerSize)) } }
  }
}
