import Glibc
import Synchronization

/// A ring buffer in memory, for one writing and one reading thread. A writer that finds it full drops the new event.
///
/// A sub-buffer begins with u64 `used`, the bytes in use when the writer left it, and u64 `lost`, the events dropped before
/// it. An event is u32 length of the payload, u64 sequence number, payload.
public final class SharedRing: @unchecked Sendable {
  /// The bytes before the first event of a sub-buffer.
  public static let headerSize = 16

  /// The bytes that an event takes.
  public static func eventSize(payload: Int) -> Int { 12 + payload }

  /// The size of a sub-buffer in bytes.
  public let subbufferSize: Int
  /// The number of sub-buffers.
  public let subbufferCount: Int

  /// Where the writer is: the number of its sub-buffer, counted from the beginning, and the bytes in use there. Both in one
  /// word, so that the reader never sees one without the other.
  let head = Atomic<UInt64>(UInt64(headerSize))
  /// The number of the sub-buffer that the reader is at; those before it are the writer's.
  let tail = Atomic<UInt64>(0)
  let ended = Atomic<Bool>(false)
  /// Has a byte when there may be something to read.
  let wakeup: (read: Int32, write: Int32)

  private let memory: UnsafeMutableRawPointer
  private var dropped: UInt64 = 0

  /// Makes an empty ring buffer.
  public init(subbufferSize: Int, subbufferCount: Int) {
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    memory = .allocate(byteCount: subbufferSize * subbufferCount, alignment: 16)
    memset(memory, 0, subbufferSize * subbufferCount)
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    wakeup = (ends[0], ends[1])
  }

  deinit {
    memory.deallocate()
    close(wakeup.read)
    close(wakeup.write)
  }

  /// Writes one event.
  /// - Returns: whether it is not too big for a sub-buffer. One that finds the ring buffer full is dropped and counted.
  public func write(_ sequence: UInt64, payload: Int) -> Bool {
    let size = Self.eventSize(payload: payload)
    guard Self.headerSize + size <= subbufferSize else { return false }
    var (number, used) = position(head.load(ordering: .relaxed))
    // After a dropped event a new sub-buffer is begun, whose header tells of it.
    if used + size > subbufferSize || dropped > 0 {
      start(number).storeBytes(of: UInt64(used), as: UInt64.self)
      guard number + 1 - tail.load(ordering: .acquiring) < UInt64(subbufferCount) else {
        dropped += 1
        return true
      }
      (number, used) = (number + 1, Self.headerSize)
      start(number).storeBytes(of: dropped, toByteOffset: 8, as: UInt64.self)
      dropped = 0
    }
    let event = start(number) + used
    event.storeBytes(of: UInt32(payload), as: UInt32.self)
    event.storeBytes(of: sequence, toByteOffset: 4, as: UInt64.self)
    memset(event + 12, 0x5A, payload)
    head.store(number << 32 | UInt64(used + size), ordering: .releasing)
    wakeUp()
    return true
  }

  /// Says that nothing will be written any more.
  public func end() {
    ended.store(true, ordering: .releasing)
    wakeUp()
  }

  func position(_ word: UInt64) -> (number: UInt64, used: Int) { (word >> 32, Int(word & 0xFFFF_FFFF)) }

  func start(_ number: UInt64) -> UnsafeMutableRawPointer {
    memory + Int(number % UInt64(subbufferCount)) * subbufferSize
  }

  private func wakeUp() {
    var byte: UInt8 = 1
    // A pipe that is full wakes the reader up as well.
    _ = Glibc.write(wakeup.write, &byte, 1)
  }
}
