/// The shape of one ring buffer.
public struct Geometry: Sendable, Equatable {
  /// The size of a sub-buffer in bytes, header included.
  public var subbufferSize: Int
  /// The number of sub-buffers, the reader's own included where the ABI has one.
  public var subbufferCount: Int
  /// The number of them that are the reader's own, exchanged for the one to read: 1 for the kernel's mapped ring buffer
  /// and for LTTng in overwrite mode, 0 for LTTng in discard mode.
  public var readerSubbuffers: Int

  /// Describes a ring buffer.
  public init(subbufferSize: Int, subbufferCount: Int, readerSubbuffers: Int) {
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    self.readerSubbuffers = readerSubbuffers
  }
}
