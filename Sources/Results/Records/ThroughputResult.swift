import SubbufferSource

/// The throughput of draining a ring buffer that was filled before, by one way of reading, with one work.
public struct ThroughputResult: Codable, Sendable, Equatable {
  /// A trial, on a ring buffer of its own.
  public struct Trial: Codable, Sendable, Equatable {
    /// Its place among all trials, from 1 on.
    public var place: Int
    /// The number of events written before each drain, all of which were read.
    public var events: UInt64
    /// The time that each drain took, in nanoseconds.
    public var nanoseconds: [UInt64]
    /// The number of sub-buffers that each drain was handed.
    public var subbuffers: [UInt64]
    /// The number of bytes of events that each drain was handed.
    public var bytes: [UInt64]

    /// A trial.
    public init(place: Int, events: UInt64, nanoseconds: [UInt64], subbuffers: [UInt64], bytes: [UInt64]) {
      self.place = place
      self.events = events
      self.nanoseconds = nanoseconds
      self.subbuffers = subbuffers
      self.bytes = bytes
    }

    /// The time per event, in nanoseconds: the median of the drains.
    public var nanosecondsPerEvent: Double? {
      nanoseconds.map { Double($0) / Double(max(1, events)) }.median
    }

    /// Bytes of events that were handed out in a second: the median of the drains.
    public var bytesPerSecond: Double? { rate(bytes) }

    /// Sub-buffers that were handed out in a second: the median of the drains.
    public var subbuffersPerSecond: Double? { rate(subbuffers) }

    private func rate(_ counts: [UInt64]) -> Double? {
      zip(counts, nanoseconds).map { Double($0) * 1e9 / Double(max(1, $1)) }.median
    }
  }

  /// The back end.
  public var backend: String
  /// The way of reading, as ``LatencyResult/reader``.
  public var reader: String
  /// `overwrite` or `discard`; nothing is lost in either.
  public var mode: RingMode
  /// The work on each sub-buffer.
  public var work: DrainWork
  /// The size of a sub-buffer, in bytes.
  public var subbufferSize: Int
  /// The number of sub-buffers that the writer has.
  public var subbufferCount: Int
  /// The bytes that an event takes in a sub-buffer.
  public var eventSize: Int
  /// The trials.
  public var trials: [Trial]

  /// A row.
  public init(
    backend: String, reader: String, mode: RingMode, work: DrainWork, subbufferSize: Int, subbufferCount: Int,
    eventSize: Int, trials: [Trial]
  ) {
    self.backend = backend
    self.reader = reader
    self.mode = mode
    self.work = work
    self.subbufferSize = subbufferSize
    self.subbufferCount = subbufferCount
    self.eventSize = eventSize
    self.trials = trials
  }

  /// The time per event in each trial, in the order of the trials, in nanoseconds.
  public var nanosecondsPerEvent: [Double] {
    trials.sorted { $0.place < $1.place }.compactMap(\.nanosecondsPerEvent)
  }
}

/// The times of copying and reading memory on the reader's CPU, measured between the trials of the throughput.
public struct MemoryResult: Codable, Sendable, Equatable {
  /// The number of bytes copied, or read, at a time.
  public var bytes: Int
  /// The time that each copying took, by memcpy from one half of twice as much memory to the other, in nanoseconds.
  public var copy: [UInt64]
  /// The time that each reading took, in nanoseconds.
  public var read: [UInt64]

  /// Makes a record.
  public init(bytes: Int, copy: [UInt64], read: [UInt64]) {
    self.bytes = bytes
    self.copy = copy
    self.read = read
  }

  /// Bytes copied in a second, time by time.
  public var copiedPerSecond: [Double] { rates(copy) }
  /// Bytes read in a second, time by time.
  public var readPerSecond: [Double] { rates(read) }

  private func rates(_ nanoseconds: [UInt64]) -> [Double] {
    nanoseconds.map { Double(bytes) * 1e9 / Double(max(1, $0)) }
  }
}

/// The work of a reader on a sub-buffer between acquire and release while its throughput is measured.
public enum DrainWork: String, Sendable, Codable, CaseIterable {
  /// Nothing.
  case handOver = "nothing"
  /// It copies what was handed out into a buffer of its own.
  case copy = "copies it"
  /// It decodes every event and adds up the sequence numbers.
  case decode = "decodes it"
}
