import SubbufferSource

/// Clause 8: a ring buffer that is filled and read several times does not run full, however its sub-buffers are given back; no
/// release is refused; and there is a release call exactly where the capabilities say so.
struct Clause08ReleaseIsNeverForgotten: ClauseCase {
  let giving: Reader.Giving
  let load: String

  private static let rounds = 6

  init(_ giving: Reader.Giving) {
    self.giving = giving
    load = "nearly full ring buffers of the smallest events, flushed, read and \(giving), \(Self.rounds) times"
  }

  mutating func run<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    try expectCallAsTold(&source, &bench)
    let full = bench.sizes.full(payload: 0)
    var reader = Reader()
    for _ in 0..<Self.rounds {
      try bench.write((bench.shape.subbufferCount - 1) * full + 1)
      try source.flushOrEnd()
      do throws(CaseEnd) {
        try reader.drain(&source, bench, giving)
      } catch {
        if let refusal = reader.refusedRelease {
          throw .broken(expected: "the release of the sub-buffer that is held", seen: "the error '\(refusal)'")
        }
        throw error
      }
    }
    if let greatest = reader.delivered.greatest, greatest + UInt64(2 * full) < bench.next {
      throw .broken(
        expected: "room for the events up to \(bench.next - 1), as all of them are read and \(giving)",
        seen: "\(greatest) is the last one that could be read")
    }
    try reader.expectNoGap(bench, from: 1, atLeast: 1)
  }

  /// Looks at a hand-over itself.
  private func expectCallAsTold<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: inout Bench
  ) throws(CaseEnd) {
    try bench.write(1)
    try source.flushOrEnd()
    let hasCall: Bool
    do throws(SourceError) {
      guard case .subbuffer(let handover) = try source.unsafeAcquire() else {
        throw SourceError(call: "acquire", detail: "empty after a flush")
      }
      hasCall = handover.put != nil
      if let put = handover.put { _ = put.call(put.context) }
    } catch {
      throw CaseEnd(error, in: "acquire")
    }
    let isExplicit = source.capabilities.contains(.explicitRelease)
    if hasCall != isExplicit {
      throw .broken(
        expected: isExplicit
          ? "a release call, as the capabilities declare" : "no release call, as the capabilities declare",
        seen: hasCall ? "one" : "none")
    }
  }
}
