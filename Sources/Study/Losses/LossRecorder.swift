import SubbufferSource
import Workload

/// Writes and reads as a loss scenario says, and keeps the history.
struct LossRecorder: RingVisitor {
  let run: LossRun
  var history: LossHistory?

  /// Events that fill three sub-buffers.
  private let chunk: UInt64
  private let eventCount: UInt64
  private var reader: SequenceReader

  init(run: LossRun, eventSize: Int) {
    self.run = run
    chunk = UInt64(3 * run.configuration.subbufferSize / eventSize)
    eventCount = UInt64(run.laps * run.configuration.capacity / eventSize)
    reader = SequenceReader(range: 0..<eventCount)
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    let truth =
      switch run.scenario.reader {
      case .keepsUp: try keepUp(&source, producer)
      case .fallsBehind: try fallBehind(&source, producer)
      case .stalled: try stall(&source, producer)
      }
    reader.ledger.close()
    history = LossHistory(
      truth: truth, ledger: reader.ledger, handovers: reader.handovers, channels: try source.lossChannels(),
      malformed: reader.malformed)
  }

  private mutating func keepUp<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) -> Truth {
    try producer.start(load(0, eventCount, rate: run.scenario.rate))
    while true {
      try Interruption.check()
      if let truth = try producer.truth(within: 0) {
        try reader.flushAndDrain(&source)
        return truth
      }
      _ = try source.wait(10)
      try reader.drain(&source)
    }
  }

  private mutating func fallBehind<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) -> Truth {
    var truth = try producer.write(load(0, 0, rate: 0))
    var first: UInt64 = 0
    while first < eventCount {
      truth = truth.followed(by: try producer.write(load(first, min(chunk, eventCount - first), rate: 0)))
      first += chunk
      _ = try reader.readOne(&source)
    }
    try reader.flushAndDrain(&source)
    return truth
  }

  private mutating func stall<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) -> Truth {
    let truth = try producer.write(load(0, eventCount, rate: 0))
    try reader.flushAndDrain(&source)
    return truth
  }

  private func load(_ first: UInt64, _ count: UInt64, rate: UInt64) -> Load {
    // Bursts keep the number of the producer's timer sleeps low at high rates.
    Load(first: first, count: count, payload: run.scenario.payload, rate: rate, burst: 20)
  }
}
