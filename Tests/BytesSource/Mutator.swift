/// SplitMix64: a small random number generator whose seed is all of its state, for tests that can be repeated.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator with a seed.
  public init(seed: UInt64) { state = seed }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Makes broken variants of good bytes.
public struct Mutator: Sendable {
  private var random: SplitMix64
  // Boundary values of lengths and flags.
  private static let interesting: [UInt64] = [
    0, 1, 3, 4, 7, 8, 28, 29, 30, 31, 0x7F, 0x80, 0xFF, 0xFFFF, 0x3FFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF8,
    0xFFFF_FFFC, 0xFFFF_FFFF, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFF8, .max,
  ]

  /// A mutator with a seed.
  public init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// Returns a variant of `bytes` with up to four changes and, in some variants, the end cut off.
  public mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count + 1))) }
    guard !bytes.isEmpty else { return bytes }
    for _ in 0...random.next() % 4 {
      let offset = Int(random.next() % UInt64(bytes.count))
      switch random.next() % 5 {
      case 0: bytes[offset] ^= 1 << UInt8(random.next() % 8)
      case 1: bytes[offset] = UInt8(truncatingIfNeeded: random.next())
      case 2: bytes.put(little: UInt32(truncatingIfNeeded: interestingValue()), at: offset & ~3)
      case 3: bytes.put(little: interestingValue(), at: offset & ~3)
      default: bytes.put(little: UInt32(truncatingIfNeeded: random.next() % UInt64(bytes.count * 2)), at: offset & ~3)
      }
    }
    return bytes
  }

  /// A number from 0 to `bound`.
  public mutating func upTo(_ bound: Int) -> Int { Int(random.next() % UInt64(bound + 1)) }

  private mutating func interestingValue() -> UInt64 {
    Self.interesting[Int(random.next() % UInt64(Self.interesting.count))]
  }
}
