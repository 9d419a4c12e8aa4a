import CTFPackets
import Glibc
import Platform
import Results
import Study
import SubbufferSource
import SystemPackage
import Workload

/// A ring buffer of LTTng's design with its writer, live or a model: what a probe works on.
package protocol LTTngRing {
  associatedtype Stream: LTTngStream

  /// The size and number of the writer's sub-buffers.
  var configuration: RingConfiguration { get }
  /// The bytes of a sub-buffer that are its header.
  var headerSize: Int { get }
  /// The bytes that an event takes; see ``StudiedBackend/eventSize(payload:)``.
  func eventSize(payload: UInt32) -> Int
  /// Has a load written, and waits for the end of it.
  func write(_ load: Load) throws(SourceError) -> Truth
  /// Opens the stream as a reader.
  func stream() throws(SourceError) -> Stream
  /// The result of opening the stream once more: `a stream`, or the ABI's error, for an observation.
  func openAgain() -> String
  /// Ends the writer.
  func endWriter()
  /// The end of the writer's process with its last words, once it was found to be gone; `nil` before, and of a model.
  var writerEnding: String? { get }
  /// Has the writer reserve an event and end before it has committed it.
  /// - Returns: how it ended, in words.
  func endWriterInsideWrite(sequence: UInt64) throws(SourceError) -> String
  /// Has the writer reserve an event, and commit it when `body` has returned. What is written in `body` is written by the
  /// same thread meanwhile, as by a signal handler.
  func withUncommittedEvent(
    sequence: UInt64, payload: UInt32, _ body: () throws(SourceError) -> Void
  ) throws(SourceError)
}

extension LTTngRing {
  package var writerEnding: String? { nil }

  /// Has consecutive events written.
  @discardableResult
  package func write(_ count: UInt64, from first: UInt64 = 0, payload: UInt32 = 16) throws(SourceError) -> Truth {
    try write(Load(first: first, count: count, payload: payload))
  }

  package func openAgain() -> String {
    do {
      _ = try stream()
      return "a stream"
    } catch {
      // lttng_ust_ctl_create_stream gives no reason.
      return "NULL"
    }
  }

  /// The number of events that fill a sub-buffer.
  package func eventsPerSubbuffer(payload: UInt32 = 16) -> UInt64 {
    UInt64((configuration.subbufferSize - headerSize) / eventSize(payload: payload))
  }

  /// The smallest payload, from 16 bytes on in steps of 4, whose events leave a number of bytes at the end of a sub-buffer
  /// for which `isWanted` is true; `nil` where none up to 1 KiB does.
  package func payload(leaving isWanted: (Int) -> Bool) -> UInt32? {
    let space = configuration.subbufferSize - headerSize
    return stride(from: UInt32(16), to: 1_024, by: 4).first { isWanted(space % eventSize(payload: $0)) }
  }

  /// The number of events that fill the writer's sub-buffers.
  package func eventsPerRing(payload: UInt32 = 16) -> UInt64 {
    UInt64(configuration.subbufferCount) * eventsPerSubbuffer(payload: payload)
  }
}

/// A reader's stream of LTTng's design: the ABI one to one. Results are 0 or a negative errno.
///
/// It is given back with the last reference to it: a probe that needs it until a certain point says so with
/// `withExtendedLifetime`.
package protocol LTTngStream: AnyObject {
  /// `get_next_subbuf`.
  func unsafeGetNextSubbuffer() -> Int32
  /// `put_next_subbuf`.
  func unsafePutNextSubbuffer() -> Int32
  /// `get_subbuf`.
  func unsafeGetSubbuffer(at position: UInt) -> Int32
  /// `put_subbuf`.
  func unsafePutSubbuffer() -> Int32
  /// `snapshot`.
  func snapshot() -> Int32
  /// `snapshot_sample_positions`.
  func snapshotSamplePositions() -> Int32
  /// `snapshot_get_consumed` and `snapshot_get_produced`: what a snapshot, a sample or a `get_next_subbuf` saved last.
  func savedPositions() throws(SourceError) -> Positions
  /// `flush_buffer`; the last argument says whether the writer may still be there.
  func flushBuffer(producerActive: Bool) -> Int32
  /// `clear_buffer`.
  func clearBuffer() -> Int32
  /// `get_mmap_len`: the size of the mapping of the sub-buffers.
  func getMmapLength() throws(SourceError) -> UInt
  /// `get_mmap_read_offset`: where the sub-buffer that is held lies in the mapping.
  func unsafeGetMmapReadOffset() throws(SourceError) -> UInt
  /// The header and the events of the sub-buffer that is held.
  func look() throws(SourceError) -> LTTngLook
  /// The descriptor on which the reader waits.
  var waitDescriptor: Int32 { get }
}

extension LTTngStream {
  /// The events that poll returns; by default at this moment.
  /// - Parameter events: what poll is asked for.
  package func pollText(
    _ timeout: Milliseconds = 0, for events: Int32 = WaitDescriptor.anyData
  ) throws(SourceError) -> String {
    try WaitDescriptor(rawValue: waitDescriptor).pollText(timeout, for: events)
  }

  /// The events of the sub-buffer that is held, or why it cannot be read, for an observation.
  package var lookText: String {
    do {
      let offset = try unsafeGetMmapReadOffset()
      do throws(SourceError) {
        return "offset \(offset), events \(try look().sequences.asRange)"
      } catch {
        return "offset \(offset), \(error.detail)"
      }
    } catch {
      return error.description
    }
  }

  /// The positions at this moment, which are saved by that.
  package func positions() throws(SourceError) -> Positions {
    try LTTngCall.check(snapshotSamplePositions(), "snapshot_sample_positions")
    return try savedPositions()
  }

  /// Gets what has to be there.
  /// - Throws: ``SourceError`` where it is refused.
  package func getNext() throws(SourceError) { try LTTngCall.check(unsafeGetNextSubbuffer(), "get_next_subbuf") }

  /// Puts what was got with `get_next_subbuf`, where that has to work.
  /// - Throws: ``SourceError`` where it is refused.
  package func putNext() throws(SourceError) { try LTTngCall.check(unsafePutNextSubbuffer(), "put_next_subbuf") }

  /// Flushes, where that has to work.
  /// - Throws: ``SourceError`` where it is refused.
  package func flush(producerActive: Bool) throws(SourceError) {
    try LTTngCall.check(flushBuffer(producerActive: producerActive), "flush_buffer")
  }
}

/// A live stream, whose packets have ids, and which may make a packet outside the ring buffer.
package protocol LiveLTTngStream: LTTngStream {
  /// The header of the sub-buffer that is held.
  func header() throws(SourceError) -> PacketHeader
  /// `get_stream_id` and `get_instance_id`, as ``PacketHeader/ids`` has them.
  func ids() throws(SourceError) -> String
  /// `flush_events_or_populate_packet`, since 2.14; the packet's header, `nil` if none was made.
  func flushOrPopulate() throws(SourceError) -> PacketHeader?
  /// `get_events_discarded` of the held packet.
  func unsafeGetEventsDiscarded() throws(SourceError) -> UInt64
  /// `get_sequence_number` of the held packet.
  func unsafeGetSequenceNumber() throws(SourceError) -> UInt64
  /// `get_content_size` of the held packet, in bits.
  func unsafeGetContentSize() throws(SourceError) -> UInt64
  /// Takes all bytes out of the pipe by which the reader is woken up, if there is one.
  func emptyPipe() throws(SourceError)
}

extension LiveLTTngStream {
  /// The file of the stream itself is polled.
  package func emptyPipe() throws(SourceError) {}
}

extension Evidence {
  /// Adds the values of the getters of a packet, or their errors.
  package mutating func addGetters(of stream: some LiveLTTngStream) {
    add("get_events_discarded", value { () throws(SourceError) in try stream.unsafeGetEventsDiscarded() })
    add("get_sequence_number", value { () throws(SourceError) in try stream.unsafeGetSequenceNumber() })
    add("get_content_size", value { () throws(SourceError) in try stream.unsafeGetContentSize() })
    add("get_mmap_read_offset", value { () throws(SourceError) in UInt64(try stream.unsafeGetMmapReadOffset()) })
  }

  private func value(_ get: () throws(SourceError) -> UInt64) -> String {
    var value: UInt64 = 0
    let result = outcome { () throws(SourceError) in value = try get() }
    return result == "works" ? "\(value)" : result
  }

  /// Writes N events into a ring buffer with a timer, waits until poll says ready, and gets.
  /// - Parameter settings: the attributes of the channel, those of the timers last.
  package mutating func addTimedDelivery<Ring: LTTngRing>(
    of ring: Ring, settings: [Observation], writing count: UInt64
  ) throws(SourceError) where Ring.Stream: LiveLTTngStream {
    for setting in settings.suffix(2) { add("\(setting.name) in µs", setting.value) }
    // The channel's timers are there already, so they do not lack what this one gets.
    addTimerControl()
    let stream = try ring.stream()
    // The new ring buffer has a header that a flush or timer ends; that one is out of the way.
    _ = stream.flushBuffer(producerActive: true)
    _ = try stream.readAll()
    try stream.emptyPipe()
    add("poll before the events", try stream.pollText())
    let truth = try ring.write(count)
    add("events written", truth.produced)
    add("poll", try stream.pollText(5_000))
    // A sub-buffer ended by a timer may have no events yet, so this waits, in the order that the library asks for: empty
    // the pipe, read, poll.
    let deadline = ContinuousClock.now + .seconds(5)
    var packets: [LTTngLook] = []
    let visible = min(truth.produced, ring.eventsPerSubbuffer())
    while packets.sequences.count < visible, ContinuousClock.now < deadline {
      try stream.emptyPipe()
      packets += try stream.readAll()
      if packets.sequences.count < visible { _ = try stream.pollText(100) }
    }
    add("packets got and put", packets.count)
    add("events handed out", packets.sequences.count)
  }
}

extension PacketHeader {
  /// UUID, stream and stream instance, for an observation.
  package var ids: String { "\(uuid), stream \(streamID), instance \(streamInstanceID)" }
}

/// A call that has to work.
package enum LTTngCall {
  /// - Throws: ``SourceError`` where the result is a negative errno.
  package static func check(_ result: Int32, _ call: String) throws(SourceError) {
    guard result == 0 else { throw SourceError(call: call, errno: .init(rawValue: -result)) }
  }
}

/// A view of the held packet by a reader of the one-to-one layer.
package struct LTTngLook: Equatable {
  /// `packet_seq_num` of its header.
  package var packetSequenceNumber: UInt64
  /// `events_discarded` of its header.
  package var eventsDiscarded: UInt64
  /// The content with the header, in bytes.
  package var contentCount: Int
  /// The packet with its padding, in bytes.
  package var packetCount: Int
  /// The times of its beginning and its end.
  package var timestamps: (begin: UInt64, end: UInt64)
  /// The sequence numbers of the events, in order.
  package var sequences: [UInt64]
  /// The times of the events, in order.
  package var times: [UInt64]
  /// All bytes of the sub-buffer.
  package var bytes: [UInt8]

  package static func == (left: LTTngLook, right: LTTngLook) -> Bool { left.bytes == right.bytes }
}

/// The positions of writer and reader, in bytes since the ring buffer was made.
package struct Positions: Equatable {
  package var consumed: UInt
  package var produced: UInt

  /// Positions, in bytes.
  package init(consumed: UInt, produced: UInt) {
    (self.consumed, self.produced) = (consumed, produced)
  }

  /// The differences to a later look, as `before → after`.
  package func changes(to later: Positions) -> [Observation] {
    var changes: [Observation] = []
    if consumed != later.consumed {
      changes.append(Observation("consumed position", "\(consumed) → \(later.consumed)"))
    }
    if produced != later.produced {
      changes.append(Observation("produced position", "\(produced) → \(later.produced)"))
    }
    return changes.isEmpty
      ? [Observation("positions", "unchanged, consumed \(consumed), produced \(produced)")] : changes
  }
}

extension LTTngStream {
  /// The events of the sub-buffer that is held, or why there are none to be seen, for an observation.
  package var eventsText: String {
    do throws(SourceError) {
      return try look().sequences.asRange
    } catch {
      return error.detail
    }
  }

  /// Gets and puts until a get is refused.
  /// - Returns: what was seen of each packet.
  package func readAll() throws(SourceError) -> [LTTngLook] {
    var all: [LTTngLook] = []
    while unsafeGetNextSubbuffer() == 0 {
      all.append(try look())
      try putNext()
    }
    return all
  }

  /// Gets, looks and puts, where that has to work.
  /// - Throws: ``SourceError`` where it is refused.
  package func readOne() throws(SourceError) -> LTTngLook {
    let got = unsafeGetNextSubbuffer()
    guard got == 0 else { throw SourceError(call: "get_next_subbuf", errno: Errno(rawValue: -got)) }
    let look = try look()
    try putNext()
    return look
  }

  /// Ends the partial sub-buffer, and reads the sequence numbers of all that is there.
  /// - Throws: ``SourceError`` where a call fails.
  package func readAllUnread() throws(SourceError) -> [UInt64] {
    _ = flushBuffer(producerActive: true)
    var all: [UInt64] = []
    while true {
      do throws(SourceError) {
        all += try readOne().sequences
      } catch {
        if error.errno == .resourceTemporarilyUnavailable { return all }
        throw error
      }
    }
  }
}

extension [LTTngLook] {
  /// The sequence numbers of the events of all packets, in order.
  package var sequences: [UInt64] { flatMap(\.sequences) }

  /// `events_discarded` of each packet, for an observation.
  package var discardedText: String { map { String($0.eventsDiscarded) }.joined(separator: ", ") }
}

extension PacketHeader {
  /// Reads the header of a packet that lies in a sub-buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  package init(held packet: UnsafeRawBufferPointer) throws(SourceError) {
    do {
      try self.init(in: packet.bytes)
    } catch {
      throw SourceError(error)
    }
  }

  /// Reads the header of a packet that was made outside the ring buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  package init(ofPopulated packet: [UInt8]) throws(SourceError) {
    do {
      try self.init(in: packet.span.bytes)
    } catch {
      throw SourceError(error)
    }
  }
}

extension LTTngLook {
  /// Reads a packet that lies in a sub-buffer.
  /// - Throws: ``SourceError`` of kind `malformed`.
  package init<Payload>(_ packet: UnsafeRawBufferPointer, _ decoder: PacketDecoder<Payload>) throws(SourceError) {
    let header = try PacketHeader(held: packet)
    let bytes = Array(packet)
    let events = try decoder.events(in: bytes, count: header.contentByteCount, unreadOffset: PacketHeader.byteCount)
    self.init(
      packetSequenceNumber: header.packetSequenceNumber, eventsDiscarded: header.eventsDiscarded,
      contentCount: header.contentByteCount, packetCount: Int(header.packetSize / 8),
      timestamps: (header.timestampBegin, header.timestampEnd),
      sequences: events.sequences, times: events.times, bytes: bytes)
  }
}

/// The descriptor that a reader of LTTng's design waits on: the read end of a pipe, or the stream's own file.
package struct WaitDescriptor {
  package let rawValue: Int32

  /// `POLLIN` and `POLLPRI`, as LTTng's consumer daemon asks.
  package static let anyData = POLLIN | POLLPRI

  /// The events that poll returns for it; by default at this moment.
  /// - Throws: ``SourceError`` where poll fails.
  package func pollText(_ timeout: Milliseconds = 0, for events: Int32 = anyData) throws(SourceError) -> String {
    var request = pollfd(fd: rawValue, events: Int16(events), revents: 0)
    guard poll(&request, 1, timeout) >= 0 else { throw SourceError(call: "poll", errno: Errno(rawValue: errno)) }
    let names = [(POLLIN, "POLLIN"), (POLLPRI, "POLLPRI"), (POLLHUP, "POLLHUP"), (POLLERR, "POLLERR")]
      .filter { Int32(request.revents) & $0.0 != 0 }.map(\.1)
    return names.isEmpty ? "0" : names.joined(separator: " | ")
  }
}

extension Evidence {
  private static let anyCall = "any call afterwards"

  /// Writes down whether the ring buffer refuses every call from now on: `CHAN_WARN_ON` of lttng-modules disables the
  /// channel, and its ioctls then return `-EIO` (`lib_ring_buffer_ioctl`).
  /// - Returns: whether it does.
  package mutating func addSwitchedOff(_ stream: some LTTngStream) -> Bool {
    let result = stream.snapshotSamplePositions()
    guard result == -EIO else { return false }
    add(Evidence.anyCall, ErrnoName.result(result))
    return true
  }

  /// `true` if that was observed, in either mode.
  package var isSwitchedOff: Bool { observations.contains { $0.name.hasSuffix(Evidence.anyCall) } }
}
