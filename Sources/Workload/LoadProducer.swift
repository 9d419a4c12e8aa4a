import SubbufferSource

/// Something that writes events with consecutive sequence numbers, and tells what it wrote.
public protocol LoadProducer: AnyObject {
  /// Begins to write a load, and returns at once.
  /// - Throws: ``SourceError`` where the producer is gone.
  func start(_ load: Load) throws(SourceError)

  /// The producer's report, once it has written its load; `nil` if the time runs out first.
  /// - Throws: ``SourceError`` where the producer is gone, or a signal came (`EINTR`).
  func truth(within timeout: Milliseconds) throws(SourceError) -> Truth?

  /// Ends the producer, at once; the ring buffer then has no writer.
  func end()
}
