/// A reader of the mapping as a thread of a ``KernelModelWorld``: takes the next sub-buffer, or more of the same, and
/// looks at each word of it that it did not see before. It knows a sub-buffer by its id and its time stamp.
package struct KernelReaderThread: Sendable, Hashable {
  /// The hand-overs that it saw.
  package private(set) var handovers: [KernelHandover] = []

  private enum Phase {
    case getReader, id, read, page, timestamp, lostEvents, commit, word, missed
  }

  private let layout: KernelLayout
  private var calls: Int
  private var phase = Phase.getReader
  private var operation: KernelGetReader
  private var page = 0
  private var read: UInt64 = 0
  private var offset: UInt64 = 0
  private var current: KernelHandover
  private var heldID: UInt64 = 0
  private var heldTimestamp: UInt64 = 0
  private var timestamp: UInt64 = 0
  private var handedOut: UInt64 = 0

  /// - Parameter calls: how often it calls the ioctl.
  init(_ layout: KernelLayout, calls: Int) {
    self.layout = layout
    self.calls = calls
    operation = KernelGetReader(layout)
    current = Self.nothing
  }

  var isDone: Bool { calls == 0 }

  /// `true` if its next step is the first one of the ioctl.
  var isBeforeCall: Bool { phase == .getReader && operation == KernelGetReader(layout) }

  /// ``KernelGetReader/isComparingCommit``.
  var isComparingCommit: Bool { phase == .getReader && operation.isComparingCommit }

  /// Has it call the ioctl once more.
  mutating func callAgain() { calls += 1 }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) {
    switch phase {
    case .getReader:
      guard case .done = operation.step(on: &memory) else { break }
      operation = KernelGetReader(layout)
      phase = .id
    case .id:
      current.id = memory.load(KernelLayout.metaReaderID, .relaxed)
      phase = .read
    case .read:
      read = min(memory.load(KernelLayout.metaReaderRead, .relaxed), layout.dataSize)
      phase = .page
    case .page:
      page = Int(truncatingIfNeeded: memory.load(layout.pageOfID(Int(truncatingIfNeeded: current.id)), .acquire))
      phase = .timestamp
    case .timestamp:
      timestamp = memory.readPlain(layout.timestamp(page))
      current.exchanged = current.id != heldID || timestamp != heldTimestamp
      offset = current.exchanged ? 0 : handedOut
      if offset == read { end() } else { phase = .lostEvents }
    case .lostEvents:
      current.lostEvents = memory.load(KernelLayout.metaReaderLostEvents, .relaxed)
      phase = .commit
    case .commit:
      current.commit = memory.load(layout.commit(page), .acquire)
      phase = offset < read ? .word : .missed
    case .word:
      current.words.append(memory.readPlain(layout.data(page, offset)))
      offset += 8
      if offset >= read { phase = .missed }
    case .missed:
      let end = current.commit & KernelSubbufferFormat.lengthMask
      if current.commit & KernelSubbufferFormat.missedStored != 0, end < layout.dataSize {
        current.missed = memory.readPlain(layout.data(page, end))
      }
      handovers.append(current)
      heldID = current.id
      heldTimestamp = timestamp
      handedOut = read
      self.end()
    }
  }

  private mutating func end() {
    calls -= 1
    current = Self.nothing
    phase = .getReader
  }

  private static let nothing = KernelHandover(
    id: 0, exchanged: false, words: [], lostEvents: 0, commit: 0, missed: nil)
}

/// A writer as a thread of a ``KernelModelWorld``: writes consecutive sequence numbers from 0.
///
/// It may be interrupted between reserve and commit by another that writes the next numbers.
package struct KernelWriterThread: Sendable, Hashable {
  /// The number of events committed.
  package private(set) var written: UInt64 = 0
  /// The number of events dropped.
  package private(set) var dropped: UInt64 = 0
  /// `true` if every event is committed or dropped.
  private(set) var isDone: Bool

  private let layout: KernelLayout
  private let count: UInt64
  private let nested: UInt64
  private var next: UInt64 = 1
  private var operation: KernelWriteEvent
  /// The present event of the writer that interrupts.
  private var interruption: KernelWriteEvent?
  /// The number of events that are left to write inside the present one.
  private var left: UInt64

  /// - Parameters:
  ///   - count: the number of events to write.
  ///   - nested: the number of events that others write inside every third event of the writer; 0 for none.
  init(_ layout: KernelLayout, count: UInt64, nested: UInt64) {
    self.layout = layout
    self.count = count
    self.nested = nested
    isDone = count == 0
    operation = Self.operation(layout, 0)
    left = nested
  }

  var isDecidingOnTail: Bool { (interruption ?? operation).isDecidingOnTail }

  mutating func step<Memory: AtomicMemory>(on memory: inout Memory) {
    if var inner = interruption {
      let outcome = inner.step(on: &memory)
      interruption = inner
      guard case .done(let end) = outcome else { return }
      enter(end)
      interruption = nil
    } else if case .done(let end) = operation.step(on: &memory) {
      enter(end)
      guard next < count else {
        isDone = true
        return
      }
      left = next % 3 == 0 ? nested : 0
      operation = Self.operation(layout, next)
      next += 1
      return
    }
    guard operation.isUncommitted, left > 0, next < count else { return }
    interruption = Self.operation(layout, next, isNested: true)
    next += 1
    left -= 1
  }

  private mutating func enter(_ outcome: KernelWriteEvent.Outcome) {
    switch outcome {
    case .written: written += 1
    case .dropped: dropped += 1
    case .tooLong: break
    }
  }

  /// The bytes of payload of an event: different from one to the next, so that sub-buffers end at different places.
  static func payload(of sequence: UInt64) -> UInt32 { [0, 16, 8][Int(sequence % 3)] }

  private static func operation(
    _ layout: KernelLayout, _ sequence: UInt64, isNested: Bool = false
  ) -> KernelWriteEvent {
    KernelWriteEvent(
      layout, sequence: sequence, payload: payload(of: sequence), timestamp: sequence, isNested: isNested)
  }
}
