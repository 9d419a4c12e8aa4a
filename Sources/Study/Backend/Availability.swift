import Platform
import SubbufferSource
import Workload

/// The availability of a back end on this machine.
public enum Availability: Sendable, Equatable {
  /// It can.
  case available
  /// It cannot, with the reason and the command that would enable it.
  case unavailable(reason: String, remedy: String)
}

extension StudiedBackend {
  /// Tests whether the back end can run here: makes a ring buffer, reads it once, and removes it.
  /// - Throws: ``SourceError`` of kind `interrupted` only: a trial that a signal ended says nothing about the back end.
  public func availability() throws(SourceError) -> Availability {
    var reader = OneAcquire()
    let availability: Availability
    do {
      try withRing(RingConfiguration(mode: .discard, producerCPU: producerCPU), &reader)
      availability = .available
    } catch {
      availability = .unavailable(reason: error.reason, remedy: error.remedy)
    }
    try Interruption.check()
    return availability
  }
}

private struct OneAcquire: RingVisitor {
  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    _ = try source.acquire()
  }
}
