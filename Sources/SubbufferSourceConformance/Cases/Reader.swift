import SubbufferSource

/// Reads a source and keeps what it saw.
struct Reader {
  /// The result of one acquire.
  enum Taken {
    case subbuffer
    case nothingYet
    case finished
  }

  /// The method of releasing a sub-buffer.
  enum Giving {
    case released
    case dropped
  }

  private(set) var handovers: [Handover] = []
  /// All sequence numbers that were handed out.
  private(set) var delivered = SequenceSet()
  /// The hand-overs in a row without an event that is new.
  private var idle = 0
  /// The error of the last release that was refused.
  private(set) var refusedRelease: SourceError?

  /// Acquires once, reads, and gives the sub-buffer back.
  /// - Throws: inconclusive, where a call fails or the hand-over cannot be read.
  mutating func take<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ giving: Giving = .released
  ) throws(CaseEnd) -> Taken {
    do throws(SourceError) {
      return try takeOrFail(&source, giving)
    } catch {
      throw CaseEnd(error, in: refusedRelease == nil ? "acquire" : "release")
    }
  }

  /// The same, with the source's own errors.
  mutating func takeOrFail<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ giving: Giving = .released
  ) throws(SourceError) -> Taken {
    let decoder = source.decoder
    let subbufferSize = source.geometry.subbufferSize
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      enter(Handover(subbuffer, decoder, subbufferSize: subbufferSize))
      if giving == .released { try release(subbuffer) }
      return .subbuffer
    case .nothingYet: return .nothingYet
    case .finished: return .finished
    }
  }

  private mutating func enter(_ handover: Handover) {
    handovers.append(handover)
    idle += 1
    for run in handover.runs {
      if delivered.common(with: run).total < [run].total { idle = 0 }
      delivered.insert(run)
    }
  }

  private mutating func release(_ subbuffer: consuming Subbuffer) throws(SourceError) {
    do throws(SourceError) {
      try subbuffer.release()
    } catch {
      refusedRelease = error
      throw error
    }
  }

  /// Reads until there is nothing.
  /// - Throws: inconclusive, where a call fails or a hand-over cannot be read; endless, where there is no end.
  @discardableResult
  mutating func drain<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ bench: Bench, _ giving: Giving = .released
  ) throws(CaseEnd) -> Taken {
    while true {
      let taken = try take(&source, giving)
      guard case .subbuffer = taken else { return taken }
      try checkLast(bench)
    }
  }

  /// Throws if the last hand-over could not be read, or no more can come.
  func checkLast(_ bench: Bench) throws(CaseEnd) {
    guard let last = handovers.last else { return }
    if idle > bench.idleBound { throw .endless }
    if let greatest = delivered.greatest, greatest >= bench.next {
      throw .inconclusive("event \(greatest) was handed out, and \(bench.next) were written")
    }
    if !last.isOneSubbuffer { throw .inconclusive("a hand-over is not one sub-buffer (clause 1)") }
    if let malformed = last.malformed { throw .inconclusive("a hand-over cannot be decoded: \(malformed)") }
  }
}

extension SubbufferSource where Self: ~Copyable {
  /// Flushes.
  /// - Throws: inconclusive, where that fails.
  mutating func flushOrEnd() throws(CaseEnd) {
    do throws(SourceError) {
      _ = try flush()
    } catch {
      throw CaseEnd(error, in: "flush")
    }
  }

  /// Waits.
  /// - Throws: inconclusive, where that fails.
  mutating func waitOrEnd(_ timeout: Milliseconds) throws(CaseEnd) -> Readiness {
    do throws(SourceError) {
      return try wait(timeout)
    } catch {
      throw CaseEnd(error, in: "wait")
    }
  }
}
