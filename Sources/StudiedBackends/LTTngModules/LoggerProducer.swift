import LTTngModulesBackend
import SubbufferSource
import Workload

/// A process that writes to the kernel tracer's logger, together with the session that records what it writes.
///
/// The logger is open to everybody, so that the end of a process is not the end of the ring buffer; the end of the session
/// is.
final class LoggerProducer: FaultProneProducer, TimedProducer {
  /// The process.
  let process: ProducerProcess
  private let session: ModulesSession

  init(_ process: ProducerProcess, _ session: ModulesSession) {
    self.process = process
    self.session = session
  }

  func start(_ load: Load) throws(SourceError) { try process.start(load) }
  func start(_ load: TimedLoad) throws(SourceError) { try process.start(load) }
  func times(_ count: Int) -> [EventTime] { process.times(count) }
  func truth(within timeout: Milliseconds) throws(SourceError) -> Truth? { try process.truth(within: timeout) }
  func hold(sequence: UInt64, payload: UInt32) throws(SourceError) {
    try process.hold(sequence: sequence, payload: payload)
  }
  func endHold() throws(SourceError) -> Truth { try process.endHold() }
  func stop() throws(SourceError) { try process.stop() }
  func resume() { process.resume() }
  var progress: Truth { process.progress }

  /// Ends the process and the session.
  func end() {
    process.end()
    session.end()
  }
}
