import Glibc
import SubbufferSource
import SubbufferSourceConformance
import Synchronization

/// A ring buffer without sub-buffers: bytes between a tail, which the reader moves, and a head, which the writer moves, in
/// memory that is mapped twice, so that nothing wraps. When it is full it drops new events and counts them. An event is
/// that of ``MemoryRing``.
final class ByteRing: ConformanceWriter, @unchecked Sendable {
  struct State {
    /// Positions in bytes since the ring buffer was made.
    var head = 0
    var tail = 0
    var lost: UInt64 = 0
    var ended = false
  }

  let capacity: Int
  let base: UnsafeMutableRawPointer
  let state = Mutex(State())
  /// For its pipe alone.
  let announcements = SharedMemory(subbufferSize: 64, count: 1)

  /// - Parameter capacity: whole pages.
  init(capacity: Int) throws(SourceError) {
    self.capacity = capacity
    var path = Array("/dev/shm/byte-ring-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    unlink(path)
    defer { close(file) }
    let address = mmap(nil, 2 * capacity, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard file >= 0, ftruncate(file, off_t(capacity)) == 0, let address, address != MAP_FAILED else {
      throw SourceError(.machine, call: "mmap")
    }
    for half in [address, address + capacity] {
      guard mmap(half, capacity, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) == half else {
        throw SourceError(.machine, call: "mmap")
      }
    }
    base = address
  }

  deinit { munmap(base, 2 * capacity) }

  func write(first: UInt64, count: UInt64, payload: Int) -> Written {
    let size = MemoryRing.eventSize(payload: payload)
    guard size <= capacity else { return Written(accepted: 0, refused: count) }
    state.withLock { state in
      for sequence in first..<first + count {
        guard state.head - state.tail + size <= capacity else {
          state.lost += 1
          continue
        }
        let event = base + state.head % capacity
        event.storeBytes(of: UInt32(payload), as: UInt32.self)
        event.storeBytes(of: sequence, toByteOffset: 4, as: UInt64.self)
        memset(event + 12, Int32(truncatingIfNeeded: sequence), payload)
        state.head += size
        announcements.announce()
      }
    }
    return Written(accepted: count, refused: 0)
  }

  func end() {
    state.withLock { $0.ended = true }
  }
}

/// Hands out what lies between tail and head.
struct ByteSource: SubbufferSource, ~Copyable {
  let ring: ByteRing
  let decoder = MemoryDecoder()
  private let lease: Lease
  private var number: UInt64 = 0

  /// The context of the release: the head up to which bytes were handed out.
  final class Lease {
    let ring: ByteRing
    var end: Int?
    init(_ ring: ByteRing) { self.ring = ring }
  }

  init(_ ring: ByteRing) {
    self.ring = ring
    lease = Lease(ring)
  }

  var geometry: Geometry { Geometry(capacity: ring.capacity) }
  var capabilities: Capabilities { [.explicitRelease, .finalization] }

  mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    let state = ring.state.withLock { state in
      if state.head == state.tail { ring.announcements.forgetAnnouncements() }
      return (head: state.head, tail: state.tail, ended: state.ended)
    }
    guard state.head > state.tail else { return state.ended ? .finished : .nothingYet }
    lease.end = state.head
    number += 1
    return .subbuffer(
      UnsafeHandover(
        start: UnsafeRawPointer(ring.base + state.tail % ring.capacity), count: state.head - state.tail,
        unreadOffset: 0, loss: .notTold, lossChannel: .nowhere, number: number,
        put: UnsafePut("store tail", Unmanaged.passUnretained(lease).toOpaque()) { context in
          let lease = Unmanaged<Lease>.fromOpaque(context).takeUnretainedValue()
          guard let end = lease.end else { return -EINVAL }
          lease.end = nil
          lease.ring.state.withLock { $0.tail = end }
          return 0
        }))
  }

  mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    switch ring.announcements.poll(timeout) {
    case 0: .timedOut
    case 1: .ready
    default: throw SourceError(call: "poll", errno: .interrupted)
    }
  }

  mutating func flush() throws(SourceError) -> Flush { .notNeeded }

  mutating func lossChannels() throws(SourceError) -> [LossReading] {
    [LossReading(channel: .byteRingLost, loss: .counted(ring.state.withLock(\.lost)), since: .ringBuffer)]
  }
}

extension LossChannel {
  /// The counter of the ring buffer.
  static let byteRingLost = LossChannel("lost", place: .mapping)
}

/// Byte rings read by the correct source.
struct ByteHarness: ConformanceHarness {
  let name = "bytes"
  let modes = [RingMode.discard]
  let subbufferSizes = [4096, 65536]
  let headerSize = 0
  let largestPayload = 65536
  let endsWriter = true
  let writesConcurrently = true

  func eventSize(payload: Int) -> Int { MemoryRing.eventSize(payload: payload) }

  func withSource<Visitor: ConformanceVisitor>(_ shape: RingShape, _ visitor: inout Visitor) throws(SourceError) {
    let ring = try ByteRing(capacity: shape.capacity)
    var source = ByteSource(ring)
    visitor.visit(&source, ring)
  }
}
