/// A way of losing events, or of losing none.
public struct LossScenario: Sendable, Equatable {
  /// The parameter that a scenario varies.
  public enum Group: String, Sendable, Codable, CaseIterable {
    /// The behaviour of the reader.
    case reader = "the reader"
    /// The number of sub-buffers written per sub-buffer read.
    case offeredLoad = "the offered load"
    /// The number and the sizes of the events.
    case production = "the production"
    /// Size and number of the sub-buffers.
    case geometry = "the geometry"
    /// Faults of the producer.
    case producer = "the producer's faults"
    /// Controls used on the ring buffer while it is read.
    case control = "controls"

    /// The group's name in the report; the raw values stay those of stored results.
    public var title: String {
      switch self {
      case .reader: "reader behaviour"
      case .offeredLoad: "offered load"
      case .production: "amount and size of the events"
      case .geometry: "sub-buffer geometry"
      case .producer: "producer faults"
      case .control: "controls while reading"
      }
    }
  }

  /// The name by which it is asked for: `stalled`.
  public var name: String
  /// The parameter that the scenario varies.
  public var group: Group
  /// The scenario in one sentence.
  public var title: String
  /// In which modes it is made.
  public var modes: [RingConfiguration.Mode]
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
    _ name: String, _ group: Group, _ title: String, modes: [RingConfiguration.Mode] = [.overwrite, .discard],
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

  /// The points of the scenario of a name; none for a scenario that this version does not have.
  static func marks(ofScenario name: String) -> [LossMark] { all.first { $0.name == name }?.marks ?? [] }

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
      case .write: if isHeld { add(.nestedWrites) }
      case .hold(let inner), .times(_, let inner): visit(inner)
      case .control(let control): add(.control(control))
      case .beginHeldWrite:
        add(.heldWrite)
        isHeld = true
      case .endHeldWrite: isHeld = false
      case .stopProducer: add(.stopInsideWrite)
      case .killProducer, .killProducerWriting, .resumeProducer: add(.producerProcess)
      case .readOne, .readAll, .flush, .keepUp, .readAtIntervals: break
      }
    }
  }
}
