/// A point that a probe must pass before its question is decided: the ring buffer wrapped, the flag was set, the reader
/// held a sub-buffer.
///
/// A mark is a pure function of the evidence, so that stored results are judged again with the marks of the present
/// catalogue. Where no observation shows that the point was passed, the probe records it (``recorded(_:_:)``).
public struct Mark: Sendable {
  /// The kind of the point, a stable name: `events-lost`.
  public var id: String
  /// The point in a few words: "events were lost".
  public var words: String
  /// `true` if the machine decides it and not the probe: it may be reached on no machine of a study.
  public var isOfMachine: Bool
  private let isPassed: @Sendable (Evidence) throws -> Bool

  /// Describes a point.
  /// - Parameter isReached: computes from the evidence whether it was passed; throws ``Undecided`` if the evidence does
  ///   not show it.
  public init(
    _ id: String, _ words: String, isOfMachine: Bool = false,
    _ isReached: @escaping @Sendable (Evidence) throws -> Bool
  ) {
    self.id = id
    self.words = words
    self.isOfMachine = isOfMachine
    isPassed = isReached
  }

  /// A point that the probe records itself when it passes it, with ``Evidence/reach(_:)``.
  public static func recorded(_ id: String, _ words: String) -> Mark {
    Mark(id, words) { seen in seen.observations.contains { $0.name == Mark.name(of: id) } }
  }

  /// The name of the observation that records a point.
  fileprivate static func name(of id: String) -> String { "mark: \(id)" }

  /// `true` if the evidence shows that the point was passed.
  public func isReached(in evidence: Evidence) -> Bool { missing(in: evidence) == nil }

  /// The reason why the question is undecided; `nil` if the point was passed.
  func missing(in evidence: Evidence) -> String? {
    do {
      return try isPassed(evidence) ? nil : Mark.missing(words)
    } catch {
      return "\(Mark.missing(words)): \((error as? Undecided)?.reason ?? "\(error)")"
    }
  }

  /// The reason for an undecided outcome: "mark “events were lost” not reached".
  static func missing(_ words: String) -> String { "mark “\(words)” not reached" }
}

extension [Mark] {
  /// No point has to be passed: the question is about something that is there from the beginning.
  public static var nothing: [Mark] { [] }
}

extension Evidence {
  /// Records that a point was passed which no observation shows.
  public mutating func reach(_ mark: Mark) { add(Mark.name(of: mark.id), "reached") }
}

/// The points of the probes, by kind: what the writer did.
extension Mark {
  private static func above(_ id: String, _ words: String, _ name: String, _ least: Int64 = 0) -> Mark {
    Mark(id, words) { seen in
      let number = try seen.number(name)
      if number <= least { throw Undecided("\(name): \(number)") }
      return true
    }
  }

  /// Events were written.
  public static func eventsWritten(_ name: String = "events written") -> Mark {
    above("events-written", "events were written", name)
  }

  /// Events were lost, by their number.
  public static func eventsLost(_ number: @escaping @Sendable (Evidence) throws -> Int64) -> Mark {
    Mark("events-lost", "events were lost") { seen in try number(seen) > 0 }
  }

  /// Events were lost, by an observation.
  public static func eventsLost(_ name: String) -> Mark { eventsLost { seen in try seen.number(name) } }

  /// More events were produced than delivered.
  public static let eventsLost = Mark.eventsLost { seen in try seen.lost }

  /// Nothing was lost before the sub-buffer that is compared with one after a loss.
  package static func nothingLost(_ name: String) -> Mark {
    Mark("nothing-lost", "nothing was lost before the other sub-buffer") { seen in try seen.number(name) == 0 }
  }

  /// Events were lost N times.
  package static func losses(_ name: String, atLeast least: Int64) -> Mark {
    above("several-losses", "events were lost several times", name, least - 1)
  }

  /// Events were overwritten.
  public static func eventsOverwritten(_ name: String, moreThan least: Int64 = 0) -> Mark {
    above("events-overwritten", "events were overwritten", name, least)
  }

  /// Events were dropped.
  public static func eventsDropped(_ name: String) -> Mark { above("events-dropped", "events were dropped", name) }

  /// Events were delivered.
  public static func eventsDelivered(_ name: String) -> Mark {
    above("events-delivered", "events were delivered", name)
  }

  /// The writer wrapped around.
  public static func writerWrapped(_ isWrapped: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("writer-wrapped", "the writer wrapped around the ring buffer", isWrapped)
  }

  /// The writer moved the consumed position, because it needed the sub-buffer there.
  package static func positionPushed(_ name: String, beyond earlier: String? = nil) -> Mark {
    Mark("position-pushed", "the writer pushed the consumed position") { seen in
      try seen.number(name) > (earlier.map { try seen.number($0) } ?? 0)
    }
  }

  /// The writer left a sub-buffer for the next.
  package static func writerLeft(_ isLeft: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("writer-left", "the writer left the sub-buffer", isLeft)
  }

  /// The writer was inside a write, of which other observations tell.
  package static func writerInsideWrite(_ isInside: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("writer-inside-write", "the writer was inside a write", isInside)
  }

  /// Recording was switched off: events that were written then left no trace.
  package static func recordingOff(_ isOff: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("recording-off", "recording was off", isOff)
  }

  /// The writer ended inside a write: its process by a signal, a model's writer before its commit.
  package static let writerEnded = Mark("writer-ended-inside-write", "the writer was ended inside a write") { seen in
    let ending = try seen["the writer"]
    return ending.hasPrefix("it was ended by signal") || ending.hasSuffix("was ended before its commit")
  }
}

/// The points of the probes, by kind: what the reader had.
extension Mark {
  /// The reader held a sub-buffer.
  public static func subbufferHeld(_ isHeld: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("subbuffer-held", "the reader held a sub-buffer", isHeld)
  }

  /// Sub-buffers were handed out, at least N.
  public static func subbuffers(_ name: String, atLeast least: Int64) -> Mark {
    above("subbuffers-handed-out", "enough sub-buffers were handed out", name, least - 1)
  }

  /// An acquire of the prepared sub-buffer worked.
  package static func acquired(_ calls: String...) -> Mark {
    Mark("subbuffer-acquired", "the reader acquired a sub-buffer") { seen in
      try calls.allSatisfy { try seen.code($0) == "0" }
    }
  }

  /// All events were read.
  public static func allRead(_ isRead: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("all-read", "all events were read", isRead)
  }

  /// A first reader took some events and left others.
  public static func partRead(_ isPart: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("part-read", "the first reader took a part of the events", isPart)
  }

  /// The missed-events flag of a sub-buffer was set.
  package static func flagSet(_ name: String) -> Mark {
    Mark("flag-set", "the missed-events flag was set") { seen in try seen[name] == "1" }
  }

  /// The missed-events flag of the other sub-buffer was not set.
  package static func flagClear(_ name: String) -> Mark {
    Mark("flag-clear", "the missed-events flag of the other sub-buffer was clear") { seen in try seen[name] == "0" }
  }

  /// Bytes are there after the data of a sub-buffer.
  package static func bytesAfterData(_ name: String, moreThan least: Int64 = 0) -> Mark {
    above("bytes-after-data", "there were bytes after the data", name, least)
  }

  /// A packet ends with its last event, or does not.
  package static func packetsFull(_ isFull: Bool) -> Mark {
    Mark(
      isFull ? "packet-filled" : "packet-not-filled",
      isFull ? "every packet was filled to its last byte" : "no packet was filled to its last byte"
    ) { seen in
      try seen.all("bytes free before gap ").allSatisfy { ($0 == "0") == isFull }
    }
  }

  /// The next call updated what did not change before it.
  package static func callUpdated(_ before: String, _ after: String) -> Mark {
    Mark("call-updated", "the next call updated the values") { seen in try seen[before] != seen[after] }
  }

  /// There was something that a clear could remove.
  package static func somethingToClear(_ isThere: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("something-to-clear", "there was something to clear", isThere)
  }

  /// A thread slept in an acquire.
  package static let acquireWaited = Mark("acquire-waited", "the acquire waited") { seen in
    try seen["ioctl without O_NONBLOCK"] == "sleeps"
  }

  /// There was something to read.
  package static func readable(_ isReadable: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("readable", "there was something to read", isReadable)
  }

  /// A byte of the mapping that the reader may load can be loaded.
  package static func loadable(_ name: String) -> Mark {
    Mark("mapping-loadable", "the reader can load its mapping") { seen in
      let signal = try seen.signal(name)
      if signal != "0" { throw Undecided("\(name): \(signal)") }
      return true
    }
  }
}

/// The points of the probes, by kind: calls.
extension Mark {
  /// Calls that the question builds on worked.
  package static func worked(_ calls: String...) -> Mark {
    Mark("call-worked", "the call before it worked") { seen in
      for call in calls where try !seen.works(call) { throw Undecided("\(call): \(try seen[call])") }
      return true
    }
  }

  /// Calls that had to be refused were refused.
  package static func refused(_ calls: String..., with errno: String = "") -> Mark {
    Mark("call-refused", "the call before it was refused") { seen in
      for call in calls where try !seen.refuses(call, with: errno) { throw Undecided("\(call): \(try seen[call])") }
      return true
    }
  }

  /// Controls worked: the same calls on ordinary memory, files and processes.
  package static func control(_ calls: String...) -> Mark {
    Mark("control-worked", "the control worked; else the environment refuses the call") { seen in
      for call in calls {
        let result = try seen[Evidence.name(ofControl: call)]
        if result != "0" { throw Undecided("\(call): \(result)") }
      }
      return true
    }
  }

  /// The event of a control arrived.
  package static func controlArrived(_ hasArrived: @escaping @Sendable (Evidence) throws -> Bool) -> Mark {
    Mark("control-arrived", "the event of the control arrived", hasArrived)
  }

  /// The reader was a program of 32 bits.
  package static let readerOf32Bits = Mark("reader-of-32-bits", "the reader was a program of 32 bits") { seen in
    try seen.number("32 bits: bytes of a pointer") == 4
  }
}

/// The points of the probes, by kind: what the machine has to have.
extension Mark {
  /// A property of the machine.
  package static func machine(
    _ id: String, _ words: String, _ isThere: @escaping @Sendable (Evidence) throws -> Bool
  ) -> Mark {
    Mark(id, words, isOfMachine: true, isThere)
  }
}

extension Evidence {
  /// The number of events that were produced and not delivered.
  public var lost: Int64 {
    get throws(Undecided) { try number("events produced") - number("events delivered") }
  }
}
