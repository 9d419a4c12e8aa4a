import SubbufferSource
import Workload

/// The cost of acquire and release on one back end in one mode, with data waiting and with none.
///
/// It is measured in trials, each on a ring buffer of its own; the caller alternates the trials of the back ends, so
/// that what the machine does meanwhile meets all of them.
struct LatencyStudy: RingVisitor {
  /// The ring buffer of a trial.
  let configuration: RingConfiguration
  /// How many times a trial fills and drains the ring buffer; the first is not recorded.
  let rounds: Int
  /// How many times a trial acquires with nothing waiting.
  let emptyAcquires: Int

  /// Bytes in each event beside the sequence number and its length word.
  static let payload: UInt32 = 16
  /// Events that fill three quarters of the ring buffer, so that nothing is lost.
  private let eventCount: UInt64
  private let eventSize: Int
  private let headerSize: Int

  private var acquireWithData = LatencySamples()
  private var acquireWithNone = LatencySamples()
  private var releaseWithData = LatencySamples()
  private var acquireAndRelease = LatencySamples()
  /// Hand-overs of a round's last sub-buffer, which is not full; they are not among the samples.
  private var partial: UInt64 = 0

  init(configuration: RingConfiguration, eventSize: Int, headerSize: Int, rounds: Int, emptyAcquires: Int) {
    self.configuration = configuration
    self.eventSize = eventSize
    self.headerSize = headerSize
    eventCount = UInt64(configuration.capacity * 3 / 4 / eventSize)
    self.rounds = rounds
    self.emptyAcquires = emptyAcquires
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    for round in 0...rounds {
      let first = UInt64(round) * eventCount
      _ = try producer.write(Load(first: first, count: eventCount, payload: LatencyStudy.payload))
      _ = try source.flush()
      try drain(&source, recording: round > 0)
    }
    for _ in 0..<emptyAcquires { try acquireNothing(&source) }
  }

  /// The distributions; release has none where the ABI has no such call.
  func results(backend: String, calls: CallNames, clockOverhead: UInt64) -> [LatencyResult] {
    func result(
      _ samples: LatencySamples, _ operation: String, _ condition: String, _ call: String
    ) -> LatencyResult? {
      samples.result(
        backend: backend, mode: configuration.mode.rawValue, operation: operation, condition: condition, call: call,
        setup: setup,
        clockOverhead: clockOverhead)
    }
    let both = [calls.acquire, calls.release].compactMap { $0 }.joined(separator: ", ")
    return [
      result(acquireWithData, "acquire", "data waiting", calls.acquire),
      result(acquireWithNone, "acquire", "nothing waiting", calls.acquireOfNothing),
      calls.release.flatMap { result(releaseWithData, "release", "data waiting", $0) },
      result(acquireAndRelease, "acquire and release", "data waiting", both),
    ].compactMap { $0 }
  }

  /// More bytes than these were handed out where the sub-buffer is full: no further event fits in.
  private var wholeFrom: Int { configuration.subbufferSize - headerSize - eventSize }

  private var setup: [Observation] {
    [
      Observation("sub-buffer size", configuration.subbufferSize),
      Observation("sub-buffers", configuration.subbufferCount),
      Observation("bytes of an event", eventSize),
      Observation("events in a full sub-buffer", wholeFrom / eventSize + 1),
      Observation("events of a round", eventCount),
      Observation("hand-overs of sub-buffers that were not full, left out", partial),
    ]
  }

  private mutating func drain<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, recording: Bool
  ) throws(SourceError) {
    while true {
      let begin = MonotonicClock.now()
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        let acquired = MonotonicClock.now()
        let isWhole = subbuffer.unreadCount > wholeFrom
        try subbuffer.release()
        let released = MonotonicClock.now()
        if recording, !isWhole { partial += 1 }
        if recording, isWhole {
          acquireWithData.record(acquired - begin)
          releaseWithData.record(released - acquired)
          acquireAndRelease.record(released - begin)
        }
      case .nothingYet: return
      case .finished: return
      }
    }
  }

  private mutating func acquireNothing<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source
  ) throws(SourceError) {
    let begin = MonotonicClock.now()
    switch try source.acquire() {
    case .subbuffer(let subbuffer): try subbuffer.release()
    case .nothingYet: acquireWithNone.record(MonotonicClock.now() - begin)
    case .finished: break
    }
  }
}
