/// The subject of a row of the costs.
struct LatencyKey: Hashable {
  /// The way of reading, as ``LatencyResult/reader`` has it.
  var reader: String
  var point: LatencyPoint
  var operation: Operation
  /// `true` if there was something to hand over.
  var hasData = true

  /// The timed operation.
  enum Operation: String, CaseIterable {
    case acquire
    case release
    /// From before the one to after the other.
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
