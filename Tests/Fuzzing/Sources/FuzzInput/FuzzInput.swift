/// One input of libFuzzer: some numbers first, from which an input chooses how it is decoded, and then the bytes to
/// decode.
public struct FuzzInput {
  private var rest: ArraySlice<UInt8>

  /// The input at an address.
  public init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    rest = [UInt8](UnsafeBufferPointer(start: start, count: count))[...]
  }

  /// Takes a number of two bytes, little endian, off the input; what is missing is zero.
  public mutating func number() -> Int {
    let number = rest.prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
    rest = rest.dropFirst(2)
    return number
  }

  /// What is left.
  public var bytes: [UInt8] { Array(rest) }

  /// An input of numbers and bytes, for a seed.
  public static func seed(_ numbers: [UInt16], _ bytes: [UInt8]) -> [UInt8] {
    numbers.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] } + bytes
  }
}
