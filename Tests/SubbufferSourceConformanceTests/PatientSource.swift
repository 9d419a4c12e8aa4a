import SubbufferSource

/// A ``MemorySource`` whose wait continues after a signal.
struct PatientSource: SubbufferSource, ~Copyable {
  private var base: MemorySource

  init(_ ring: MemoryRing) {
    base = MemorySource(ring)
  }

  var decoder: MemoryDecoder { base.decoder }
  var geometry: Geometry { base.geometry }
  var capabilities: Capabilities { base.capabilities }

  mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome { try base.unsafeAcquire() }

  mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    let end = ContinuousClock.now + .milliseconds(timeout)
    while true {
      let left = ContinuousClock.now.duration(to: end) / .milliseconds(1)
      do throws(SourceError) {
        return try base.wait(Milliseconds(max(0, left)))
      } catch {
        if error.errno != .interrupted { throw error }
      }
    }
  }

  mutating func flush() throws(SourceError) -> Flush { try base.flush() }
  mutating func lossChannels() throws(SourceError) -> [LossReading] { try base.lossChannels() }
}
