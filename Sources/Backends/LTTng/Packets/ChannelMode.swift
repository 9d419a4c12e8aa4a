/// The behaviour of a channel's writer when all sub-buffers are full.
public enum ChannelMode: Sendable, Hashable {
  /// It discards the newest event, and counts it.
  case discard
  /// It replaces the oldest sub-buffer; while an event in that one is not committed, it discards and counts as well.
  case overwrite
}
