import CSharedRing
import SubbufferSource

/// The reader of a ``SharedRing``. The lease comes from the contract; clause numbers are those of ``SubbufferSource``.
public struct SharedRingSource: SubbufferSource, ~Copyable {
  private let ring: SharedRing
  private var reader = shared_ring_reader()
  private var handover = shared_ring_handover()
  private var reported: UInt64 = 0

  /// Continues after the last reader; there may be one at a time.
  public init(_ ring: SharedRing) {
    self.ring = ring
    shared_ring_open_reader(&reader, ring.start)
  }

  /// Reads events of the workload.
  public let decoder = SharedRingDecoder()

  /// The writer's sub-buffers and the reader's (clause 14).
  public var geometry: Geometry {
    Geometry(
      subbufferSize: ring.configuration.subbufferSize, subbufferCount: ring.configuration.subbufferCount + 1,
      readerSubbuffers: 1)
  }

  /// A partial sub-buffer can be read.
  public let capabilities: Capabilities = .partialVisibility

  /// Takes the rest of the reader's sub-buffer, or else the next sub-buffer, which releases this one (clause 8).
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    guard shared_ring_acquire(&reader, &handover) == 1, let start = handover.start else { return .nothingYet }
    reported &+= handover.lost
    return .subbuffer(
      UnsafeHandover(
        start: start, count: Int(handover.count), unreadOffset: Int(handover.unread), loss: .counted(handover.lost),
        lossChannel: .subbufferHeader, number: handover.number))
  }

  /// Waits on the futex. A signal ends the wait with `EINTR` (clause 10).
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    let result = shared_ring_wait(&reader, timeout)
    if result < 0 { throw SourceError(call: "futex", errno: .init(rawValue: -result)) }
    return result == 1 ? .ready : .timedOut
  }

  /// A partial sub-buffer is handed out as it is (clause 12).
  public mutating func flush() throws(SourceError) -> Flush { .notNeeded }

  /// The counter `lost`, and the sum of what was reported with hand-overs. The first is the recipe: it has later losses too.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] {
    [
      LossReading(channel: .controlPage, loss: .counted(shared_ring_lost(ring.start)), since: .ringBuffer),
      LossReading(channel: .subbufferHeader, loss: .counted(reported)),
    ]
  }
}

/// Reads the events of a ``SharedRing``.
public struct SharedRingDecoder: SubbufferDecoder {
  /// There is one type.
  public let sequenceTypeID: UInt32 = 0

  /// Calls `body` for each event that was not handed out before. Each length is checked before it is used.
  public func forEachEvent(
    in subbuffer: borrowing Subbuffer, _ body: (Event, RawSpan) -> Void
  ) throws(MalformedSubbuffer) {
    let bytes = subbuffer.bytes
    var offset = subbuffer.unreadOffset
    while offset < bytes.byteCount {
      guard bytes.byteCount - offset >= 20 else { throw MalformedSubbuffer(offset: offset, reason: .headerTruncated) }
      let length = bytes.unsafeLoadUnaligned(fromByteOffset: offset + 16, as: UInt32.self)
      let size = Int(shared_ring_event_size(length))
      guard size <= bytes.byteCount - offset else {
        throw MalformedSubbuffer(offset: offset, reason: .eventBeyondData(UInt64(length)))
      }
      let time = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
      body(Event(timestamp: time, typeID: 0, payloadOffset: offset + 8, payloadCount: 12 + Int(length)), bytes)
      offset += size
    }
  }
}

extension LossChannel {
  /// The field `lost` of the control page.
  static let controlPage = LossChannel("control page lost", place: .mapping)
}
