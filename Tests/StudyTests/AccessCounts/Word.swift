/// Memory whose loads and stores are executed exactly as written.
final class Word {
  private let words = UnsafeMutablePointer<UInt64>.allocate(capacity: 8)
  private let halves: UnsafeMutablePointer<UInt32>

  init() {
    words.initialize(repeating: 0, count: 8)
    halves = UnsafeMutableRawPointer(words).assumingMemoryBound(to: UInt32.self)
  }

  deinit { words.deallocate() }

  /// The start address.
  var address: UInt { UInt(bitPattern: words) }

  /// Loads the eight bytes at an offset, by one instruction.
  @inline(never) @_optimize(none)
  func load(_ offset: Int = 0) -> UInt64 { words[offset / 8] }

  /// Stores eight bytes at an offset, by one instruction.
  @inline(never) @_optimize(none)
  func store(_ offset: Int = 0) { words[offset / 8] = 1 }

  /// Stores four bytes at an offset, by one instruction.
  @inline(never) @_optimize(none)
  func storeHalf(_ offset: Int) { halves[offset / 4] = 1 }
}
