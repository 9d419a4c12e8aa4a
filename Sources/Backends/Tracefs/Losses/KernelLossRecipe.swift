import SubbufferSource

/// The channels in which the kernel's ring buffer reports losses, besides the header of a sub-buffer: fields of the meta
/// page (`include/uapi/linux/trace_mmap.h`), and lines of the file `per_cpu/cpuN/stats`, which is not part of the reader
/// ABI (`tracing_stats_read` in `kernel/trace/trace.c`).
extension LossChannel {
  /// The field `reader.lost_events` of the meta page.
  public static let metaPageLostEvents = LossChannel("meta page reader.lost_events", place: .mapping)
  /// The field `overrun` of the meta page.
  public static let metaPageOverrun = LossChannel("meta page overrun", place: .mapping)
  /// The line `overrun`.
  public static let statsOverrun = LossChannel("stats overrun", place: .call, isReaderABI: false)
  /// The line `commit overrun`: events lost to nested writes.
  public static let statsCommitOverrun = LossChannel(
    "stats commit overrun", place: .call, isReaderABI: false, counts: .oneKindOfLoss)
  /// The line `dropped events`.
  public static let statsDroppedEvents = LossChannel("stats dropped events", place: .call, isReaderABI: false)
  /// The line `entries`: the events not read yet; at the end those that no reader gets.
  public static let statsEntries = LossChannel(
    "stats entries", place: .call, isReaderABI: false, counts: .somethingElse)
}

extension [LossReading] {
  /// The total of the kernel's ring buffer: the sum of `overrun`, `commit overrun` and `dropped events`, which count
  /// different events, as far as there are readings of them.
  /// - Parameter overwrite: `true` if old events are overwritten. If they are not, `overrun` alone reports nothing.
  public func overrunAndDropped(overwrite: Bool) -> TotalLoss {
    let counters = [LossChannel.metaPageOverrun, .statsCommitOverrun, .statsDroppedEvents].compactMap { channel in
      first { $0.channel == channel }
    }
    let lost = counters.reduce(into: UInt64(0)) { if case .events(let count) = $1.loss { $0 &+= count } }
    let isSilent = lost == 0 && !overwrite && !counters.contains { $0.channel == .statsDroppedEvents }
    return TotalLoss(isSilent ? .notTold : .counted(lost), from: counters.map(\.channel), since: .ringBuffer)
  }
}
