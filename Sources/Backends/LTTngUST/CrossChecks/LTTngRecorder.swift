import CTFPackets
import LTTngBackend
import LTTngUSTABI
import Results
import Study
import SubbufferSource

/// Reads LTTng's ring buffer as ``LTTngUSTSource`` does for every reader, and records each packet.
final class LTTngRecorder {
  private let ring: LTTngUSTRing
  private var source: LTTngUSTSource
  private let decoder: PacketDecoder<SequencePayload>
  private var recording: CTFRecording
  private var packets: [PacketHeader] = []
  private var eventCounts: [Int] = []
  private var events: [TimedEvent] = []
  private var produced: UInt64 = 0

  /// Begins a recording in an empty directory.
  /// - Throws: ``SourceError`` where a call fails.
  init(_ ring: LTTngUSTRing, in directory: String) throws(SourceError) {
    self.ring = ring
    let source = try ring.source()
    decoder = source.decoder
    self.source = source
    let session = ring.session
    recording = try CTFRecording(
      in: directory,
      TraceDescription(
        uuid: session.channel.attributes.uuid, streamID: session.channel.attributes.channelID,
        eventHeader: session.eventHeader, eventID: session.eventID, tracerVersion: session.tracerVersion))
  }

  /// Writes and reads a load.
  /// - Throws: ``SourceError`` where a call fails.
  func record(_ load: LTTngLoad) throws(SourceError) -> LTTngReading {
    switch load.course {
    case .plain(let load):
      produced = try load.run(
        ring.producer, ring.configuration, eventSize: ring.eventSize(payload: load.payload),
        takeOne: { () throws(SourceError) in _ = try self.takeOne() }, takeAll: takeAll
      ).produced
    case .countFalls: try letTheCountFall()
    }
    if load.endsWithPacket {
      try source.stream.flushBuffer(producerActive: false)
    } else {
      _ = try source.flush()
    }
    try takeAll()
    return LTTngReading(
      produced: produced, events: events, packets: packets, eventCounts: eventCounts,
      channels: try source.lossChannels())
  }

  private func takeAll() throws(SourceError) {
    while try takeOne() {}
  }

  private func takeOne() throws(SourceError) -> Bool {
    let visited = try source.withNext { (subbuffer) throws(SourceError) in try self.take(subbuffer) }
    if case .subbuffer = visited { return true }
    return false
  }

  private func take(_ subbuffer: borrowing Subbuffer) throws(SourceError) {
    packets.append(try recording.append(subbuffer))
    let before = events.count
    defer { eventCounts.append(events.count - before) }
    let type = decoder.sequenceTypeID
    do {
      try decoder.forEachEvent(in: subbuffer) { event, bytes in
        if event.typeID == type, let sequence = decoder.sequenceNumber(of: event, in: bytes) {
          events.append(TimedEvent(sequence: sequence, time: event.timestamp))
        }
      }
    } catch {
      throw SourceError(error)
    }
  }

  // MARK: The count that falls

  /// As the claim `discarded-count-never-falls` is probed: events are discarded and a packet reports them; then a
  /// packet is ended by a flush while an event in it is not committed.
  private func letTheCountFall() throws(SourceError) {
    try discardSome()
    try takeAll()
    try write(4)
    try ring.withUncommittedEvent(sequence: produced, payload: Self.payload) { () throws(SourceError) in
      produced += 1
      try takeAll()
      _ = try source.flush()
    }
    try takeAll()
    try write(4)
  }

  /// Has events discarded: in discard mode by a full ring buffer; in overwrite mode by an event of the lap before that
  /// is not committed while more is written than fits.
  private func discardSome() throws(SourceError) {
    let count = 2 * ring.eventsPerRing(payload: Self.payload)
    guard ring.configuration.mode == .overwrite else { return try write(count) }
    try write(4)
    try ring.withUncommittedEvent(sequence: produced, payload: Self.payload) { () throws(SourceError) in
      produced += 1
      try write(count)
    }
    try write(4)
    _ = try source.flush()
  }

  private func write(_ count: UInt64) throws(SourceError) {
    produced += try ring.write(count, from: produced, payload: Self.payload).produced
  }

  /// Events of it leave room at the end of a packet, so that the packet before a gap is ended after it and has the
  /// count.
  private static let payload: UInt32 = 24
}

/// A load under which recordings of LTTng's ring buffer are compared.
struct LTTngLoad {
  /// The load, and the way in which it is read.
  enum Course {
    /// As the load says.
    case plain(CrossCheckLoad)
    /// The count of discarded events grows, and then a flush ends a sub-buffer in which an event is not committed,
    /// whose packet gets an older count.
    case countFalls
  }

  /// Its name.
  var name: String
  /// The load, and the way in which it is read.
  var course: Course
  /// `true` if the last flush is `flush_buffer(stream, 0)`, which makes a packet also where no event was written since
  /// the last one was ended, as LTTng's own consumer does at the end; it brings the last count.
  var endsWithPacket: Bool

  /// A load that is read as its name defines.
  static func plain(_ load: CrossCheckLoad, endsWithPacket: Bool) -> LTTngLoad {
    LTTngLoad(
      name: endsWithPacket ? "\(load.name), with a last packet" : load.name, course: .plain(load),
      endsWithPacket: endsWithPacket)
  }

  /// All loads.
  static let all: [LTTngLoad] = [
    .plain(.nothingLost, endsWithPacket: false), .plain(.nothingLost, endsWithPacket: true),
    .plain(.stalled, endsWithPacket: false), .plain(.stalled, endsWithPacket: true),
    .plain(.fallsBehind, endsWithPacket: true), .plain(full, endsWithPacket: false),
    .plain(full, endsWithPacket: true),
    LTTngLoad(name: "the count falls back", course: .countFalls, endsWithPacket: false),
  ]

  /// 59 events of 68 bytes fill the 4012 bytes after a packet's header to the last one: the packet is ended by its own
  /// last event, before anything is lost after it. Only the stream's first event may be longer, for its whole time, and
  /// its packet have room at the end.
  private static let full = CrossCheckLoad(
    name: "packets filled to the last byte", payload: 52, halves: 6, reader: .afterTheWriter)

  /// The same with a number of events that was drawn.
  func drawing(_ generator: inout SeededGenerator) -> LTTngLoad {
    guard case .plain(let load) = course else { return self }
    var drawn = self
    drawn.course = .plain(load.drawing(&generator))
    return drawn
  }
}
