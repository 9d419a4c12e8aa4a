import SubbufferSource

/// The attributes of a ring buffer of the LTTng design.
public struct LTTngModelAttributes: Sendable, Hashable {
  /// The behaviour of the writer when all sub-buffers are full.
  public enum Mode: Sendable, Hashable, CaseIterable {
    /// It discards the newest event, and counts it.
    case discard
    /// It replaces the oldest sub-buffer.
    case overwrite
  }

  /// The behaviour of the writer when all sub-buffers are full.
  public let mode: Mode
  /// The size of a sub-buffer in bytes, header included: a power of two. LTTng-UST asks for a page or more; the model
  /// also takes less, so that few events fill it.
  public let subbufferSize: Int
  /// The number of sub-buffers for the writer: a power of two; overwrite mode adds one for the reader.
  public let subbufferCount: Int
  /// Becomes `cpu_id` in the packet headers.
  public let cpu: UInt32

  /// The smallest sub-buffer that the model takes, in bytes: a header and one event.
  public static let leastSubbufferSize = 128
  /// The largest sub-buffer that the model takes, in bytes.
  public static let largestSubbufferSize = 1 << 24
  /// The largest number of sub-buffers that the model takes.
  public static let largestSubbufferCount = 1 << 12

  /// Attributes that a ring buffer can be made with.
  ///
  /// The rules are those of `channel_backend_init` (`ring_buffer_backend.c`): powers of two, and two sub-buffers or
  /// more in overwrite mode.
  /// - Throws: ``SourceError`` of kind `usage`.
  public init(mode: Mode, subbufferSize: Int, subbufferCount: Int, cpu: UInt32 = 0) throws(SourceError) {
    let call = "channel_backend_init"
    let sizes = Self.leastSubbufferSize...Self.largestSubbufferSize
    guard sizes.contains(subbufferSize), subbufferSize & (subbufferSize - 1) == 0 else {
      throw SourceError(
        .usage, call: call, detail: "sub-buffers of \(subbufferSize) bytes",
        remedy: "choose a power of two from \(sizes.lowerBound) to \(sizes.upperBound)")
    }
    let counts = (mode == .overwrite ? 2 : 1)...Self.largestSubbufferCount
    guard counts.contains(subbufferCount), subbufferCount & (subbufferCount - 1) == 0 else {
      throw SourceError(
        .usage, call: call, detail: "\(subbufferCount) sub-buffers in \(mode) mode",
        remedy: "choose a power of two from \(counts.lowerBound) to \(counts.upperBound)")
    }
    self.mode = mode
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    self.cpu = cpu
  }

  /// The shape of the ring buffer.
  public var geometry: Geometry {
    let own = mode == .overwrite ? 1 : 0
    return Geometry(subbufferSize: subbufferSize, subbufferCount: subbufferCount + own, readerSubbuffers: own)
  }

  /// The number of words of memory that the ring buffer takes.
  public var wordCount: Int { LTTngLayout(self).wordCount }
}
