import Platform
import SubbufferSource

/// The access counts of a complete reader of an ABI: counts the calls and accesses of a lap, in each way of reading it.
public struct SurfaceStudy: Sendable {
  /// A process of this program that calls ``TracedDrain/read(_:_:say:hear:)``.
  package typealias Traced =
    @Sendable (any StudiedBackend, RingConfiguration.Mode) throws(SourceError) -> PipedProcess

  /// The command of the process whose system calls ptrace counts; `nil` if ptrace is not used.
  package var traced: Traced?

  /// Describes a study.
  package init(traced: Traced?) {
    self.traced = traced
  }

  /// The number of times that it is begun again where a load was not read as it was written.
  private static let attempts = 3

  /// Counts on one back end in one mode.
  /// - Returns: a result for each way of reading; none of a back end that has no live reader.
  /// - Throws: ``SourceError`` where a call fails that is not one of counting.
  public func callAsFunction(
    on backend: any StudiedBackend, _ mode: RingConfiguration.Mode
  ) throws(SourceError) -> [SurfaceResult] {
    let configuration = RingConfiguration(mode: mode, producerCPU: backend.producerCPU)
    var results: [SurfaceResult] = []
    for _ in 0..<SurfaceStudy.attempts {
      var counting = SurfaceCounting(backend: backend, configuration: configuration)
      try backend.withReaderSurface(configuration, &counting)
      results = counting.results
      if !counting.isBroken { break }
    }
    return results.isEmpty ? [] : try traced(backend, mode, results)
  }

  private func traced(
    _ backend: any StudiedBackend, _ mode: RingConfiguration.Mode, _ results: [SurfaceResult]
  ) throws(SourceError) -> [SurfaceResult] {
    guard let traced else { return results }
    var results = results
    var failure: SourceError?
    for _ in 0..<SurfaceStudy.attempts {
      do {
        let ways = try TracedDrain.trace(try traced(backend, mode))
        for (index, calls) in zip(results.indices, ways) { results[index].tracedCalls = calls }
        return results
      } catch {
        try Interruption.check()
        failure = error
        // If tracing is not permitted, it will not be the next time either.
        if error.kind == .unavailable { break }
      }
    }
    if let failure {
      for index in results.indices { results[index].add(notCounted: SurfaceCounting.tracedCalls, failure) }
    }
    return results
  }
}

extension SurfaceResult {
  /// Records the reason why something was not counted.
  mutating func add(notCounted what: String, _ error: SourceError) {
    notCounted.append(NotCounted(what: what, reason: error.reason, remedy: error.remedy))
  }
}
