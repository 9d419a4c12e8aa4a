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

extension Reader {
  /// Nothing is missing before the last event that was handed out.
  /// - Parameters:
  ///   - first: the first event that has to be there.
  ///   - atLeast: the least number of events for a conclusive result.
  /// - Throws: broken, where something is missing.
  func expectNoGap(_ bench: Bench, from first: UInt64 = 0, atLeast: UInt64) throws(CaseEnd) {
    let delivered = delivered
    guard let greatest = delivered.greatest, greatest < bench.next else {
      throw .inconclusive("none of the \(bench.next) events that were written was handed out")
    }
    let missing = delivered.missing(from: min(first, greatest)..<greatest)
    if !missing.isEmpty {
      throw .broken(
        expected: "every event up to \(greatest), the last one handed out", seen: "\(missing.text) missing")
    }
    if let refusing = bench.writes.first(where: { $0.refused > 0 }) {
      throw .inconclusive("the ring buffer refused events of \(refusing.first) … \(refusing.numbers.upperBound - 1)")
    }
    guard greatest + 1 >= atLeast else {
      throw .inconclusive("only \(greatest + 1) of \(bench.next) events were handed out")
    }
  }
}

/// The observations of one hand-over.
struct Handover {
  /// The sequence numbers of its events, as runs of consecutive ones in the order in which they came.
  private(set) var runs: [ClosedRange<UInt64>] = []
  let loss: Loss
  let count: Int
  let unreadOffset: Int
  /// The error that keeps the rest of its events from being decoded.
  private(set) var malformed: MalformedSubbuffer?
  /// `true` if it lies within one sub-buffer; its bytes are looked at only then.
  let isOneSubbuffer: Bool

  init(_ subbuffer: borrowing Subbuffer, _ decoder: some SubbufferDecoder, subbufferSize: Int) {
    loss = subbuffer.loss
    unreadOffset = subbuffer.unreadOffset
    count = subbuffer.unreadOffset &+ subbuffer.unreadCount
    isOneSubbuffer = count >= 0 && count <= subbufferSize && (0...count).contains(unreadOffset)
    guard isOneSubbuffer else { return }
    var runs: [ClosedRange<UInt64>] = []
    do throws(MalformedSubbuffer) {
      try decoder.forEachSequenceNumber(in: subbuffer) { number in
        if let last = runs.last, last.upperBound < number, number - last.upperBound == 1 {
          runs[runs.count - 1] = last.lowerBound...number
        } else {
          runs.append(number...number)
        }
      }
    } catch {
      malformed = error
    }
    self.runs = runs
  }

  /// The least and the greatest of its sequence numbers.
  var extent: ClosedRange<UInt64>? {
    guard let least = runs.map(\.lowerBound).min(), let greatest = runs.map(\.upperBound).max() else { return nil }
    return least...greatest
  }
}

extension Subbuffer {
  /// The bytes after the header as they are now.
  borrowing func bytes(behind headerSize: Int) -> [UInt8] {
    withBytes { bytes in bytes.withUnsafeBytes { Array($0.dropFirst(headerSize)) } }
  }
}

/// The cases of one clause so far.
struct Tally {
  private var cases = 0
  private var kept = 0
  private var broken: BrokenCase?
  private var inconclusive: String?
  private var notApplicable: String?

  /// `true` if more cases can change the verdict.
  var isBroken: Bool { broken != nil }

  /// Enters a case; `nil` is one that went to its end.
  mutating func enter(_ end: CaseEnd?, _ shape: RingShape, _ load: String) {
    cases += 1
    switch end {
    case nil: kept += 1
    case .broken(let expected, let seen):
      if broken == nil { broken = BrokenCase(shape: shape, load: load, expected: expected, seen: seen) }
    case .inconclusive(let reason), .interrupted(let reason):
      if inconclusive == nil { inconclusive = "\(shape); \(load): \(reason)" }
    case .endless:
      let reason = "hand-overs without an end, and nothing new in them (clause 5)"
      if inconclusive == nil { inconclusive = "\(shape); \(load): \(reason)" }
    case .notApplicable(let reason): notApplicable = reason
    }
  }

  /// Says why no case is made.
  mutating func skip(_ reason: String) {
    if inconclusive == nil { inconclusive = reason }
  }

  /// The result of the cases.
  func result(_ clause: Clause) -> ClauseResult {
    let verdict: ConformanceVerdict =
      if let broken {
        .broken(broken)
      } else if let inconclusive {
        .inconclusive(inconclusive)
      } else if kept > 0 {
        .kept
      } else if let notApplicable {
        .notApplicable(notApplicable)
      } else {
        .inconclusive("no case was run")
      }
    return ClauseResult(clause: clause, verdict: verdict, cases: cases)
  }
}
