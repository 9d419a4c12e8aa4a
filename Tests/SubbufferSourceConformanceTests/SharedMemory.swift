import Glibc
import SubbufferSource

/// The sub-buffers of a ``MemoryRing``, and the pipe with which its writer wakes the reader.
///
/// Sendable, because every access holds the ring's lock, except the reader's accesses to the sub-buffer that it holds.
final class SharedMemory: @unchecked Sendable {
  let subbufferSize: Int
  private let base: UnsafeMutableRawPointer
  private var pipeEnds: [Int32] = [-1, -1]

  init(subbufferSize: Int, count: Int) {
    self.subbufferSize = subbufferSize
    // One spare sub-buffer, so that an overlong hand-over does not end the test.
    let size = subbufferSize * (count + 1)
    base = .allocate(byteCount: size, alignment: 16)
    memset(base, 0, size)
    pipe(&pipeEnds)
    for end in pipeEnds { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
  }

  deinit {
    base.deallocate()
    for end in pipeEnds { close(end) }
  }

  func start(_ index: Int) -> UnsafeMutableRawPointer { base + index * subbufferSize }
  func used(_ index: Int) -> Int { Int(start(index).load(as: UInt32.self)) }
  func lost(_ index: Int) -> UInt32 { start(index).load(fromByteOffset: 4, as: UInt32.self) }

  func clear(_ index: Int, lost: UInt32) {
    start(index).storeBytes(of: 0, as: UInt32.self)
    start(index).storeBytes(of: lost, toByteOffset: 4, as: UInt32.self)
  }

  func addLost(_ count: UInt32, to index: Int) {
    start(index).storeBytes(of: lost(index) + count, toByteOffset: 4, as: UInt32.self)
  }

  func append(_ sequence: UInt64, _ payload: Int, to index: Int) {
    let event = start(index) + MemoryRing.headerSize + used(index)
    event.storeBytes(of: UInt32(payload), as: UInt32.self)
    event.storeBytes(of: sequence, toByteOffset: 4, as: UInt64.self)
    memset(event + 12, Int32(truncatingIfNeeded: sequence), payload)
    start(index).storeBytes(of: UInt32(used(index) + MemoryRing.eventSize(payload: payload)), as: UInt32.self)
  }

  /// Returns the number of events in a sub-buffer.
  func events(_ index: Int) -> UInt32 {
    var count: UInt32 = 0
    var offset = 0
    while offset < used(index) {
      let payload = (start(index) + MemoryRing.headerSize + offset).loadUnaligned(as: UInt32.self)
      offset += MemoryRing.eventSize(payload: Int(payload))
      count += 1
    }
    return count
  }

  /// Wakes the reader.
  func announce() {
    var byte: UInt8 = 1
    // A full pipe also wakes the reader.
    _ = write(pipeEnds[1], &byte, 1)
  }

  /// Empties the pipe.
  func forgetAnnouncements() {
    var bytes = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
    while read(pipeEnds[0], &bytes, 32) > 0 {}
  }

  /// Returns the result of `poll(2)` on the pipe.
  func poll(_ timeout: Milliseconds) -> Int32 {
    var request = pollfd(fd: pipeEnds[0], events: Int16(POLLIN), revents: 0)
    return Glibc.poll(&request, 1, timeout)
  }
}
