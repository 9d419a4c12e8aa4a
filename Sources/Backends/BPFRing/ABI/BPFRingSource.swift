import CBPFRing
import Glibc
import SubbufferSource
import SystemPackage

/// A BPF ring buffer as a source.
///
/// There are no sub-buffers: a hand-over is what lies between the reader's position and the first record that is not submitted
/// yet, or `producer_pos`. To find that, an acquire loads the header of each record. The release stores `consumer_pos`. Records
/// that were discarded are part of a hand-over, and passed over by the decoder; those at its beginning are consumed by the
/// acquire.
///
/// Data are mapped twice in succession, so that nothing is ever copied.
///
/// ## Losses
/// The ABI reports none: a record that finds no room leaves no trace. In total: what the program counts itself.
///
/// ## The end
/// Nothing reports that nobody writes any more.
public struct BPFRingSource: SubbufferSource, ~Copyable {
  private let ring: BPFRing
  private let recorder: BPFRecorder
  private let producerPage: UnsafeRawPointer
  private let data: UnsafeRawPointer
  private let dataSize: Int
  private let hold: UnsafeMutablePointer<cbpfring_hold>
  /// The position up to which everything was handed out.
  private var position: UInt64

  /// Reads the records.
  public let decoder = BPFRecordDecoder()

  /// The size of the data, without sub-buffers.
  public let geometry: Geometry

  /// The release is a store of its own.
  public var capabilities: Capabilities { [.explicitRelease] }

  /// A reader of a ring buffer, from `consumer_pos` on.
  /// - Parameter recorder: the program that writes into it, whose counts the reader has beside the ring buffer.
  public init(_ ring: BPFRing, recorder: BPFRecorder) {
    self.ring = ring
    self.recorder = recorder
    producerPage = ring.unsafeProducerPage
    data = ring.unsafeData
    dataSize = ring.dataSize
    hold = .allocate(capacity: 1)
    position = ring.consumerPosition
    hold.initialize(to: cbpfring_hold(page: ring.unsafeConsumerPage, position: position))
    geometry = Geometry(capacity: ring.dataSize)
  }

  deinit { hold.deallocate() }

  /// Hands over the records that are submitted and were not handed out before: loads `producer_pos`, and the header of each
  /// record.
  /// - Throws: ``SourceError`` of kind `malformed` if the records are not as documented.
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    let end = cbpfring_load_position(producerPage)
    while true {
      let unread = end &- position
      if unread == 0 { return .nothingYet }
      guard unread <= UInt64(dataSize) else { throw impossible("producer_pos \(end), position \(position)") }
      let limit = Int(unread)
      let first = data + Int(position & UInt64(dataSize - 1))
      var count = 0
      var hasEvents = false
      while count < limit {
        let header = cbpfring_load_length(first + count)
        if header & BPFRecordHeader.busy != 0 { break }
        let size = BPFRecordHeader.size(header)
        guard count &+ size <= limit else { throw impossible("record of \(size) bytes, \(limit - count) unread") }
        if header & BPFRecordHeader.discarded == 0 { hasEvents = true }
        count &+= size
      }
      if count == 0 { return .nothingYet }
      let number = position
      position &+= UInt64(count)
      hold.pointee.position = position
      if hasEvents {
        return .subbuffer(
          UnsafeHandover(
            start: first, count: count, unreadOffset: 0, loss: .notTold, lossChannel: .nowhere, number: number, put: put
          ))
      }
      // Nothing but discarded records, which no reader is to see.
      _ = cbpfring_release(hold)
    }
  }

  private var put: UnsafePut {
    UnsafePut("store consumer_pos", UnsafeMutableRawPointer(hold)) { cbpfring_release($0) }
  }

  /// Waits until `producer_pos` differs from `consumer_pos`, which a record that is not submitted yet is enough for.
  ///
  /// The corresponding C function is `poll`.
  /// - Throws: ``SourceError``, with `EINTR` where a signal came first.
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    let events = try ring.poll(timeout)
    if events == 0 { return .timedOut }
    guard events & POLLIN != 0 else {
      throw SourceError(call: "poll a BPF ring buffer", detail: "events 0x\(String(events, radix: 16))")
    }
    return .ready
  }

  /// Does nothing: each record can be read when it is submitted.
  public mutating func flush() throws(SourceError) -> Flush { .notNeeded }

  /// The count of the program.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] {
    [LossReading(channel: .programCount, loss: .counted(recorder.refused), since: .ringBuffer)]
  }

  private func impossible(_ detail: String) -> SourceError {
    SourceError(
      .malformed, call: "read a BPF ring buffer", detail: detail,
      remedy: "report it: the ring buffer is not as Documentation/bpf/ringbuf.rst describes")
  }
}

/// The channel in which the losses of a BPF ring buffer are known.
extension LossChannel {
  /// The count of a program whose records found no room, which it keeps in a map of its own.
  public static let programCount = LossChannel("count of the program", place: .writer, isReaderABI: false)
}
