/// The ring buffer that a case asks a back end for.
public struct RingShape: Sendable, Hashable, CustomStringConvertible {
  /// The behaviour of the writer when the ring buffer is full.
  public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// It overwrites the oldest sub-buffer.
    case overwrite
    /// It drops the new event.
    case discard
  }

  /// The behaviour when the ring buffer is full.
  public var mode: Mode
  /// The size of a sub-buffer in bytes, header included.
  public var subbufferSize: Int
  /// The number of sub-buffers that the writer has, the reader's own not counted.
  public var subbufferCount: Int

  /// Describes a ring buffer.
  public init(mode: Mode, subbufferSize: Int, subbufferCount: Int) {
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
  }

  /// Mode, number and size in a few words.
  public var description: String { "\(mode.rawValue), \(subbufferCount) sub-buffers of \(subbufferSize) bytes" }
}
