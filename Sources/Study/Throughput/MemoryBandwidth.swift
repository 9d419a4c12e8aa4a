import Glibc

/// The bandwidth of the machine's memory, as one thread gets it.
struct MemoryBandwidth {
  /// The number of bytes copied or read at a time.
  static let bytes = 32 << 20

  private let memory: UnsafeMutableRawBufferPointer

  /// Memory that was touched once.
  init() {
    memory = .allocate(byteCount: 2 * MemoryBandwidth.bytes, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 1)
  }

  func deallocate() { memory.deallocate() }

  /// Half of the memory copied into the other half, by memcpy, in nanoseconds.
  func copy() -> UInt64 {
    let begin = MonotonicClock.now()
    if let start = memory.baseAddress { memcpy(start, start + MemoryBandwidth.bytes, MemoryBandwidth.bytes) }
    return MonotonicClock.now() - begin
  }

  /// Half of the memory read, words of 8 bytes added up, in nanoseconds.
  func read() -> UInt64 {
    let words = UnsafeRawBufferPointer(memory).bindMemory(to: UInt64.self).prefix(MemoryBandwidth.bytes / 8)
    let begin = MonotonicClock.now()
    var sum: UInt64 = 0
    for word in words { sum &+= word }
    let end = MonotonicClock.now()
    // The memory holds nothing but ones, so that the sum is known and has to be made.
    return sum == 0 ? 0 : end - begin
  }
}
