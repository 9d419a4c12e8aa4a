import Glibc
import SubbufferSource

/// A source whose only sub-buffer is bytes of its own, for tests of decoders.
///
/// The bytes lie directly before a page that cannot be read, or directly behind one: a decoder that reads on that side
/// of them ends the test process.
public struct BytesSource<Decoder: SubbufferDecoder>: SubbufferSource, ~Copyable {
  /// On which side of the bytes the page lies that cannot be read.
  public enum Guarded: Sendable, CaseIterable {
    /// Behind their end.
    case end
    /// Before their start.
    case start
  }

  /// The largest number of bytes.
  public static var capacity: Int { 1 << 16 }

  /// The decoder under test.
  public let decoder: Decoder
  /// The offset of the first event that counts as not handed out before.
  public var unreadOffset = 0
  // A page that cannot be read, the capacity, and another such page.
  private let mapping: UnsafeMutableRawPointer
  private let pageSize: Int
  private var start: UnsafeMutableRawPointer
  private var count = 0

  /// A source of no bytes; ``fill(_:guarded:)`` gives it some.
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

  /// Hands over the bytes, again and again.
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
