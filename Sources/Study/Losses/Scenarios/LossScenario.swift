import Results
import SubbufferSource

/// A way of losing events, or of losing none.
public struct LossScenario: Sendable, Equatable {
  /// The name by which it is asked for: `stalled`.
  public var name: String
  /// The parameter that the scenario varies.
  public var group: LossGroup
  /// The scenario in one sentence.
  public var title: String
  /// In which modes it is made.
  public var modes: [RingMode]
  /// The size of a sub-buffer in bytes.
  public var subbufferSize: Int
  /// The number of the writer's sub-buffers.
  public var subbufferCount: Int
  /// The bytes of the events.
  public var payload: Payload
  /// The number of sub-buffers written for each one that the reader takes; `nil` where that is not varied.
  public var offeredLoad: Double?
  /// The points that it must pass, else its channels are not judged.
  public var marks: [LossMark]
  /// The steps, in order. At the end the last reader reads everything, ends the partial sub-buffer, and reads the rest.
  public var lives: [ReaderLife]

  /// With this one no back end's events fill a packet of LTTng's design to its last byte. There the count of discarded
  /// events tells less at the end, which is a scenario of its own.
  public static let usualPayload = Payload.bytes(24)

  init(
    _ name: String, _ group: LossGroup, _ title: String, modes: [RingMode] = [.overwrite, .discard],
    subbufferSize: Int = 4096, subbufferCount: Int = 8, payload: Payload = LossScenario.usualPayload,
    offeredLoad: Double? = nil, reaching marks: [LossMark], _ lives: [ReaderLife]
  ) {
    self.name = name
    self.group = group
    self.title = title
    self.modes = modes
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    self.payload = payload
    self.offeredLoad = offeredLoad
    self.marks = marks
    self.lives = lives
  }

  /// All of them, group by group.
  public static let all = readers + offeredLoads + productions + geometries + producers + controls

  /// `true` if producer and reader run at the same time: then the seed repeats the load, and not the loss.
  public var isConcurrent: Bool { hasStep(LossScenario.isConcurrent) }

  /// `true` if sizes or moments are drawn from the seed, so that another seed may lose other events.
  public var dependsOnSeed: Bool {
    if case .mixed = payload { return true }
    return hasStep { if case .killProducerWriting = $0 { true } else { false } }
  }

  private func hasStep(_ isMeant: (LossStep) -> Bool) -> Bool {
    lives.contains { life in
      if case .reader(let steps) = life { steps.contains(where: isMeant) } else { false }
    }
  }

  /// `true` if a reader was killed while it held a sub-buffer, before the life at an index.
  func hasKilledReader(before index: Int) -> Bool { lives[..<index].contains(.killedHolding) }

  /// `true` if it is made alone: where producer and reader run at the same time, what is lost depends on when they get
  /// a CPU; where a reader is killed, this process forks, and the child has what other threads have open.
  var needsTheMachine: Bool { isConcurrent || lives.contains(.killedHolding) }

  private static func isConcurrent(_ step: LossStep) -> Bool {
    switch step {
    case .keepUp, .readAtIntervals, .killProducerWriting: true
    case .hold(let steps), .times(_, let steps): steps.contains(where: isConcurrent)
    default: false
    }
  }

  /// The capabilities that a back end needs for it.
  public var needs: [RingNeed] {
    var walk = NeedWalk()
    if group == .geometry { walk.add(.subbuffers) }
    for life in lives {
      switch life {
      case .killedHolding: walk.add(.readerProcess)
      case .nobody(let steps), .reader(let steps): walk.visit(steps)
      }
    }
    return walk.needs
  }
}

private struct NeedWalk {
  var needs: [RingNeed] = []
  var isHeld = false

  mutating func add(_ need: RingNeed) {
    if !needs.contains(need) { needs.append(need) }
  }

  mutating func visit(_ steps: [LossStep]) {
    for step in steps {
      switch step {
      case .write(_, let payload):
        if isHeld { add(.nestedWrites) }
        if payload == .tooBig { add(.subbuffers) }
      case .hold(let inner): visit(inner)
      case .times(_, let inner):
        // A reader that takes all there is at once does not fall behind by taking it once.
        if inner.contains(.readOne) { add(.subbuffers) }
        visit(inner)
      case .control(let control): add(.control(control))
      case .beginHeldWrite:
        add(.heldWrite)
        isHeld = true
      case .endHeldWrite: isHeld = false
      case .stopProducer: add(.stopInsideWrite)
      case .killProducer, .killProducerWriting, .resumeProducer: add(.producerProcess)
      case .readAtIntervals: add(.subbuffers)
      case .readOne, .readAll, .flush, .keepUp: break
      }
    }
  }
}

extension LossScenario {
  /// Faults of the producer.
  static let producers = [
    LossScenario(
      "producer-killed-between-writes", .producer, "the producer is killed by SIGKILL between two writes",
      reaching: [.eventsDelivered], [.reader([.write(.subbuffers(2.5)), .killProducer])]),
    LossScenario(
      "producer-killed-while-lossy", .producer,
      "the producer is killed by SIGKILL after it has written three times the capacity",
      reaching: [.eventsLost], [.reader([.write(.capacity(3)), .killProducer])]),
    LossScenario(
      "producer-killed-writing", .producer,
      "the producer writes as fast as it can and is killed by SIGKILL after at least 1.5 times the capacity",
      reaching: [.eventsLost], [.reader([.killProducerWriting(.capacity(1.5))])]),
    LossScenario(
      "producer-killed-inside-write", .producer, "the producer is killed by SIGKILL while it writes an event",
      reaching: [.writerInsideWrite], [.reader([.write(.subbuffers(2.5)), .beginHeldWrite, .killProducer])]),
    LossScenario(
      "producer-killed-inside-write-while-lossy", .producer,
      "the producer writes three times the capacity and is killed by SIGKILL while it writes the next event",
      reaching: [.writerInsideWrite, .eventsLost],
      [.reader([.write(.capacity(3)), .readOne, .beginHeldWrite, .killProducer])]),
    LossScenario(
      "producer-held-inside-write", .producer,
      "three times the capacity is written; the writer pauses within an event while the reader flushes and reads",
      reaching: [.writerInsideWrite, .eventsLost],
      [
        .reader([
          .write(.capacity(3)), .readAll, .beginHeldWrite, .flush, .readAll, .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "producer-stopped-inside-write", .producer,
      "the producer is stopped by SIGSTOP while it writes an event; the reader flushes and reads; SIGCONT resumes "
        + "the producer",
      reaching: [.writerInsideWrite],
      [
        .reader([
          .write(.subbuffers(2.5)), .beginHeldWrite, .stopProducer, .flush, .readAll, .resumeProducer, .endHeldWrite,
          .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "producer-stopped-inside-write-while-lossy", .producer,
      "as producer-stopped-inside-write, after three times the capacity, so that the count of lost events is not 0",
      reaching: [.writerInsideWrite, .eventsLost],
      [
        .reader([
          .write(.capacity(3)), .readAll, .beginHeldWrite, .stopProducer, .flush, .readAll, .resumeProducer,
          .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "nested-within-write", .producer,
      "a signal handler that interrupts the write of an event writes twice the capacity",
      reaching: [.writerInsideWrite, .eventsLost],
      [
        .reader([
          .write(.subbuffers(0.5)), .beginHeldWrite, .write(.capacity(2)), .endHeldWrite, .write(.subbuffers(2)),
        ])
      ]
    ),
  ]

  /// Controls used on the ring buffer while it is read.
  static let controls = [
    LossScenario(
      "cleared-unread", .control, "half the capacity is written and cleared; then a quarter is written and read",
      reaching: [.cleared], [.reader([.write(.capacity(0.5)), .control(.clear), .write(.capacity(0.25))])]),
    LossScenario(
      "cleared-after-loss", .control,
      "three times the capacity is written, one sub-buffer is read, and the rest is cleared; then twice the capacity "
        + "is written",
      reaching: [.cleared, .eventsLost],
      [
        .reader([
          .write(.capacity(3)), .readOne, .control(.clear), .write(.capacity(2)), .readAll, .write(.subbuffers(1)),
        ])
      ]
    ),
    LossScenario(
      "cleared-twice", .control,
      "twice: 1.5 times the capacity is written, two sub-buffers are read, and the rest is cleared; then two "
        + "sub-buffers are written",
      reaching: [.cleared, .eventsLost],
      [
        .reader([
          .times(.exactly(2), [.write(.capacity(1.5)), .readOne, .readOne, .control(.clear)]), .write(.subbuffers(2)),
        ])
      ]),
    LossScenario(
      "toggled-to-discard", .control,
      "three times the capacity is written, the mode is switched to discard, and twice the capacity is written",
      modes: [.overwrite],
      reaching: [.modeSwitched, .eventsLost],
      [.reader([.write(.capacity(3)), .control(.discard), .write(.capacity(2)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "toggled-to-overwrite", .control,
      "three times the capacity is written, the mode is switched to overwrite, and twice the capacity is written",
      modes: [.discard],
      reaching: [.modeSwitched, .eventsLost],
      [.reader([.write(.capacity(3)), .control(.overwrite), .write(.capacity(2)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "toggled-back-and-forth", .control,
      "four times: the capacity is written, the mode is switched, and one sub-buffer is read",
      modes: [.overwrite],
      reaching: [.modeSwitched],
      [
        .reader([
          .times(
            .exactly(2),
            [
              .write(.capacity(1)), .control(.discard), .readOne, .write(.capacity(1)), .control(.overwrite), .readOne,
            ])
        ])
      ]),
    LossScenario(
      "resize-while-reading", .control,
      "the number and the size of the sub-buffers are changed between loads of half and twice the capacity and of a "
        + "sub-buffer",
      reaching: [.resizeTried],
      [
        .reader([
          .write(.capacity(0.5)), .readOne, .control(.moreSubbuffers), .control(.largerSubbuffers),
          .write(.capacity(2)), .readAll, .control(.moreSubbuffers), .write(.subbuffers(1)),
        ])
      ]),
  ]
}

extension LossScenario {
  /// Amounts and sizes of the events.
  static let productions = [
    LossScenario(
      "one-short-of-full", .production, "one event less than the capacity is written, then everything is read",
      reaching: [.eventsDelivered], [.reader([.write(.capacity(1, plus: -1))])]),
    LossScenario(
      "exactly-full", .production, "exactly the capacity is written, then everything is read",
      reaching: [.eventsDelivered], [.reader([.write(.capacity(1))])]),
    LossScenario(
      "one-over", .production, "one event more than the capacity is written, then everything is read",
      reaching: [.eventsDelivered], [.reader([.write(.capacity(1, plus: 1))])]),
    LossScenario(
      "one-over-and-more", .production,
      "one event more than the capacity is written, everything is read, and another sub-buffer is written",
      reaching: [.eventsDelivered], [.reader([.write(.capacity(1, plus: 1)), .readAll, .write(.subbuffers(1))])]),
    LossScenario(
      "bursts-within-capacity", .production,
      "eight bursts of half the capacity; the reader reads everything after each",
      reaching: [.eventsDelivered], [.reader([.times(.exactly(8), [.write(.capacity(0.5)), .readAll])])]),
    LossScenario(
      "bursts-beyond-capacity", .production,
      "eight bursts of 1.5 times the capacity; the reader reads everything after each",
      reaching: [.eventsLost], [.reader([.times(.exactly(8), [.write(.capacity(1.5)), .readAll])])]),
    LossScenario(
      "too-big", .production,
      "three events with a payload of the size of a sub-buffer, before and after events that fit",
      reaching: [.eventsLost], [.reader([.write(.subbuffers(1)), .write(.events(3), .tooBig), .write(.subbuffers(1))])]),
    LossScenario(
      "too-big-after-full", .production,
      "three events with a payload of the size of a sub-buffer, after three times the capacity",
      reaching: [.eventsLost], [.reader([.write(.capacity(3)), .write(.events(3), .tooBig)])]),
    LossScenario(
      "mixed-sizes", .production, "payloads of 0 to 400 bytes; the reader starts after the last write",
      payload: .mixed(least: 0, spread: 400), reaching: [.eventsLost], [.reader([.write(.capacity(4))])]),
    LossScenario(
      "mixed-sizes-falls-behind", .production,
      "payloads of 0 to 400 bytes; the reader reads one of three sub-buffers",
      payload: .mixed(least: 0, spread: 400),
      reaching: [.eventsLost], [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "filled-to-the-last-byte", .production,
      "events that fill sub-buffers to the last byte; the reader starts after the last write",
      payload: .leaving(0), reaching: [.eventsLost], [.reader([.write(.capacity(4))])]),
    LossScenario(
      "filled-falls-behind", .production,
      "events that fill sub-buffers to the last byte; the reader reads one of three sub-buffers",
      payload: .leaving(0), reaching: [.eventsLost],
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "four-bytes-left", .production,
      "events that leave four bytes of a sub-buffer unused; the reader reads one of three sub-buffers",
      payload: .leaving(4), reaching: [.eventsLost],
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "eight-bytes-left", .production,
      "events that leave eight bytes of a sub-buffer unused; the reader reads one of three sub-buffers",
      payload: .leaving(8), reaching: [.eventsLost],
      [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "one-event-each", .production,
      "one event per sub-buffer; the reader reads one of three sub-buffers", payload: .onePerSubbuffer,
      reaching: [.eventsLost], [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "smallest-events", .production, "events without a payload; the reader starts after the last write",
      payload: .bytes(0), reaching: [.eventsLost], [.reader([.write(.capacity(4))])]),
  ]

  /// Size and number of the sub-buffers.
  static let geometries = [
    LossScenario(
      "two-subbuffers", .geometry, "2 sub-buffers of 4 KiB; the reader starts after the last write", subbufferCount: 2,
      reaching: [.eventsLost], [.reader([.write(.capacity(6))])]),
    LossScenario(
      "two-subbuffers-falls-behind", .geometry,
      "2 sub-buffers of 4 KiB; the reader reads one of three sub-buffers", subbufferCount: 2,
      reaching: [.eventsLost], [.reader([.times(.exactly(12), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "64-subbuffers", .geometry, "64 sub-buffers of 4 KiB; the reader starts after the last write", subbufferCount: 64,
      reaching: [.eventsLost], [.reader([.write(.capacity(2))])]),
    LossScenario(
      "64-subbuffers-falls-behind", .geometry,
      "64 sub-buffers of 4 KiB; the reader reads one of three sub-buffers", subbufferCount: 64,
      reaching: [.eventsLost], [.reader([.times(.exactly(40), [.write(.subbuffers(3)), .readOne])])]),
    LossScenario(
      "16-kib-subbuffers", .geometry,
      "8 sub-buffers of 16 KiB; the reader starts after the last write", subbufferSize: 16384,
      reaching: [.eventsLost], [.reader([.write(.capacity(3))])]),
    LossScenario(
      "64-kib-subbuffers", .geometry, "4 sub-buffers of 64 KiB; the reader reads one of three sub-buffers",
      subbufferSize: 65536, subbufferCount: 4,
      reaching: [.eventsLost], [.reader([.times(.exactly(6), [.write(.subbuffers(3)), .readOne])])]),
  ]
}

extension LossScenario {
  /// The scenarios of a profile: all of them; in the quick profile, without close variants of others.
  public static func of(_ profile: Profile) -> [LossScenario] {
    profile == .quick ? all.filter { !isVariation.contains($0.name) } : all
  }

  private static let isVariation: Set = [
    "stalls-again-and-again", "slow-reader", "absent-within-capacity", "one-over", "offered-0.5",
    "bursts-beyond-capacity",
    "holds-within-capacity", "holds-each-over-a-lap", "absent-within-capacity",
    "absent-then-lossy-without-room", "reopens-within-capacity", "killed-holding",
    "offered-1", "offered-2", "offered-5",
    "one-short-of-full", "one-over-and-more", "bursts-within-capacity", "too-big-after-full", "mixed-sizes",
    "filled-to-the-last-byte", "eight-bytes-left",
    "two-subbuffers", "64-subbuffers", "64-subbuffers-falls-behind", "16-kib-subbuffers",
    "producer-killed-while-lossy", "producer-killed-inside-write-while-lossy",
    "producer-stopped-inside-write-while-lossy", "cleared-twice", "toggled-back-and-forth",
  ]
}
