import CPerfRing
import Glibc
import SubbufferSource
import SystemPackage

/// perf's mapped ring buffer as a source.
///
/// There are no sub-buffers: a hand-over is a part of what lies between the reader's position and `data_head`. It ends
/// before a record of lost events, so that a loss is reported before the first event after it, and before a record that lies
/// at the end and the start of the data: that one alone is copied, and is a hand-over of its own. To find both, an acquire
/// loads the header of each record. The release stores `data_tail`.
///
/// With `write_backward` the first acquire pauses the output, waits for the end of writes that have begun where the ring buffer
/// has no room for another (`membarrier`), and notes the places of the records that were written since the
/// last one. They are handed out from the oldest to the newest; the release of the last part resumes the output. What is
/// written meanwhile is lost, and reported by a record of lost events. That record lies before its sample in memory, and
/// after it for a reader from the oldest record to the newest.
///
/// ## Losses
/// In discard mode: the number in each record of lost events (`PERF_RECORD_LOST`), which the kernel writes when there is room
/// again, with the next event. In total: the count of lost samples that `read` returns (`PERF_FORMAT_LOST`).
///
/// In overwrite mode the kernel counts no overwritten event. `data_head` has fallen by more than `data_size` since the last
/// acquire if there are some; their number is unknown.
public struct PerfEventSource: SubbufferSource, ~Copyable {
  private let ring: PerfRing
  private let page: UnsafeRawPointer
  private let data: UnsafeRawPointer
  private let dataSize: Int
  private let hold: UnsafeMutablePointer<cperfring_hold>
  private let index: PerfRecordIndex

  /// The position up to which everything was handed out; with `write_backward` that of the last acquire's `data_head`.
  private var position: UInt64
  /// The records of a backward ring buffer that are noted and not handed out yet: from 0 to here, the newest first.
  private var waiting = 0
  /// The events of the last record of lost events that was not reported yet.
  private var lostBeforeNext: UInt64 = 0
  private var losses = PerfLosses()
  private var ending = Ending.notYet
  /// A wake-up was seen, and no acquire has found nothing since: one may stand for several events.
  private var mayHoldMore = false

  private enum Ending { case notYet, hungUp, finished }

  /// Reads the samples.
  public let decoder: PerfRecordDecoder

  /// The size of the data, without sub-buffers.
  public let geometry: Geometry

  /// The release is a call or a store of its own, and the end of the process is reported.
  public var capabilities: Capabilities { [.explicitRelease, .finalization] }

  /// A reader of a ring buffer, from where the last one stopped: at `data_tail`, or with `write_backward` at the oldest
  /// record that is there.
  /// - Parameter sequenceOffset: the offset of the sequence number in the event's bytes.
  public init(_ ring: PerfRing, sequenceOffset: Int) {
    self.ring = ring
    page = UnsafeRawPointer(ring.unsafePage)
    data = ring.unsafeData
    dataSize = ring.dataSize
    index = PerfRecordIndex(unsafe: ring.unsafeData, dataSize: ring.dataSize)
    hold = .allocate(capacity: 1)
    hold.initialize(
      to: cperfring_hold(page: ring.options.overwrites ? nil : ring.unsafePage, tail: 0, resumes: -1))
    position = ring.options.overwrites ? 0 : ring.dataTail
    geometry = Geometry(capacity: ring.dataSize)
    decoder = PerfRecordDecoder(
      sequenceTypeID: UInt32(truncatingIfNeeded: ring.options.event), sequenceOffset: sequenceOffset,
      index: ring.options.overwrites ? index : nil)
  }

  deinit { hold.deallocate() }

  /// Hands over records that were not handed out before: loads `data_head`, and the header of each record. With
  /// `write_backward` the ioctl `PERF_EVENT_IOC_PAUSE_OUTPUT` precedes, and `membarrier` where the ring buffer is full.
  /// - Throws: ``SourceError`` of kind `malformed` if the records are not as documented.
  public mutating func unsafeAcquire() throws(SourceError) -> UnsafeOutcome {
    if ending == .finished { return .finished }
    return ring.options.overwrites ? try acquireBackward() : try acquireForward()
  }

  private mutating func nothing() -> UnsafeOutcome {
    mayHoldMore = false
    guard ending == .hungUp else { return .nothingYet }
    ending = .finished
    return .finished
  }

  private mutating func acquireForward() throws(SourceError) -> UnsafeOutcome {
    let head = cperfring_load_head(page)
    while true {
      let unread = head &- position
      if unread == 0 { return nothing() }
      guard unread <= UInt64(dataSize) else { throw impossible("data_head \(head), position \(position)") }
      let offset = Int(position & UInt64(dataSize - 1))
      let first = data + offset
      // The bytes up to the head or to the end of the data.
      let limit = min(Int(unread), dataSize - offset)
      var end = 0
      while end < limit {
        // The header in one load: `type` in the lowest four bytes, `size` in the highest two.
        let header = (first + end).loadUnaligned(as: UInt64.self)
        let size = try checkedSize(Int(header >> 48))
        if end + size > limit || UInt32(truncatingIfNeeded: header) == PerfRecordType.lost { break }
        end += size
      }
      if end > 0 { return .subbuffer(handOver(first, end)) }

      // A record of lost events, or one that goes on at the start of the data.
      let size = try recordSize(first)
      guard size <= Int(unread) else { throw impossible("record of \(size) bytes, \(unread) unread") }
      let record = size <= limit ? first : index.join(offset, size)
      guard record.loadUnaligned(as: UInt32.self) == PerfRecordType.lost else {
        return .subbuffer(handOver(record, size))
      }
      try takeLost(record, size)
      position &+= UInt64(size)
    }
  }

  /// The size of a record, from its header.
  @inline(__always)
  private func recordSize(_ record: UnsafeRawPointer) throws(SourceError) -> Int {
    try checkedSize(Int(record.loadUnaligned(fromByteOffset: PerfRecordHeader.sizeOffset, as: UInt16.self)))
  }

  @inline(__always)
  private func checkedSize(_ size: Int) throws(SourceError) -> Int {
    guard size >= PerfRecordHeader.byteCount, size % 8 == 0 else { throw impossible("record of \(size) bytes") }
    return size
  }

  @inline(__always)
  private mutating func handOver(_ start: UnsafeRawPointer, _ count: Int) -> UnsafeHandover {
    let number = position
    position &+= UInt64(count)
    hold.pointee.tail = position
    let lost = lostBeforeNext
    lostBeforeNext = 0
    return UnsafeHandover(
      start: start, count: count, unreadOffset: 0, loss: .counted(lost), lossChannel: .lostRecord, number: number,
      put: put)
  }

  private var put: UnsafePut {
    UnsafePut("store data_tail", UnsafeMutableRawPointer(hold)) { cperfring_release($0) }
  }

  private mutating func takeLost(_ record: UnsafeRawPointer, _ size: Int) throws(SourceError) {
    guard size >= PerfLostRecord.byteCount else { throw impossible("record of lost events of \(size) bytes") }
    let count = record.loadUnaligned(fromByteOffset: PerfLostRecord.countOffset, as: UInt64.self)
    lostBeforeNext &+= count
    losses.recorded &+= count
    losses.records &+= 1
  }

  private mutating func acquireBackward() throws(SourceError) -> UnsafeOutcome {
    if waiting == 0 {
      if cperfring_load_head(page) == position { return nothing() }
      try pauseOutput(true)
      do throws(SourceError) {
        try noteUnread()
      } catch {
        try? pauseOutput(false)
        throw error
      }
    }
    return .subbuffer(try handOverOldest())
  }

  /// Notes the places of the unread records, the newest first. The oldest may be overwritten in part.
  ///
  /// The pause does not wait for a write that has begun on another CPU, and whose record will lie before `data_head`: in a ring
  /// buffer without room for it, in place of the oldest records. They are read after the end of such a write.
  private mutating func noteUnread() throws(SourceError) {
    var head = cperfring_load_head(page)
    var isSafe = position &- head <= UInt64(max(0, dataSize - PerfEventSource.longestSample))
    if !isSafe, cperfring_await_writes() == 0 {
      isSafe = true
      head = cperfring_load_head(page)
    }
    let unread = position &- head
    let readable = isSafe ? dataSize : max(dataSize / 2, dataSize - PerfEventSource.longestSample)
    waiting = try note(from: head, Int(min(unread, UInt64(readable))))
    losses.overwrote = unread > UInt64(readable)
    losses.hasOverwritten = losses.hasOverwritten || losses.overwrote
    position = head
  }

  /// The bytes of a sample that is recorded of a trace event, at most: `PERF_MAX_TRACE_SIZE` of
  /// include/linux/trace_events.h, and the fields before it.
  private static let longestSample = 8_192 + 64

  /// Notes the places of the whole records in the first `limit` bytes from a position on.
  private func note(from head: UInt64, _ limit: Int) throws(SourceError) -> Int {
    var count = 0
    var end = 0
    while end < limit {
      let offset = Int((head &+ UInt64(end)) & UInt64(dataSize - 1))
      let size = try recordSize(data + offset)
      if end + size > limit { break }
      index.offsets[count] = UInt32(offset)
      count += 1
      end += size
    }
    return count
  }

  /// The oldest noted records: up to the first sample after a loss.
  private mutating func handOverOldest() throws(SourceError) -> UnsafeHandover {
    var loss: Loss = losses.overwrote ? .some : .none
    losses.overwrote = false
    var first = waiting
    while first > 0 {
      // The record of lost events lies before its sample, and is noted after it.
      if first > 1, type(first - 2) == PerfRecordType.lost {
        if first != waiting { break }
        let offset = Int(index.offsets[first - 2])
        try takeLost(
          offset + PerfLostRecord.byteCount <= dataSize
            ? data + offset : index.join(offset, PerfLostRecord.byteCount), PerfLostRecord.byteCount)
        loss = loss.adding(.counted(lostBeforeNext))
        lostBeforeNext = 0
        first -= 2
      } else {
        first -= 1
      }
    }
    index.range = first..<waiting
    let number = position
    waiting = first
    hold.pointee.resumes = first == 0 ? ring.descriptor.rawValue : -1
    return UnsafeHandover(
      start: data, count: dataSize, unreadOffset: 0, loss: loss,
      lossChannel: loss == .some ? .dataHead : .lostRecord, number: number, put: put)
  }

  private func type(_ record: Int) -> UInt32 {
    (data + Int(index.offsets[record])).loadUnaligned(as: UInt32.self)
  }

  private func pauseOutput(_ pauses: Bool) throws(SourceError) {
    let result = ring.pauseOutput(pauses)
    guard result == 0 else { throw SourceError(call: "PERF_EVENT_IOC_PAUSE_OUTPUT", errno: Errno(rawValue: -result)) }
  }

  /// Waits for a wake-up: upon each event, or upon `wakeup_watermark` bytes. The end of the process is `hungUp`.
  ///
  /// The corresponding C function is `poll`.
  /// - Throws: ``SourceError``, with `EINTR` where a signal came first.
  public mutating func wait(_ timeout: Milliseconds) throws(SourceError) -> Readiness {
    guard ending == .notYet else { return .hungUp }
    if mayHoldMore { return .ready }
    let events = try ring.poll(timeout)
    if events & POLLHUP != 0 {
      ending = .hungUp
      return .hungUp
    }
    if events == 0 { return .timedOut }
    guard events & POLLIN != 0 else {
      throw SourceError(call: "poll a perf event", detail: "events 0x\(String(events, radix: 16))")
    }
    mayHoldMore = true
    return .ready
  }

  /// Does nothing: each record can be read when it is written.
  public mutating func flush() throws(SourceError) -> Flush { .notNeeded }

  /// The records of lost events that were read, the count of `read`, and with `write_backward` what `data_head` reports.
  /// - Throws: ``SourceError`` where `read` fails.
  public mutating func lossChannels() throws(SourceError) -> [LossReading] {
    let lost = try ring.counts().lost
    let recorded = LossReading(channel: .lostRecord, loss: .counted(losses.recorded), marks: losses.records)
    guard ring.options.overwrites else {
      return [LossReading(channel: .lostCount, loss: .counted(lost), since: .ringBuffer), recorded]
    }
    return [
      LossReading(channel: .dataHead, loss: losses.hasOverwritten ? .some : .none),
      LossReading(channel: .lostCountWhilePaused, loss: .counted(lost), since: .ringBuffer), recorded,
    ]
  }

  private func impossible(_ detail: String) -> SourceError {
    SourceError(
      .malformed, call: "read perf's ring buffer", detail: detail,
      remedy: "report it: the ring buffer is not as Documentation/userspace-api/perf_ring_buffer.rst describes")
  }
}

/// The reports of lost events so far.
private struct PerfLosses {
  /// The sum of the records of lost events, and their number.
  var recorded: UInt64 = 0
  var records: UInt64 = 0
  /// `data_head` fell by more than `data_size` at the last acquire, which is not reported yet; at any.
  var overwrote = false
  var hasOverwritten = false
}

/// The layout of a record of lost events: the header, u64 `id`, u64 `lost`.
private enum PerfLostRecord {
  static let byteCount = 24
  static let countOffset = 16
}

/// The channels in which perf's ring buffer reports losses.
extension LossChannel {
  /// A record of type `PERF_RECORD_LOST` between the events.
  public static let lostRecord = LossChannel("PERF_RECORD_LOST", place: .record, counts: .oneKindOfLoss)
  /// The count of lost samples in what `read` of the event returns (`PERF_FORMAT_LOST`, Linux 6.0).
  public static let lostCount = LossChannel("read(2) lost", place: .call)
  /// The same with `write_backward`: events are lost without being overwritten only while the output is paused.
  public static let lostCountWhilePaused = LossChannel(
    "read(2) lost, while paused", place: .call, counts: .oneKindOfLoss)
  /// `data_head` moved by more than `data_size` between two acquires.
  public static let dataHead = LossChannel("data_head beyond data_size", place: .gap, counts: .oneKindOfLoss)
}
