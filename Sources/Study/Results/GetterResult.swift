/// The cost of a getter of an ABI: a position, a counter, a size or a time.
public struct GetterResult: Codable, Sendable, Equatable {
  /// A trial, on a ring buffer of its own.
  public struct Trial: Codable, Sendable, Equatable {
    /// Its place among all trials of the latency, from 1 on.
    public var place: Int
    /// The duration of each batch of calls, in nanoseconds.
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
  /// The precondition or the meaning of the value.
  public var note: String
  /// The number of calls in a batch.
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

  /// The duration of a call in each trial, the median of its batches, in nanoseconds, in the order of the trials.
  public var nanosecondsPerCall: [Double] {
    trials.sorted { $0.place < $1.place }.compactMap { trial in
      trial.nanoseconds.map { Double($0) / Double(max(1, calls)) }.median
    }
  }
}
