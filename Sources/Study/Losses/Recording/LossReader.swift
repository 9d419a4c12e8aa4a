import Platform
import Results
import SubbufferSource

/// The reader's part in a scenario, from its opening to its closing.
struct LossReader: SourceVisitor {
  let steps: [LossStep]
  /// `true` if no reader comes after it.
  let isLast: Bool
  var writer: LossWriter
  let recording: LossRecording
  /// `true` if a full ring buffer overwrites its oldest events.
  private var isOverwriting: Bool
  private var drain: LossDrain

  init(steps: [LossStep], isLast: Bool, writer: LossWriter, recording: LossRecording, isOverwriting: Bool) {
    self.steps = steps
    self.isOverwriting = isOverwriting
    self.isLast = isLast
    self.writer = writer
    self.recording = recording
    drain = LossDrain(recording: recording)
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    try recording.readChannels(of: &source)
    try play(steps, &source, control)
    if isLast { try drain.finish(&source) }
    try recording.readChannels(of: &source, isEnd: isLast)
  }

  private mutating func play<Source: SubbufferSource & ~Copyable>(
    _ steps: [LossStep], _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    for step in steps {
      switch step {
      case .readOne: _ = try drain.readOne(&source)
      case .readAll: try drain.readAll(&source)
      case .flush: try drain.flush(&source)
      case .hold(let steps): try hold(&source, steps)
      case .keepUp(let amount, let rate, let burst): try keepUp(&source, amount, rate: rate, burst: burst)
      case .readAtIntervals(let amount, let rate, let milliseconds):
        try readAtIntervals(&source, amount, rate: rate, milliseconds: milliseconds)
      case .control(let what):
        recording.add(what.purpose, what.rawValue, result: try control(what, &source))
        note(what)
      case .times(let count, let steps):
        for _ in 0..<writer.sizes.count(count) { try play(steps, &source, control) }
      case .write, .beginHeldWrite, .endHeldWrite, .killProducer, .killProducerWriting, .stopProducer,
        .resumeProducer:
        try writer.play(step)
      }
    }
  }

  /// Keeps the mode up to date, and records a clear.
  private mutating func note(_ control: RingControl) {
    switch control {
    case .clear: recording.addClear(capacity: writer.sizes.greatestCapacity, isOverwriting: isOverwriting)
    case .overwrite: isOverwriting = true
    case .discard: isOverwriting = false
    case .wakeByFirstEvent, .wakeAtHalf, .wakeWhenFull, .moreSubbuffers, .largerSubbuffers: break
    }
  }

  private mutating func hold<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ steps: [LossStep]
  ) throws(SourceError) {
    if recording.history.malformed != nil { return }
    let isHeld = try drain.readOne(&source) { () throws(SourceError) in
      for step in steps { try writer.play(step) }
    }
    if isHeld { return }
    recording.add(.hold, "acquire, to hold a sub-buffer", result: "nothing yet")
    for step in steps { try writer.play(step) }
  }

  private mutating func keepUp<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ amount: LoadAmount, rate: UInt64, burst: UInt64
  ) throws(SourceError) {
    try writer.producer.start(
      writer.sizes.load(recording.next, writer.sizes.events(amount), rate: rate, burst: burst))
    while true {
      try Interruption.check()
      if let truth = try writer.producer.truth(within: 0) {
        recording.add(truth)
        return try drain.readAll(&source)
      }
      _ = try source.wait(10)
      _ = try drain.readOne(&source)
    }
  }

  private mutating func readAtIntervals<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ amount: LoadAmount, rate: UInt64, milliseconds: Int32
  ) throws(SourceError) {
    try writer.producer.start(
      writer.sizes.load(recording.next, writer.sizes.events(amount), rate: rate, burst: 20))
    while true {
      try Interruption.check()
      // The producer's answer is awaited for as long as the reader is to do nothing.
      if let truth = try writer.producer.truth(within: milliseconds) { return recording.add(truth) }
      _ = try drain.readOne(&source)
    }
  }
}

extension RingControl {
  /// The purpose of the call that it is.
  fileprivate var purpose: CallRecord.Purpose {
    switch self {
    case .clear: .clear
    case .discard, .overwrite: .switchMode
    case .moreSubbuffers, .largerSubbuffers: .resize
    case .wakeByFirstEvent, .wakeAtHalf, .wakeWhenFull: .setWakeup
    }
  }
}
