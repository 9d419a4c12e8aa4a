import SubbufferSource

/// The writer overhead on one back end under one condition of the reader, trial by trial.
public struct WriterOverheadResult: Codable, Sendable, Equatable {
  /// The back end.
  public var backend: String
  /// The mode of the ring buffer.
  public var mode: RingMode
  /// The reader's condition.
  public var condition: WriterCondition
  /// The call of the writer, which is timed: `write(trace_marker_raw)`.
  public var call: String
  /// The ring buffer and the load.
  public var setup: [Observation]
  /// Events that the writer tried to write, in all trials; 0 of the same without the write.
  public var produced: UInt64 = 0
  /// Events that a reader was handed, during the writes or afterwards; `nil` without a reader.
  public var delivered: UInt64?
  /// Events for which the ABI returned an error to the writer; `nil` if its call returns nothing.
  public var refused: UInt64?
  /// The number of waits of the reader that ended with data; `nil` if it does not wait.
  public var wakeups: UInt64?
  /// The service times of accepted events.
  public var service: [Trial] = []
  /// The service times of refused events.
  public var serviceOfRefused: [Trial] = []
  /// The response times of all events, from when they were due.
  public var response: [Trial] = []

  /// Nothing yet.
  public init(backend: String, mode: RingMode, condition: WriterCondition, call: String, setup: [Observation]) {
    self.backend = backend
    self.mode = mode
    self.condition = condition
    self.call = call
    self.setup = setup
  }
}

/// The condition of the reader while the writer is timed.
public enum WriterCondition: String, Codable, Sendable, CaseIterable {
  /// No reader, and the writer does everything except the write.
  case noWrite = "no write"
  /// No reader has the ring buffer open.
  case noReader = "no reader"
  /// The same again, as a measure of the noise.
  case noReaderAgain = "no reader (A/A control)"
  /// No reader has it open, and the reader's CPU reads the clock all the time.
  case busyCPU = "no reader, its CPU busy"
  /// It has the ring buffer open, and sleeps.
  case idle = "idle"
  /// It acquires, decodes and releases, and never waits.
  case polling = "draining, polling"
  /// It waits until a sub-buffer is full, then acquires, decodes and releases until the ring buffer is empty.
  case waitingForSubbuffer = "draining, woken by a full sub-buffer"
  /// The same, waiting for an event.
  case waitingForEvent = "draining, woken by an event"
  /// It holds a sub-buffer acquired before, and sleeps.
  case holding = "holding"

  /// `true` if a reader has the ring buffer open.
  public var hasReader: Bool {
    switch self {
    case .noWrite, .noReader, .noReaderAgain, .busyCPU: false
    case .idle, .polling, .waitingForSubbuffer, .waitingForEvent, .holding: true
    }
  }
}
