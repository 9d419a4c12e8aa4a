/// The shape of one ring buffer.
public struct Geometry: Sendable, Equatable {
  /// The size of a sub-buffer in bytes, header included.
  public var subbufferSize: Int
  /// The number of sub-buffers, the reader's own included where the ABI has one.
  public var subbufferCount: Int
  /// The number of them that are the reader's own, exchanged for the one to read: 1 for the kernel's mapped ring buffer
  /// and for LTTng in overwrite mode, 0 for LTTng in discard mode.
  public var readerSubbuffers: Int
  /// `true` if the ABI has sub-buffers. A ring buffer without them, which has a head and a tail, counts as one sub-buffer of
  /// its whole capacity, and each hand-over is what lies between tail and head.
  public var hasSubbuffers: Bool

  /// Describes a ring buffer with sub-buffers.
  public init(subbufferSize: Int, subbufferCount: Int, readerSubbuffers: Int) {
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    self.readerSubbuffers = readerSubbuffers
    hasSubbuffers = true
  }

  /// Describes a ring buffer without sub-buffers.
  /// - Parameter capacity: the bytes of data that it holds, which is the most that a hand-over has.
  public init(capacity: Int) {
    subbufferSize = capacity
    subbufferCount = 1
    readerSubbuffers = 0
    hasSubbuffers = false
  }
}

/// The capabilities of an ABI beyond ``SubbufferSource``; queried, never tried.
public struct Capabilities: OptionSet, Sendable {
  /// One bit for each capability.
  public let rawValue: UInt32

  /// A set from its bits.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// A sub-buffer that the writer still fills can be acquired; its rest follows in a later hand-over.
  public static let partialVisibility = Capabilities(rawValue: 1 << 0)
  /// Sub-buffers can be read by position without consuming them.
  public static let positions = Capabilities(rawValue: 1 << 1)
  /// The ABI has a release call of its own; without it the next acquire is the release.
  public static let explicitRelease = Capabilities(rawValue: 1 << 2)
  /// The ABI reports the end of the stream.
  public static let finalization = Capabilities(rawValue: 1 << 3)
  /// The reader can end a partial sub-buffer.
  public static let flush = Capabilities(rawValue: 1 << 4)

  /// The names of the capabilities in the set, for a report.
  public var names: [String] {
    let all: [(Capabilities, String)] = [
      (.partialVisibility, "partial visibility"), (.positions, "positions"), (.explicitRelease, "explicit release"),
      (.finalization, "finalization"), (.flush, "flush"),
    ]
    return all.filter { contains($0.0) }.map(\.1)
  }
}

/// The behaviour of the writer when the ring buffer is full.
public enum RingMode: String, Codable, Sendable, CaseIterable {
  /// It overwrites the oldest sub-buffer.
  case overwrite
  /// It drops the new event.
  case discard
}
