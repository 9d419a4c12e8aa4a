import Glibc
import SubbufferSource

/// A source whose only sub-buffer is a given sequence of bytes, for tests of decoders.
///
/// An inaccessible page lies directly before or after the bytes: a decoder that reads beyond them on that side ends the
/// test process.
public struct BytesSource<Decoder: SubbufferDecoder>: SubbufferSource, ~Copyable {
  /// The side of the bytes on which the inaccessible page lies.
  public enum Guarded: Sendable, CaseIterable {
    /// After their end.
    case end
    /// Before their start.
    case start
  }

  /// The largest number of bytes.
  public static var capacity: Int { 1 << 16 }

  /// The decoder under test.
  public let decoder: Decoder
  /// The offset of the first unread event.
  public var unreadOffset = 0
  // An inaccessible page, the capacity, and another inaccessible page.
  private let mapping: UnsafeMutableRawPointer
  private let pageSize: Int
  private var start: UnsafeMutableRawPointer
  private var count = 0

  /// Creates an empty source; ``fill(_:guarded:)`` sets its bytes.
  public init(decoder: Decoder) throws(SourceError) {
    let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    self.init(decoder: decoder, mapping: try Self.map(pageSize), pageSize: pageSize)
  }

  private init(decoder: Decoder, mapping: UnsafeMutableRawPointer, pageSize: Int) {
    self.decoder = decoder
    self.mapping = mapping
    self.pageSize = pageSize
    start = mapping + pageSize + Self.capacity
  }

  private static func map(_ pageSize: Int) throws(SourceError) -> UnsafeMutableRawPointer {
    let size = pageSize + capacity + pageSize
    let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { throw SourceError(call: "mmap") }
    for page in [address, address + pageSize + capacity] {
      guard mprotect(page, pageSize, PROT_NONE) == 0 else { throw SourceError(call: "mprotect") }
    }
    return address
  }

  deinit { munmap(mapping, pageSize + Self.capacity + pageSize) }

  /// Replaces the bytes; those beyond the capacity are dropped.
  public mutating func fill(_ bytes: some Collection<UInt8>, guarded: Guarded = .end) {
    count = min(bytes.count, Self.capacity)
    switch guarded {
    case .end: start = mapping + pageSize + (Self.capacity - count)
    case .start: start = mapping + pageSize
    }
    UnsafeMutableRawBufferPointer(start: start, count: count).copyBytes(from: bytes.prefix(count))
  }

  /// One sub-buffer of all the bytes.
  public var geometry: Geometry { Geometry(subbufferSize: count, subbufferCount: 1, readerSubbuffers: 1) }
  /// None.
  public var capabilities: Capabilities { [] }

  /// Hands over all bytes with each call.
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    .subbuffer(
      UnsafeHandover(
        start: start, count: count, unreadOffset: unreadOffset, loss: .notTold, lossChannel: .nowhere, number: 0))
  }

  /// Does not wait.
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness { .ready }
  /// Does nothing.
  public mutating func flush() throws(SourceError) -> Flush { .notNeeded }
  /// None.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] { [] }
}
