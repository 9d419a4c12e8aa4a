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
  /// `true` if the source has reported the end of the stream.
  private var isFinished = false
  /// N acquires may fail before the scenario ends: each may have consumed what could not be read.
  private var failuresLeft = 8

  init(steps: [LossStep], isLast: Bool, writer: LossWriter, recording: LossRecording, isOverwriting: Bool) {
    self.steps = steps
    self.isOverwriting = isOverwriting
    self.isLast = isLast
    self.writer = writer
    self.recording = recording
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    try recording.readChannels(of: &source)
    try play(steps, &source, control)
    if isLast { try finish(&source) }
    try recording.readChannels(of: &source, isEnd: isLast)
  }

  private mutating func play<Source: SubbufferSource & ~Copyable>(
    _ steps: [LossStep], _ source: inout Source, _ control: (RingControl, inout Source) throws(SourceError) -> String
  ) throws(SourceError) {
    for step in steps {
      switch step {
      case .readOne: _ = try readOne(&source)
      case .readAll: try readAll(&source)
      case .flush: try flush(&source)
      case .hold(let steps): _ = try readOne(&source, whileHeld: steps)
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

  /// Reads everything, including partial sub-buffers, and makes the ABI report the remaining losses.
  private mutating func finish<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    try readAll(&source)
    try flush(&source)
    try readAll(&source)
    if try source.flushEmpty() == .flushed {
      recording.add(.flush, "flush of an empty sub-buffer", result: "no error")
      try readAll(&source)
    }
    recording.add(.lastAcquire, "the last acquire", result: isFinished ? "finished" : "nothing yet")
  }

  private mutating func flush<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    switch try source.flush() {
    case .flushed: recording.add(.flush, "flush", result: "no error")
    case .notNeeded: break
    }
  }

  private mutating func readAll<Source: SubbufferSource & ~Copyable>(_ source: inout Source) throws(SourceError) {
    while try readOne(&source) { try Interruption.check() }
  }

  /// Reads one sub-buffer.
  /// - Returns: whether there was one, or one that could not be read.
  private mutating func readOne<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, whileHeld steps: [LossStep] = []
  ) throws(SourceError) -> Bool {
    if recording.history.malformed != nil { return false }
    let decoder = source.decoder
    do {
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        for step in steps { try writer.play(step) }
        read(subbuffer, decoder)
        try subbuffer.release()
      case .nothingYet:
        if !steps.isEmpty { recording.add(.hold, "acquire, to hold a sub-buffer", result: "nothing yet") }
        for step in steps { try writer.play(step) }
        return false
      case .finished:
        isFinished = true
        return false
      }
    } catch  where error.kind == .malformed && failuresLeft > 0 {
      failuresLeft -= 1
      recording.add(.failed, "acquire", result: "\(error.call): \(error.detail)")
    }
    try recording.readChannels(of: &source)
    return true
  }

  private func read(_ subbuffer: borrowing Subbuffer, _ decoder: some SubbufferDecoder) {
    var handover = HandoverRecord(number: subbuffer.number)
    var malformed: MalformedSubbuffer?
    do {
      try decoder.forEachSequenceNumber(in: subbuffer) { handover.add($0) }
    } catch {
      malformed = error
    }
    recording.add(handover, loss: subbuffer.loss)
    if let malformed { recording.add(malformed) }
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
        return try readAll(&source)
      }
      _ = try source.wait(10)
      _ = try readOne(&source)
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
      _ = try readOne(&source)
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
