import Platform
import Results
import SubbufferSource
import Workload

/// The producer's part in a scenario.
struct LossWriter {
  let producer: any LoadProducer
  /// The place within a write at which the held producer stops.
  let heldAt: String
  let sizes: ScenarioSizing
  let seed: UInt64
  let recording: LossRecording
  /// The event in whose write the producer is.
  private var held: UInt64?

  init(
    producer: any LoadProducer, heldAt: String, sizes: ScenarioSizing, seed: UInt64, recording: LossRecording
  ) {
    self.producer = producer
    self.heldAt = heldAt
    self.sizes = sizes
    self.seed = seed
    self.recording = recording
  }

  /// Plays a step that needs no reader; any other is an error of the scenario.
  mutating func play(_ step: LossStep) throws(SourceError) {
    switch step {
    case .write(let amount, let payload): try write(amount, payload)
    case .times(let count, let steps):
      for _ in 0..<sizes.count(count) {
        for step in steps { try play(step) }
      }
    case .beginHeldWrite: try hold()
    case .endHeldWrite:
      try faultProne().endHold()
      held = nil
    case .killProducer: try kill()
    case .killProducerWriting(let amount): try killWriting(amount)
    case .stopProducer: try faultProne().stop()
    case .resumeProducer: try faultProne().resume()
    case .readOne, .readAll, .flush, .hold, .keepUp, .readAtIntervals, .control:
      throw SourceError(.usage, call: "play \(step)", detail: "the scenario has no reader")
    }
  }

  private func write(_ amount: LoadAmount, _ payload: Payload?) throws(SourceError) {
    var load = sizes.load(recording.next, sizes.events(amount))
    if payload == .tooBig {
      load.payload = sizes.tooBig
      load.spread = 0
    }
    recording.add(try producer.write(load))
  }

  private mutating func hold() throws(SourceError) {
    let sequence = recording.next
    try faultProne().hold(sequence: sequence, payload: sizes.payload)
    recording.begin()
    recording.add(
      .holdWriter, "the producer is held inside the write of event \(sequence)", result: heldAt)
    held = sequence
  }

  private mutating func kill() throws(SourceError) {
    try faultProne().end()
    if let held { recording.abandon(held) }
    held = nil
  }

  private func killWriting(_ amount: LoadAmount) throws(SourceError) {
    let producer = try faultProne()
    let before = producer.progress
    var generator = SeededGenerator(seed: seed)
    let enough =
      before.produced + sizes.events(amount) + UInt64.random(in: 0...UInt64(sizes.perSubbuffer), using: &generator)
    try producer.start(sizes.load(recording.next, UInt64.max - recording.next))
    // The producer is to be met in its writing: it answers only where it ends by itself, which is an error.
    while producer.progress.produced < enough {
      try Interruption.check()
      _ = try producer.truth(within: 1)
    }
    producer.end()
    var truth = producer.progress
    truth.produced &-= before.produced
    truth.accepted &-= before.accepted
    truth.refused &-= before.refused
    recording.add(truth)
    if truth.unfinished > 0 { recording.abandon(recording.next - 1) }
  }

  private func faultProne() throws(SourceError) -> any FaultProneProducer {
    guard let producer = producer as? any FaultProneProducer else {
      throw SourceError(.usage, call: "fault of a producer", detail: "the producer is not a process")
    }
    return producer
  }
}
