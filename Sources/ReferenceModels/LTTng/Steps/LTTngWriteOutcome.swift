import SystemPackage

/// The outcome of a write.
public enum LTTngWriteOutcome: Sendable, Hashable {
  /// It was written and committed; it begins at this position, in bytes since the ring buffer was made.
  case committed(position: UInt64)
  /// All sub-buffers are full, `-ENOBUFS`; counted in `records_lost_full`. Discard mode only.
  case discardedFull
  /// The next sub-buffer has an event of the lap before that is not committed, `-EIO`; counted in `records_lost_wrap`.
  case discardedWrap
  /// No sub-buffer has room for it, `-ENOSPC`; counted in `records_lost_big`.
  case discardedBig
  /// An internal error disabled the channel, `-EAGAIN`; counted nowhere.
  case disabled

  /// The counter that it is counted in.
  func counter(in layout: LTTngLayout) -> Int {
    switch self {
    case .discardedFull: layout.recordsLostFull
    case .discardedBig: layout.recordsLostBig
    case .discardedWrap, .committed, .disabled: layout.recordsLostWrap
    }
  }

  /// The error of `lib_ring_buffer_reserve`; `nil` where the event was written.
  public var errno: Errno? {
    switch self {
    case .committed: nil
    case .discardedFull: .noBufferSpace
    case .discardedWrap: .ioError
    case .discardedBig: .noSpace
    case .disabled: .resourceTemporarilyUnavailable
    }
  }
}
