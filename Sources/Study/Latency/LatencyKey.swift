/// What a row of the costs is about.
struct LatencyKey: Hashable {
  /// The way of reading, as ``LatencyResult/reader`` has it.
  var reader: String
  var point: LatencyPoint
  var operation: Operation
  /// Whether there was something to hand over.
  var hasData = true

  /// What is timed.
  enum Operation: String, CaseIterable {
    case acquire
    case release
    /// From before the one to behind the other.
    case both = "acquire and release"
    /// Looks whether there is anything, without waiting.
    case wait
    /// Ends the partial sub-buffer.
    case flush
  }

  /// The condition, as a report has it.
  var condition: String {
    (hasData ? "data waiting" : "nothing waiting") + (point.isOnProducersCPU ? ", on the producer's CPU" : "")
      + (point.isFirstTime ? LatencyResult.firstTime : "")
  }
}
