import Glibc
import SubbufferSource

/// The reader of a ``SharedRing``: what a back end has to write. The lease and all that is unsafe with it come from the
/// contract; the numbers are those of its clauses.
public struct SharedRingSource: SubbufferSource, ~Copyable {
  private let ring: SharedRing
  /// How many bytes of the sub-buffer at the tail were handed out.
  private var handedOut = SharedRing.headerSize
  private var lost: UInt64 = 0
  /// `true` if bytes were taken out of the pipe that may have told of more than was handed out since.
  private var mayHoldMore = false

  /// Reads events of the workload.
  public let decoder = SharedRingDecoder()

  /// Reads a ring buffer; there may be one source for it at a time.
  public init(_ ring: SharedRing) {
    self.ring = ring
  }

  /// All sub-buffers are the writer's and the reader's in turn (clause 14).
  public var geometry: Geometry {
    Geometry(subbufferSize: ring.subbufferSize, subbufferCount: ring.subbufferCount, readerSubbuffers: 0)
  }

  /// Events can be read as soon as they are written, and the writer can end.
  public var capabilities: Capabilities { [.partialVisibility, .finalization] }

  /// Hands over what came since the last time: the rest of the sub-buffer at the tail, or the next one, which gives this
  /// one back (clause 8: here the release is implied). Nothing is allocated, locked or copied (clause 13).
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    if let handover = next() { return .subbuffer(handover) }
    // What comes from here on has a byte of its own in the pipe; what came before is found by looking again (clause 11).
    forgetWakeups()
    let ended = ring.ended.load(ordering: .acquiring)
    if let handover = next() {
      mayHoldMore = true
      return .subbuffer(handover)
    }
    mayHoldMore = false
    return ended ? .finished : .nothingYet
  }

  private mutating func next() -> UnsafeHandover? {
    let (number, used) = ring.position(ring.head.load(ordering: .acquiring))
    var tail = ring.tail.load(ordering: .relaxed)
    if tail < number, Int(ring.start(tail).load(as: UInt64.self)) == handedOut {
      // From here on the writer may use the sub-buffer: it was read, and so it is held no longer (clause 2).
      tail += 1
      ring.tail.store(tail, ordering: .releasing)
      handedOut = SharedRing.headerSize
    }
    let start = ring.start(tail)
    let count = tail < number ? Int(start.load(as: UInt64.self)) : used
    guard count > handedOut else { return nil }
    // Told once, with the first part of the sub-buffer (clause 9).
    let lostBefore = handedOut == SharedRing.headerSize ? start.load(fromByteOffset: 8, as: UInt64.self) : 0
    lost += lostBefore
    defer { handedOut = count }
    // What was handed out before is not handed out again (clause 3).
    return UnsafeHandover(
      start: start, count: count, unreadOffset: handedOut, loss: .counted(lostBefore), lossChannel: .subbufferHeader,
      number: tail)
  }

  private func forgetWakeups() {
    var bytes: (UInt64, UInt64) = (0, 0)
    while read(ring.wakeup.read, &bytes, 16) > 0 {}
  }

  /// Waits for a byte in the pipe. A signal ends it with an error that says so (clause 10).
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    if mayHoldMore { return .ready }
    var request = pollfd(fd: ring.wakeup.read, events: Int16(POLLIN), revents: 0)
    let ready = poll(&request, 1, timeout)
    if ready < 0 { throw SourceError(call: "poll", errno: .init(rawValue: errno)) }
    return ready == 0 ? .timedOut : .ready
  }

  /// There is nothing to flush: partial sub-buffers are handed out (clause 12).
  public mutating func flush() throws(SourceError) -> Flush { .notNeeded }

  /// What the headers told.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] {
    [LossReading(channel: .subbufferHeader, loss: .counted(lost))]
  }
}

/// Reads the events of a ``SharedRing``.
public struct SharedRingDecoder: SubbufferDecoder {
  /// There is one type.
  public let sequenceTypeID: UInt32 = 0

  /// Calls `body` for each event that was not handed out before. No length is believed before it is checked.
  public func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    var offset = subbuffer.unreadOffset
    while offset < bytes.byteCount {
      guard bytes.byteCount - offset >= 12 else { throw MalformedSubbuffer(offset: offset, reason: .headerTruncated) }
      let payload = Int(bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
      guard payload <= bytes.byteCount - offset - 12 else {
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(UInt64(payload)))
      }
      body(Event(timestamp: 0, typeID: 0, payloadOffset: offset + 4, payloadCount: 8 + payload), bytes)
      offset += 12 + payload
    }
  }
}
