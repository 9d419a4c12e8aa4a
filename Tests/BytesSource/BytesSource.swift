import Glibc
import SubbufferSource

/// A source whose only sub-buffer is bytes of its own, for tests of decoders.
///
/// The bytes lie directly before a page that cannot be read: a decoder that reads beyond them ends the test process.
public struct BytesSource<Decoder: SubbufferDecoder>: SubbufferSource, ~Copyable {
  /// The largest number of bytes.
  public static var capacity: Int { 1 << 16 }

  /// The decoder under test.
  public let decoder: Decoder
  /// The offset of the first event that counts as not handed out before.
  public var unreadOffset = 0
  private let mapping: UnsafeMutableRawPointer
  private let pageSize: Int
  private var count = 0

  /// A source of no bytes; ``fill(_:)`` gives it some.
  public init(decoder: Decoder) throws(SourceError) {
    let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
    self.init(decoder: decoder, mapping: try Self.map(pageSize), pageSize: pageSize)
  }

  private init(decoder: Decoder, mapping: UnsafeMutableRawPointer, pageSize: Int) {
    self.decoder = decoder
    self.mapping = mapping
    self.pageSize = pageSize
  }

  private static func map(_ pageSize: Int) throws(SourceError) -> UnsafeMutableRawPointer {
    let address = mmap(nil, capacity + pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { throw SourceError(call: "mmap") }
    guard mprotect(address + capacity, pageSize, PROT_NONE) == 0 else { throw SourceError(call: "mprotect") }
    return address
  }

  deinit { munmap(mapping, Self.capacity + pageSize) }

  /// Replaces the bytes; those beyond the capacity are dropped.
  public mutating func fill(_ bytes: some Collection<UInt8>) {
    count = min(bytes.count, Self.capacity)
    let target = UnsafeMutableRawBufferPointer(start: mapping + (Self.capacity - count), count: count)
    target.copyBytes(from: bytes.prefix(count))
  }

  /// One sub-buffer of all the bytes.
  public var geometry: Geometry { Geometry(subbufferSize: count, subbufferCount: 1, readerSubbuffers: 1) }
  /// None.
  public var capabilities: Capabilities { [] }

  /// Hands over the bytes, again and again.
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    .subbuffer(
      UnsafeHandover(
        start: mapping + (Self.capacity - count), count: count, unreadOffset: unreadOffset, loss: .notTold,
        lossChannel: .nowhere, number: 0))
  }

  /// Does not wait.
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness { .ready }
  /// Does nothing.
  public mutating func flush() throws(SourceError) -> Flush { .notNeeded }
  /// None.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] { [] }
}
