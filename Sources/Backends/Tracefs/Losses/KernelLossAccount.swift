import SubbufferSource

/// The losses that a reader of the kernel's mapped ring buffer has reports of, and the recipe for the loss before each
/// sub-buffer.
///
/// The recipe, after each exchange: the number after the data where `commit` has bit 30; else `reader.lost_events` of the
/// meta page where it is not 0; else, where `commit` has bit 31, what `overrun` of the meta page has come to beyond what was
/// reported, an upper bound on the overwritten events (``SubbufferSource/Loss/atMost(_:)``).
///
/// Source: `ring_buffer_map_get_reader`, `RB_MISSED_EVENTS` and `RB_MISSED_STORED` of kernel/trace/ring_buffer.c.
public struct KernelLossAccount: Sendable {
  /// `overrun` of the meta page.
  public var overrun: OverrunAccount
  /// The events reported in `reader.lost_events`, summed over the exchanges.
  public private(set) var inMetaPage: UInt64 = 0
  /// The number of sub-buffers whose header had the flag of a loss.
  public private(set) var flagged: UInt64 = 0

  /// The events whose number stood after the data.
  private var counted: UInt64 = 0
  /// `true` if a header had the flag without a number.
  private var hasUncounted = false

  /// An account that begins where the counter is.
  public init(overrun: UInt64) {
    self.overrun = OverrunAccount(at: overrun)
  }

  /// Takes the reports that come with one exchange.
  /// - Parameters:
  ///   - header: the report of the header: none, a number, or no number (`some`).
  ///   - lostEvents: `reader.lost_events`.
  public mutating func take(header: Loss, lostEvents: UInt64) {
    inMetaPage &+= lostEvents
    if header == .none { return }
    flagged &+= 1
    if case .events(let count) = header { counted &+= count } else { hasUncounted = true }
  }

  /// Takes the reports that come with one exchange, and applies the recipe.
  /// - Parameters:
  ///   - header: the report of the header: none, a number, or no number (`some`).
  ///   - lostEvents: `reader.lost_events`.
  ///   - silence: the meaning of no report.
  /// - Returns: the loss before the sub-buffer, and the channel that reported it.
  public mutating func lossBefore(header: Loss, lostEvents: UInt64, silence: Loss) -> (Loss, LossChannel) {
    take(header: header, lostEvents: lostEvents)
    if case .events(let count) = header {
      overrun.report(count)
      return (header, .subbufferHeader)
    }
    if lostEvents > 0 {
      overrun.report(lostEvents)
      return (.events(lostEvents), .metaPageLostEvents)
    }
    guard header == .some else {
      overrun.report(0)
      return (silence, .subbufferHeader)
    }
    let most = overrun.reportAll()
    return most == 0 ? (.some, .subbufferHeader) : (.atMost(most), .metaPageOverrun)
  }

  /// The sum of what the headers reported.
  /// - Parameter silence: the meaning of no report.
  public func byHeaders(silence: Loss) -> Loss {
    if hasUncounted { return .some }
    return counted > 0 ? .events(counted) : silence
  }
}
