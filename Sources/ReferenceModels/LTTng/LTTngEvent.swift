/// An event of the model: a header word, the sequence number, and a payload that follows from the sequence number.
///
/// The header word has the number of bytes after it in its low half (those of the sequence number and the payload, not
/// those that fill the last word), and the low half of the time of the reservation in its high half.
struct LTTngEvent: Sendable, Hashable {
  /// The sequence number.
  let sequence: UInt64
  /// The size of the payload after the sequence number, in bytes.
  let payloadByteCount: Int

  /// The size of the header word in bytes.
  static let headerByteCount = 8
  /// The number of words of the event.
  var wordCount: Int { 2 + (payloadByteCount + 7) / 8 }
  /// The size of the event in bytes; `slot_size`.
  var slotSize: UInt64 { UInt64(wordCount) * 8 }

  /// A word of the event.
  func word(_ index: Int, timestamp: UInt64) -> UInt64 {
    switch index {
    case 0: UInt64(8 + payloadByteCount) | timestamp << 32
    case 1: sequence
    default: Self.payloadWord(index - 2, of: sequence)
    }
  }

  /// A word of the payload of the event with a sequence number.
  static func payloadWord(_ index: Int, of sequence: UInt64) -> UInt64 {
    sequence &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(index)
  }
}
