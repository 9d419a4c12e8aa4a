/// What events cost their writer on one back end while the reader does one thing, trial by trial.
public struct DisturbanceResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// `overwrite` or `discard`.
  public var mode: String
  /// What the reader does.
  public var condition: WriterCondition
  /// What the writer calls, and what is timed: `write(trace_marker_raw)`.
  public var call: String
  /// The ring buffer and the load.
  public var setup: [Observation]
  /// Events that the writer tried to write, in all trials; 0 of the same without the write.
  public var produced: UInt64 = 0
  /// Those of them that a reader was handed out, meanwhile or afterwards; `nil` where nobody read them.
  public var delivered: UInt64?
  /// Those of them of which the ABI told the writer that they were refused; `nil` where it tells a writer nothing.
  public var refused: UInt64?
  /// How often the reader's waiting ended with data; `nil` where it does not wait.
  public var wakeups: UInt64?
  /// The service times of the events that were taken.
  public var service: [Trial] = []
  /// The service times of the others.
  public var serviceOfRefused: [Trial] = []
  /// The response times of all events, from when they were due.
  public var response: [Trial] = []

  /// Nothing yet.
  public init(backend: String, mode: String, condition: WriterCondition, call: String, setup: [Observation]) {
    self.backend = backend
    self.mode = mode
    self.condition = condition
    self.call = call
    self.setup = setup
  }

  /// The service times as a row of costs.
  public var costs: LatencyResult {
    LatencyResult(
      backend: backend, mode: mode, operation: "write", condition: condition.rawValue, call: call, setup: setup,
      trials: service)
  }
}

/// What the reader does while the writer is timed.
public enum WriterCondition: String, Codable, Sendable, CaseIterable {
  /// Nobody reads, and the writer does all but write.
  case noWrite = "no write"
  /// Nobody has the ring buffer open.
  case noReader = "no reader"
  /// Once more, for the noise.
  case noReaderAgain = "no reader (A/A control)"
  /// Nobody has it open, and the reader's CPU reads the clock all the time.
  case busyCPU = "no reader, its CPU busy"
  /// It has the ring buffer open, and sleeps.
  case idle = "idle"
  /// It acquires, decodes and releases, and never waits.
  case polling = "draining, polling"
  /// It waits until a sub-buffer is full, then acquires, decodes and releases until there is nothing more.
  case waitingForSubbuffer = "draining, woken by a full sub-buffer"
  /// The same, waiting for an event.
  case waitingForEvent = "draining, woken by an event"
  /// It has a sub-buffer that was acquired before, and sleeps.
  case holding = "holding"

  /// Whether somebody has the ring buffer open.
  public var hasReader: Bool {
    switch self {
    case .noWrite, .noReader, .noReaderAgain, .busyCPU: false
    case .idle, .polling, .waitingForSubbuffer, .waitingForEvent, .holding: true
    }
  }
}
