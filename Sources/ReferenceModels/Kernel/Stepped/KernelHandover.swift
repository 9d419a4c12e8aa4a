/// The events that the reader of a ``KernelModelWorld`` saw in one hand-over.
public struct KernelHandover: Sendable, Hashable {
  /// `reader.id` of the meta page.
  public var id: UInt64
  /// `true` if the sub-buffer was exchanged, and is not the one handed out before.
  public var exchanged: Bool
  /// The words of the data that were not handed out before.
  public var words: [UInt64]
  /// `reader.lost_events` of the meta page.
  public var lostEvents: UInt64
  /// The `commit` word of the sub-buffer's header.
  public var commit: UInt64
  /// The number of missed events, where the header reports that it is stored.
  public var missed: UInt64?
}
