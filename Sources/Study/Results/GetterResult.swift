/// What it costs to ask an ABI for a position, a counter, a size or a time.
public struct GetterResult: Codable, Sendable, Equatable {
  /// A trial, on a ring buffer of its own.
  public struct Trial: Codable, Sendable, Equatable {
    /// Its place among all trials of the latency, from 1 on.
    public var place: Int
    /// How long the calls of each batch took together, in nanoseconds.
    public var nanoseconds: [UInt64]

    /// A trial.
    public init(place: Int, nanoseconds: [UInt64]) {
      self.place = place
      self.nanoseconds = nanoseconds
    }
  }

  /// The back end.
  public var backend: String
  /// The field or the function.
  public var name: String
  /// What it needs or tells.
  public var note: String
  /// How many calls a batch has.
  public var calls: Int
  /// The trials.
  public var trials: [Trial]

  /// A row.
  public init(backend: String, name: String, note: String, calls: Int, trials: [Trial]) {
    self.backend = backend
    self.name = name
    self.note = note
    self.calls = calls
    self.trials = trials
  }

  /// What a call takes in each trial, the median of its batches, in nanoseconds, in the order of the trials.
  public var nanosecondsPerCall: [Double] {
    trials.sorted { $0.place < $1.place }.compactMap { trial in
      trial.nanoseconds.map { Double($0) / Double(max(1, calls)) }.median
    }
  }
}
