import SubbufferSource

/// The LTTng design as a value: some memory, a writer (thread 0) and a reader (thread 1).
///
/// The writer writes its events one after the other. The reader takes, copies and puts sub-buffers; where there is
/// nothing, it looks at the newest delivered sub-buffer by its position or ends the partial one, by turns. When the
/// writer is done it reads what is left, ends the last sub-buffer, reads that as well, and is done.
package struct LTTngModelWorld<Memory: AtomicMemory & Sendable & Hashable>: SteppedWorld {
  /// The attributes of the ring buffer.
  package let attributes: LTTngModelAttributes
  /// The outcome of each event, by its sequence number.
  package private(set) var outcomes: [LTTngWriteOutcome] = []
  /// The packets that the reader consumed, in order.
  private(set) var packets: [LTTngSeenPacket] = []
  /// The packets that the reader looked at by their positions.
  private(set) var looks: [LTTngSeenPacket] = []
  private(set) var memory: Memory

  let layout: LTTngLayout
  private let events: Int
  private let payload: Int
  private var write: WriteEvent?
  private var read = Reading.next
  private var idleTurns = 0
  private var isFlushed = false

  /// The state of the reader.
  private enum Reading: Hashable {
    case next, get(GetNextSubbuffer), packet(LTTngReadPacket, at: UInt64), put(PutNextSubbuffer)
    case snapshot(SnapshotPositions), positions, getAt(GetSubbuffer), look(LTTngReadPacket, at: UInt64)
    case putLook(PutSubbuffer), end(SwitchSubbuffer), done
  }

  /// A ring buffer to which nothing was written.
  /// - Parameters:
  ///   - attributes: what the ring buffer is made with.
  ///   - memory: zeroed memory of ``LTTngModelAttributes/wordCount`` words.
  ///   - events: the number of events that the writer writes; they have the sequence numbers from 0 on.
  ///   - payload: the size of each event's payload after its sequence number, in bytes.
  package init(_ attributes: LTTngModelAttributes, memory: Memory, events: Int, payload: Int) {
    self.attributes = attributes
    self.memory = memory
    self.events = events
    self.payload = payload
    layout = LTTngLayout(attributes)
    layout.initialize(&self.memory)
    var open = OpenForReading(layout: layout)
    _ = open.run(on: &self.memory)
    write = nextWrite
  }

  /// The writer and the reader.
  package var threadCount: Int { 2 }

  /// `true` if the writer has written everything, or the reader has read everything.
  package func isDone(_ thread: Int) -> Bool { thread == 0 ? write == nil : read == .done }

  /// Makes the next step of the writer or the reader.
  package mutating func step(_ thread: Int) {
    if thread == 0 { stepWriter() } else { stepReader() }
  }

  /// The violated invariants of a world in which both are done.
  package var violations: [String] {
    LTTngHistory(
      layout: layout, payload: payload, outcomes: outcomes, packets: packets, looks: looks,
      writerErrors: errorCount(in: .traced), readerErrors: errorCount(in: .consumer)
    ).violations
  }

  /// The number of events that the reader consumed.
  package var delivered: Int { packets.reduce(0) { $0 + $1.eventCount(payload: payload) } }

  private func errorCount(in process: LTTngProcess) -> UInt64 {
    var memory = memory
    return memory.load(layout.recordDisabled(in: process), .relaxed)
  }

  private var nextWrite: WriteEvent? {
    guard outcomes.count < events else { return nil }
    return WriteEvent(layout, LTTngEvent(sequence: UInt64(outcomes.count), payloadByteCount: payload))
  }

  private mutating func stepWriter() {
    guard let output = write?.output(on: &memory) else { return }
    outcomes.append(output.outcome)
    write = nextWrite
  }

  private mutating func stepReader() {
    switch read {
    case .next: read = .get(GetNextSubbuffer(layout))
    case .get(var get):
      switch get.output(on: &memory) {
      case nil: read = .get(get)
      case .success(let position): read = .packet(LTTngReadPacket(layout), at: position)
      case .nothing, .finalized: read = afterNothing()
      }
    case .packet(var packet, let position):
      // The state is moved and not copied, since it has an array.
      read = .next
      if let words = packet.output(on: &memory) {
        packets.append(LTTngSeenPacket(position: position, words: words))
        read = .put(PutNextSubbuffer(layout))
      } else {
        read = .packet(packet, at: position)
      }
    case .put(var put):
      read = put.output(on: &memory) != nil ? .next : .put(put)
    case .snapshot(var snapshot):
      switch snapshot.output(on: &memory) {
      case nil: read = .snapshot(snapshot)
      case .success: read = .positions
      case .nothing, .finalized: read = .next
      }
    case .positions:
      let newest = memory.readPlain(layout.producedSnapshot) &- layout.subbufferSize
      read = .getAt(GetSubbuffer(layout, position: newest))
    case .getAt(var get):
      switch get.output(on: &memory) {
      case nil: read = .getAt(get)
      case .success(let position): read = .look(LTTngReadPacket(layout), at: position)
      case .nothing, .finalized: read = .next
      }
    case .look(var packet, let position):
      read = .next
      if let words = packet.output(on: &memory) {
        looks.append(LTTngSeenPacket(position: position, words: words))
        read = .putLook(PutSubbuffer(layout))
      } else {
        read = .look(packet, at: position)
      }
    case .putLook(var put):
      read = put.output(on: &memory) != nil ? .next : .putLook(put)
    case .end(var end):
      read = end.output(on: &memory) != nil ? .next : .end(end)
    case .done: break
    }
  }

  /// The next state of the reader after a get that returned nothing.
  private mutating func afterNothing() -> Reading {
    if isFlushed { return .done }
    if write == nil {
      // Sub-buffers delivered since the get began are read first: with all sub-buffers full nothing can be ended.
      if idleTurns < 0 {
        isFlushed = true
        return .end(SwitchSubbuffer(layout, .consumer, .flush))
      }
      idleTurns = -1
      return .next
    }
    idleTurns += 1
    return switch idleTurns % 3 {
    case 1: .snapshot(SnapshotPositions(layout, .subbuffers))
    case 2: .end(SwitchSubbuffer(layout, .consumer, .active))
    default: .next
    }
  }
}

extension RingMode {
  /// Checks the design against itself: runs one writer and one reader in interleavings drawn from the seed, step by step,
  /// in small ring buffers of different shapes.
  ///
  /// In each run: every packet that is read is whole, whether it is consumed or looked at by its position; it has exactly
  /// the events that were accepted into it, in order; none is consumed twice; times do not go back; no internal error is
  /// found; and the schedule, from its text, makes the same world again. In discard mode no packet is missing, and the
  /// events consumed and `events_discarded` of the last packet add up to those that the writer tried to write. In
  /// overwrite mode events are missing exactly where `packet_seq_num` has a gap.
  /// - Parameters:
  ///   - seed: of the first run; the others have those that follow.
  ///   - schedules: the number of runs.
  package func check(seed: UInt64, schedules: Int) -> ScheduleCheck {
    check(seed: seed, schedules: schedules) { SteppedMemory(wordCount: $0.wordCount) }
  }

  /// Checks the design on a memory of one's own.
  /// - Parameter makeMemory: makes zeroed memory of ``LTTngModelAttributes/wordCount`` words.
  package func check<Memory: AtomicMemory & Hashable & Sendable>(
    seed: UInt64, schedules: Int, _ makeMemory: (LTTngModelAttributes) -> Memory
  ) -> ScheduleCheck {
    var check = ScheduleCheck()
    for index in 0..<UInt64(max(schedules, 0)) {
      if let world = world(index, makeMemory) { check.enter(world, seed: seed &+ index) }
    }
    return check
  }

  /// The world in which a run begins; the shapes take turns.
  func world<Memory: AtomicMemory & Hashable & Sendable>(
    _ index: UInt64, _ makeMemory: (LTTngModelAttributes) -> Memory
  ) -> LTTngModelWorld<Memory>? {
    let shape = Self.shapes[Int(index % UInt64(Self.shapes.count))]
    guard
      let attributes = try? LTTngModelAttributes(mode: self, subbufferSize: shape.size, subbufferCount: shape.count)
    else { return nil }
    return LTTngModelWorld(attributes, memory: makeMemory(attributes), events: shape.events, payload: shape.payload)
  }

  /// Ring buffers with room for 2 to 12 events in a sub-buffer, which they fill to its last byte or not.
  private static let shapes = [
    (size: 256, count: 2, events: 60, payload: 8), (size: 128, count: 2, events: 40, payload: 0),
    (size: 256, count: 4, events: 100, payload: 17), (size: 256, count: 2, events: 90, payload: 0),
    (size: 128, count: 4, events: 40, payload: 9),
  ]
}

extension ScheduleCheck {
  /// Runs a world, and enters what came of it.
  mutating func enter<Memory>(_ beginning: LTTngModelWorld<Memory>, seed: UInt64, budget: Int = 100_000) {
    var world = beginning
    let run = world.run(seed: seed, budget: budget)
    schedules += 1
    steps += run.steps
    exchanges += UInt64(world.packets.count)
    deliveredEvents += UInt64(world.delivered)
    lostEvents += UInt64(world.outcomes.count - world.delivered)
    if let what = world.violation(of: run, from: beginning) {
      violations.append(Violation(seed: seed, schedule: run.schedule.description, what: what))
    }
  }
}

extension LTTngModelWorld {
  fileprivate func violation(of run: ScheduledRun, from beginning: Self) -> String? {
    guard run.finished else { return "not finished after \(run.steps) steps" }
    var again = beginning
    guard let schedule = Schedule(parsing: run.schedule.description), again.replay(schedule), again == self else {
      return "the replayed schedule has a different history"
    }
    return violations.first
  }
}
