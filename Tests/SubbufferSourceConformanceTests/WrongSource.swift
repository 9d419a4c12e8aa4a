import Glibc
import SubbufferSource
import SystemPackage

/// A ``MemorySource`` with a defect.
struct WrongSource: SubbufferSource, ~Copyable {
  private let defect: Defect
  private var base: MemorySource
  private var acquired = 0
  private var repeated: UnsafeHandover?
  private var toRelease: UnsafeHandover?
  private var wasFinished = false
  private var garbage: [UInt8] = []

  init(_ ring: MemoryRing, _ defect: Defect) {
    self.defect = defect
    base = MemorySource(ring)
  }

  private var ring: MemoryRing { base.ring }
  var decoder: MemoryDecoder { base.decoder }
  var capabilities: Capabilities { base.capabilities }

  var geometry: Geometry {
    var geometry = base.geometry
    if defect == .grows { geometry.subbufferCount += acquired / 2 }
    return geometry
  }

  mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    if let handover = repeated {
      repeated = nil
      return .subbuffer(handover)
    }
    before()
    switch try base.unsafeAcquire() {
    case .subbuffer(let handover):
      if defect == .forgetsTheOthers { ring.memory.forgetAnnouncements() }
      acquired += 1
      return .subbuffer(wrong(handover))
    case .nothingYet: return try wrongNothing()
    case .finished:
      defer { wasFinished = true }
      return defect == .finishedOnce && wasFinished ? .nothingYet : .finished
    }
  }

  private mutating func before() {
    switch defect {
    case .noReleaseCall:
      if let put = toRelease?.put { _ = put.call(put.context) }
      toRelease = nil
    case .newestFirst:
      ring.state.withLock { $0.ready.exchangeOldest() }
    case .waitsForTheWriter:
      while ring.state.withLock({ $0.ready.isEmpty }) { _ = ring.memory.poll(-1) }
    case .allocates:
      garbage = Array(repeating: 1, count: acquired + 1)
    default: break
    }
  }

  private mutating func wrong(_ handover: UnsafeHandover) -> UnsafeHandover {
    var handover = handover
    switch defect {
    case .twoSubbuffers: handover.count = 2 * geometry.subbufferSize
    case .givenBackAtOnce:
      if let put = handover.put { _ = put.call(put.context) }
      handover.put?.call = { _ in 0 }
    case .again:
      if acquired % 3 == 0 {
        repeated = handover
        repeated?.loss = .none
        handover.put?.call = { _ in 0 }
      }
    case .partialFromItsBeginning: handover.unreadOffset = MemoryRing.headerSize
    // All sub-buffers but one leak.
    case .leaks: if acquired <= ring.shape.subbufferCount { handover.put?.call = { _ in 0 } }
    case .refusesRelease:
      handover.put?.call = { context in
        let lease = Unmanaged<MemorySource.Lease>.fromOpaque(context).takeUnretainedValue()
        if let held = lease.held { lease.ring.release(held) }
        lease.held = nil
        return -EINVAL
      }
    case .noReleaseCall:
      toRelease = handover
      handover.put = nil
    case .tellsZero: handover.loss = .none
    case .cries: handover.loss = .events(1)
    case .miscounts: if case .events(let count) = handover.loss { handover.loss = .events(count + 1) }
    default: break
    }
    return handover
  }

  private mutating func wrongNothing() throws(SourceError) -> UnsafeOutcome {
    switch defect {
    case .throwsForNothing:
      throw SourceError(call: "acquire", errno: .resourceTemporarilyUnavailable)
    case .neverNothing:
      return .subbuffer(
        UnsafeHandover(
          start: ring.memory.start(0), count: MemoryRing.headerSize, unreadOffset: MemoryRing.headerSize, loss: .none,
          lossChannel: .subbufferHeader, number: 0))
    case .finishedTooEarly: return .finished
    case .nothingConsumes: ring.dropCurrent()
    default: break
    }
    return .nothingYet
  }

  mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    do throws(SourceError) {
      let readiness = try base.wait(defect == .looksOnce ? 0 : timeout)
      if defect == .looksOnce, readiness == .timedOut, poll(nil, 0, timeout) < 0 {
        throw SourceError(call: "poll", errno: Errno(rawValue: errno))
      }
      return defect == .sleepsOver ? .timedOut : defect == .alwaysReady ? .ready : readiness
    } catch {
      if defect == .interruptedWaitLoses { ring.dropCurrent() }
      if defect == .namelessErrors { throw SourceError(call: "", errno: error.errno) }
      throw error
    }
  }

  mutating func flush() throws(SourceError) -> Flush {
    defect == .flushForgets ? .flushed : try base.flush()
  }

  mutating func lossChannels() throws(SourceError) -> [LossReading] {
    try base.lossChannels()
  }
}
