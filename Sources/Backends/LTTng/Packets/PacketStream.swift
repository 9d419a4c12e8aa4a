import SubbufferSource
import SystemPackage

/// The reader's calls of one LTTng ring buffer, for ``PacketSource``.
///
/// The tracer in user space has them as functions of `<lttng/ust-ctl.h>`, the tracer in the kernel as ioctls; the names
/// below are what both have in common. A call returns 0 or a negative errno, as the ABI does, unless it throws.
public protocol PacketStream: ~Copyable {
  /// The header that each sub-buffer begins with.
  associatedtype Header: PacketHeading
  /// The decoder of the stream's packets.
  associatedtype Decoder: SubbufferDecoder

  /// Reads the events out of this stream's packets.
  var decoder: Decoder { get }
  /// The shape of the ring buffer.
  var geometry: Geometry { get }
  /// The action of the writer where no sub-buffer is free: it discards the event or overwrites the oldest sub-buffer.
  var mode: RingMode { get }
  /// `true` if no reader had the stream before.
  var isFirst: Bool { get }
  /// The names of the calls, for errors.
  static var names: PacketCallNames { get }
  /// `true` if ``wait(_:)`` consumes what says that there is something to read, so that it does not say so again.
  static var waitConsumesWakeup: Bool { get }

  /// `get_next_subbuf`: takes the sub-buffer at the consumed position.
  func unsafeGetNextSubbufferResult() -> Int32
  /// `get_subbuf`: takes the sub-buffer at a position, in bytes.
  func unsafeGetSubbufferResult(at position: UInt) -> Int32
  /// `get_mmap_read_offset`: gives the offset of the held sub-buffer in the mapping, in bytes.
  func unsafeGetMmapReadOffsetResult(_ offset: inout UInt) -> Int32
  /// The address of the held sub-buffer, by what ``unsafeGetMmapReadOffsetResult(_:)`` returned and gave.
  /// - Throws: `SourceError` where the call failed, or a whole sub-buffer does not lie within the mapping there.
  func unsafeHeldAddress(_ result: Int32, _ offset: UInt) throws(SourceError) -> UnsafeRawPointer
  /// `put_next_subbuf`: releases the sub-buffer that was got last, and moves the consumed position after it.
  var unsafePutNext: UnsafePut { get }
  /// `put_subbuf`: releases the sub-buffer that was got at a position.
  var unsafePutAtPosition: UnsafePut { get }

  /// Ends the partial sub-buffer; with `empty` also one in which nothing is.
  func endSubbuffer(empty: Bool) throws(SourceError) -> Flush
  /// `snapshot_sample_positions`: saves both positions wherever they are.
  func saveSampledPositions() throws(SourceError)
  /// `snapshot`: saves both positions, unless they lie in the same sub-buffer.
  func saveSnapshot() throws(SourceError)
  /// `snapshot_get_consumed`: the consumed position that was saved last, in bytes.
  func savedConsumed() throws(SourceError) -> UInt
  /// `snapshot_get_produced`: the produced position that was saved last, in bytes.
  func savedProduced() throws(SourceError) -> UInt
  /// Waits until a sub-buffer can be taken or nothing will come any more.
  func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness
  /// The remedy for a get that failed with an errno for which the ABI has no meaning.
  func remedy(forGet result: Int32) -> String
}

extension PacketStream where Self: ~Copyable {
  /// To open the session again.
  public func remedy(forGet result: Int32) -> String { Self.names.remedy }
}

/// The names of an ABI's calls, for errors.
public struct PacketCallNames: Sendable {
  /// The name of `get_next_subbuf`.
  public let getNext: String
  /// The name of `get_subbuf`.
  public let get: String
  /// The name of `snapshot`.
  public let snapshot: String
  /// The remedy for a stream whose calls fail.
  public let remedy: String

  /// Names the calls.
  public init(getNext: String, get: String, snapshot: String, remedy: String) {
    self.getNext = getNext
    self.get = get
    self.snapshot = snapshot
    self.remedy = remedy
  }
}

/// The fields of a packet header that a source needs.
public protocol PacketHeading {
  /// The number of bytes of the header: the offset of the first event.
  static var byteCount: Int { get }
  /// The number of bytes of header and events.
  var contentByteCount: Int { get }
  /// The number of the packet in its stream, from 0.
  var packetSequenceNumber: UInt64 { get }
  /// The number of events that the stream has discarded since it began.
  var eventsDiscarded: UInt64 { get }

  /// Reads the header at the start of `bytes` and checks it.
  init(in bytes: RawSpan) throws(MalformedSubbuffer)
}

extension PacketHeader: PacketHeading {}

extension SourceError {
  /// A wait on a stream whose pipe is closed.
  /// - Parameter descriptor: the wait descriptor; negative if a reader before closed it.
  package static func closedPipe(_ descriptor: Int32) -> SourceError {
    SourceError(
      call: "poll", errno: .badFileDescriptor,
      detail: descriptor < 0
        ? "an earlier reader of the stream closed its wait descriptor" : "the wait descriptor is closed",
      remedy: "read a stream that had no reader before")
  }
}
