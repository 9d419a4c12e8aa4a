import Glibc
import SubbufferSource
import SystemPackage

/// The reader of a ``MemoryRing``; it keeps every clause.
///
/// It has one of two variants: a release call, finalization and flush, as LTTng; or partial visibility and a release
/// that the next acquire implies, as the kernel's mapped ring buffer.
struct MemorySource: SubbufferSource, ~Copyable {
  let ring: MemoryRing
  let decoder = MemoryDecoder()
  private let lease: Lease
  private var told: UInt64 = 0
  /// In the second variant: the held sub-buffer, and the number of its bytes that were handed out.
  private var held: Int?
  private var handedOut = 0

  /// The context of the release call.
  final class Lease {
    let ring: MemoryRing
    var held: Int?
    init(_ ring: MemoryRing) { self.ring = ring }
  }

  init(_ ring: MemoryRing) {
    self.ring = ring
    lease = Lease(ring)
  }

  var geometry: Geometry {
    Geometry(
      subbufferSize: ring.shape.subbufferSize, subbufferCount: ring.shape.subbufferCount + 1, readerSubbuffers: 1)
  }

  var capabilities: Capabilities {
    ring.isPartial ? .partialVisibility : [.explicitRelease, .finalization, .flush]
  }

  mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    ring.isPartial ? acquirePartial() : acquireDelivered()
  }

  private mutating func acquireDelivered() -> UnsafeOutcome {
    let (next, ended) = ring.state.withLock { state -> (Int?, Bool) in
      if let next = state.ready.popFirst() { return (next, false) }
      ring.memory.forgetAnnouncements()
      return (nil, state.ended)
    }
    guard let next else { return ended ? .finished : .nothingYet }
    lease.held = next
    var handover = handover(next, from: 0, to: ring.memory.used(next))
    handover.put = UnsafePut("put", Unmanaged.passUnretained(lease).toOpaque()) { context in
      let lease = Unmanaged<Lease>.fromOpaque(context).takeUnretainedValue()
      guard let held = lease.held else { return -EINVAL }
      lease.held = nil
      lease.ring.release(held)
      return 0
    }
    return .subbuffer(handover)
  }

  private mutating func acquirePartial() -> UnsafeOutcome {
    let next = ring.state.withLock { state -> (index: Int, from: Int, to: Int)? in
      if let held {
        if ring.memory.used(held) > handedOut { return (held, handedOut, ring.memory.used(held)) }
        if state.current != held {
          self.held = nil
          handedOut = 0
          state.heldPartial = nil
          state.free.append(held)
        }
      }
      if held == nil { held = state.ready.popFirst() }
      if held == nil, let current = state.current {
        held = current
        state.heldPartial = current
      }
      guard let held, ring.memory.used(held) > handedOut else {
        ring.memory.forgetAnnouncements()
        return nil
      }
      return (held, handedOut, ring.memory.used(held))
    }
    guard let next else { return .nothingYet }
    handedOut = next.to
    return .subbuffer(handover(next.index, from: next.from, to: next.to))
  }

  private mutating func handover(_ index: Int, from: Int, to end: Int) -> UnsafeHandover {
    let lost = from == 0 ? UInt64(ring.memory.lost(index)) : 0
    told += lost
    return UnsafeHandover(
      start: ring.memory.start(index), count: MemoryRing.headerSize + end, unreadOffset: MemoryRing.headerSize + from,
      loss: .counted(lost), lossChannel: .subbufferHeader, number: UInt64(index))
  }

  mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    switch ring.memory.poll(timeout) {
    case 0: .timedOut
    case 1: .ready
    default: throw SourceError(call: "poll", errno: Errno(rawValue: errno))
    }
  }

  mutating func flush() throws(SourceError) -> Flush {
    guard !ring.isPartial else { return .notNeeded }
    ring.state.withLock { ring.deliver(&$0) }
    return .flushed
  }

  mutating func lossChannels() throws(SourceError) -> [LossReading] {
    [LossReading(channel: .subbufferHeader, loss: .counted(told))]
  }
}
