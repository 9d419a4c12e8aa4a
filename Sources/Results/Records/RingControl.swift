/// The controls that can be used on a ring buffer while it is read.
public enum RingControl: String, Sendable, Codable, CaseIterable {
  /// Empties it.
  case clear
  /// Has the writer drop the new event when it is full.
  case discard = "switch to discard"
  /// Has the writer overwrite the oldest sub-buffer when it is full.
  case overwrite = "switch to overwrite"
  /// Asks for twice the number of sub-buffers.
  case moreSubbuffers = "twice the sub-buffers"
  /// Asks for sub-buffers of twice the size.
  case largerSubbuffers = "sub-buffers of twice the size"
  /// Has a waiting reader woken up by the first event.
  case wakeByFirstEvent = "buffer_percent 0"
  /// Has it woken up when half of the ring buffer is filled.
  case wakeAtHalf = "buffer_percent 50"
  /// Has it woken up when all of the ring buffer is filled.
  case wakeWhenFull = "buffer_percent 100"
}

extension RingControl {
  /// The controls that set the fill from which a waiting reader is woken, the smallest first.
  package static let fills: [RingControl] = [.wakeByFirstEvent, .wakeAtHalf, .wakeWhenFull]

  /// The share of the ring buffer that has to be filled, in per cent; `nil` of a control of something else.
  public var fill: UInt64? {
    switch self {
    case .wakeByFirstEvent: 0
    case .wakeAtHalf: 50
    case .wakeWhenFull: 100
    case .clear, .discard, .overwrite, .moreSubbuffers, .largerSubbuffers: nil
    }
  }
}
