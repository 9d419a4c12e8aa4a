/// One input of libFuzzer: numbers that choose how to decode, followed by the bytes to decode.
public struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  /// Creates the input from the bytes at an address.
  public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    rest = [UInt8](UnsafeBufferPointer(start: start, count: count))[...]
  }

  /// Takes a two-byte little-endian number off the input; missing bytes count as zero.
  public mutating func number() -> Int {
    let number = rest.prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(2)
    return number
  }

  /// The remaining bytes.
  public var bytes: [UInt8] { Array(rest) }

  /// Returns the input that consists of numbers and bytes, for a seed.
  public static func seed(_ numbers: [UInt16], _ bytes: [UInt8]) -> [UInt8] {
    numbers.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] } + bytes
  }
}
