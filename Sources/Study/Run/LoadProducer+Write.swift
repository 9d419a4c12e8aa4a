import Platform
import SubbufferSource
import Workload

extension LoadProducer {
  /// Has a load written and waits for the end of it.
  /// - Throws: ``SourceError`` where the producer is gone or the user ends the run.
  public func write(_ load: Load) throws(SourceError) -> Truth {
    try start(load)
    while true {
      try Interruption.check()
      if let truth = try truth(within: 100) { return truth }
    }
  }
}
