import SubbufferSource

/// Compares what an ABI said was lost with what was lost.
public enum LossJudge {
  /// The judgement over one history.
  public struct Judgement: Sendable, Equatable {
    /// Produced minus delivered.
    public var lost: UInt64
    /// The number that the reader ABI gave.
    public var reported: UInt64?
    /// The channel it was taken from.
    public var channel: LossChannel
    /// How the two relate.
    public var verdict: LossResult.Verdict
    /// Why the verdict is inconclusive.
    public var reason: String?
  }

  /// Judges. The channels come in the order in which the source trusts them; the first that gives a number of events
  /// is the report; without one a number of packets, and without that a bare flag.
  ///
  /// Beside lost packets a number of events is not all, and says so; it can only be too much. LTTng's overwrite mode has
  /// both: overwritten packets, and events discarded since the next sub-buffer had an event that was not committed yet
  /// (`records_lost_wrap` in `lib_ring_buffer_try_reserve_slow`, LTTng-UST 2.13.5).
  public static func judge(_ history: LossHistory) -> Judgement {
    let produced = history.truth.produced
    let delivered = history.ledger.delivered
    let abi = history.channels.filter(\.channel.isReaderABI)
    func inconclusive(_ reason: String) -> Judgement {
      Judgement(
        lost: produced >= delivered ? produced - delivered : 0, reported: nil, channel: .nowhere,
        verdict: .inconclusive, reason: reason)
    }
    if let malformed = history.malformed { return inconclusive("\(malformed)") }
    if history.ledger.foreign > 0 {
      return inconclusive("\(history.ledger.foreign) sequence numbers that the producer did not write")
    }
    guard produced >= delivered else { return inconclusive("more events delivered than produced") }
    let lost = produced - delivered

    let packets = abi.first { if case .packets(let count) = $0.loss { count > 0 } else { false } }
    for reading in abi {
      if case .events(let count) = reading.loss, count > 0, packets == nil || count > lost {
        let verdict: LossResult.Verdict = count == lost ? .exact : count < lost ? .underReported : .overReported
        return Judgement(lost: lost, reported: count, channel: reading.channel, verdict: verdict)
      }
    }
    if let packets {
      return Judgement(
        lost: lost, reported: nil, channel: packets.channel, verdict: lost > 0 ? .packetsOnly : .overReported)
    }
    if let reading = abi.first(where: { $0.loss == .some }) {
      return Judgement(
        lost: lost, reported: nil, channel: reading.channel, verdict: lost > 0 ? .flagOnly : .overReported)
    }
    let zero = abi.first { $0.loss == .none }
    return Judgement(
      lost: lost, reported: zero == nil ? nil : 0, channel: zero?.channel ?? .nowhere,
      verdict: lost > 0 ? .notTold : .nothingLost)
  }
}
