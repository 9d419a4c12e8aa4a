/// The sub-buffer that was handed out last, and how far.
///
/// A sub-buffer is known by its id *and* the time stamp in its header. One ioctl can exchange more than once, since
/// `rb_get_reader_page` goes on to the next sub-buffer where the one that it has just taken is empty and the writer is on
/// another (kernel/trace/ring_buffer.c, the label `again`); so the id may be that of the sub-buffer handed out before, with
/// other events in it.
@frozen
public struct HeldSubbuffer: Sendable {
  /// The result of an ioctl.
  @frozen
  public enum Step: Equatable, Sendable {
    /// Nothing that was not handed out.
    case nothing
    /// More of the sub-buffer that is held, from this byte of its data on.
    case more(from: UInt32)
    /// Another sub-buffer.
    case exchanged
  }

  @usableFromInline internal var id: UInt32
  @usableFromInline internal var timestamp: UInt64
  /// The number of bytes of its data handed out.
  @usableFromInline internal var handedOut: UInt32

  /// A sub-buffer of which so much is handed out.
  @inlinable
  public init(id: UInt32, timestamp: UInt64, handedOut: UInt32) {
    self.id = id
    self.timestamp = timestamp
    self.handedOut = handedOut
  }

  /// Takes what the meta page says after an ioctl, and what it means.
  ///
  /// A sub-buffer can be exchanged while it is empty: it is not handed out before there is something in it.
  /// - Parameters:
  ///   - id: `reader.id`.
  ///   - timestamp: the time stamp in the header of that sub-buffer.
  ///   - read: `reader.read`.
  @inlinable @inline(__always)
  public mutating func advance(to id: UInt32, timestamp: UInt64, read: UInt32) -> Step {
    if read == 0 { return .nothing }
    if id == self.id, timestamp == self.timestamp, read >= handedOut {
      let from = handedOut
      handedOut = read
      return from == read ? .nothing : .more(from: from)
    }
    self = HeldSubbuffer(id: id, timestamp: timestamp, handedOut: read)
    return .exchanged
  }
}
