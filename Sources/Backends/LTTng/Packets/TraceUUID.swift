import SubbufferSource

/// The `uuid` of a packet header: 16 bytes, in the order in which they lie in the packet (RFC 4122).
public struct TraceUUID: Sendable, Hashable, CustomStringConvertible {
  /// Bytes 0 to 7, the first one the most significant.
  public var high: UInt64
  /// Bytes 8 to 15, the first one the most significant.
  public var low: UInt64

  /// Makes a UUID of its two halves.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The usual form: 8-4-4-4-12 hexadecimal digits, as a CTF metadata text has it.
  public var description: String {
    let digits = [high, low].map { half in
      let text = String(half, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
    var text = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { text += "-" }
      text.append(digit)
    }
    return text
  }
}
