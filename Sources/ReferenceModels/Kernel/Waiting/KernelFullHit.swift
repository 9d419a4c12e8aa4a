extension KernelLayout {
  /// `true` if N per cent of the ring buffer are filled (`full_hit`, `ring_buffer_nr_dirty_pages`).
  ///
  /// The page that the writer is on does not count as filled, so one is added: else 100 per cent could not be reached.
  @inline(__always)
  func isFullHit(_ percent: UInt64, touched: UInt64, lost: UInt64, read: UInt64) -> Bool {
    if percent == 0 { return true }
    let filled = touched &- lost
    let dirty = touched < lost || filled < read ? 0 : filled - read
    return (dirty + 1) * 100 >= percent * UInt64(parameters.subbufferCount)
  }
}
