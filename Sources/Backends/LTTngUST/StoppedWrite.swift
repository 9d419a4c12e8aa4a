import Glibc
import LTTngBackend
import LTTngUSTABI
import Study
import SubbufferSource
import Workload

/// The size of an event that is written in steps, by the room that its sub-buffer has.
enum SteppedEvent: String, CaseIterable {
  /// There is more room.
  case fits
  /// It takes the room that is left.
  case fills
  /// There is less room: the write ends the sub-buffer and begins the next.
  case exceeds
}

/// A ring buffer whose producer writes one event in steps, and a reader of it.
struct StoppedWrite {
  let ring: LTTngUSTRing
  let stream: LTTngUSTStream
  let write: SteppedWrite
  let sequence: UInt64
  let payload: UInt32
  /// The committed events of the sub-buffer that the writer is in.
  let committed: Range<UInt64>

  /// More room than the short event of a step takes, less than half of a sub-buffer's.
  private static let room = 100
  /// Longer than the time after which a time stamp is a full one: 2^27 ns (``USTChannel/waitForFullTimestamps()``).
  private static let untilFullTimestamp: UInt32 = 140_000

  /// Fills sub-buffers until the room for the event is small: in overwrite mode up to the last one, so that the next one is
  /// the reader's, and in discard mode up to the third.
  /// - Parameter isRead: has the reader read every full sub-buffer before.
  init(_ ring: LTTngUSTRing, _ event: SteppedEvent, isRead: Bool = false) throws(SourceError) {
    let (size, count) = (ring.configuration.subbufferSize, ring.configuration.subbufferCount)
    let target = ring.configuration.mode == .overwrite ? count - 1 : 2
    let stream = try ring.stream()
    let step = ring.eventSize(payload: 16)
    var (produced, first): (UInt64, UInt64) = (0, 0)
    var position = 0
    while position / size < target || size - position % size >= Self.room + step {
      let before = position
      try ring.write(1, from: produced)
      position = Int(try stream.positions().produced)
      // An event that fills its sub-buffer moves the position to the next one, too.
      if position / size > before / size { first = position % size == 0 ? produced + 1 : produced }
      produced += 1
    }
    if isRead { _ = try stream.readAll() }
    let room = size - position % size
    // The size of the event depends on its time stamp.
    let overhead = ring.eventSize(payload: 0) + LTTngUSTStudy(producerCPU: ring.cpu).firstEventSurplus
    let payload =
      switch event {
      case .fits: 16
      case .fills: room - overhead
      case .exceeds: room
      }
    if event == .fills { usleep(Self.untilFullTimestamp) }
    self.ring = ring
    self.stream = stream
    sequence = produced
    self.payload = UInt32(payload)
    write = try SteppedWrite(ring, stream)
    committed = first..<produced
  }

  /// Calls `body` at each stop of the write. The memory is restored after it.
  func atEachStop(_ body: (WriteStop) throws(SourceError) -> Void) throws(SourceError) {
    try write.write(sequence: sequence, payload: payload) { (stop) throws(SourceError) in
      try body(stop)
      return true
    }
    try awaitWrite()
  }

  /// Calls `body` at one stop. The memory stays as it is then, and the writer resumes and ends the write.
  func at(_ one: WriteStop, _ body: () throws(SourceError) -> Void) throws(SourceError) {
    try leave(at: one, body)
    try awaitWrite()
  }

  /// Kills the producer at a stop.
  func kill(at one: WriteStop) throws(SourceError) {
    try leave(at: one) { ring.producer.end() }
  }

  private func leave(at one: WriteStop, _ body: () throws(SourceError) -> Void) throws(SourceError) {
    var isReached = false
    try write.write(sequence: sequence, payload: payload) { (stop) throws(SourceError) in
      guard stop.number == one.number else { return true }
      isReached = stop.field == one.field
      if isReached { try body() }
      return false
    }
    guard isReached else {
      throw SourceError(call: "stop a write", detail: "there was no stop \(one.number) at \(one.field)")
    }
  }

  private func awaitWrite() throws(SourceError) {
    guard try ring.producer.truth(within: 10_000) != nil else {
      throw SourceError(call: "end a write", errno: .timedOut)
    }
  }

  /// Has the reader flush, and read everything that it gets.
  func flushAndRead() throws(SourceError) -> [LTTngLook] {
    try stream.flush(producerActive: true)
    return try stream.readAll()
  }

  /// The number of committed events of the sub-buffer among those of packets.
  func committedCount(in packets: [LTTngLook]) -> Int {
    packets.sequences.count { committed.contains($0) }
  }
}

extension LTTngUSTStudy {
  /// Prepares a write in steps of each size in each mode.
  /// - Parameter body: its string is the beginning of the observations' names: `overwrite, event fits: `.
  func withStoppedWrites(
    _ events: [SteppedEvent] = SteppedEvent.allCases, _ body: (String, StoppedWrite) throws(SourceError) -> Void
  ) throws(SourceError) {
    for mode in RingMode.allCases {
      for event in events {
        try withStoppedWrite(mode, event) { (write) throws(SourceError) in
          try body("\(mode.rawValue), event \(event.rawValue): ", write)
        }
      }
    }
  }

  /// Prepares a write in steps.
  func withStoppedWrite(
    _ mode: RingMode, _ event: SteppedEvent, isRead: Bool = false,
    _ body: (StoppedWrite) throws(SourceError) -> Void
  ) throws(SourceError) {
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    try LTTngUSTRing.with(configuration, isShared: true) { (ring) throws(SourceError) in
      try body(StoppedWrite(ring, event, isRead: isRead))
    }
  }

  /// Prepares a write in steps for each of its stops, on a ring buffer of its own that another process writes to as well.
  func withWriteForEachStop(
    _ mode: RingMode, _ event: SteppedEvent, isRead: Bool = false,
    _ body: (StoppedWrite, WriteStop, ProducerProcess) throws(SourceError) -> Void
  ) throws(SourceError) {
    var stops: [WriteStop] = []
    try withStoppedWrite(mode, event, isRead: isRead) { (write) throws(SourceError) in
      try write.atEachStop { stops.append($0) }
    }
    for stop in stops {
      try withStoppedWrite(mode, event, isRead: isRead) { (write) throws(SourceError) in
        try write.ring.withOtherProducer { (other) throws(SourceError) in try body(write, stop, other) }
      }
    }
  }
}
