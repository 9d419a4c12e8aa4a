import CPlatform
import Glibc
import SubbufferSource
import SystemPackage

/// A producer in a process of its own, to which things can be done that happen to processes.
public protocol FaultProneProducer: LoadProducer {
  /// Has it begin to write an event and stay inside the write. What it is told to write then it writes inside that write.
  /// - Throws: ``SourceError`` where it is gone, or cannot be kept there.
  func hold(sequence: UInt64, payload: UInt32) throws(SourceError)
  /// Has it end the write it was held in.
  /// - Throws: ``SourceError`` where it is gone.
  @discardableResult
  func endHold() throws(SourceError) -> Truth
  /// Stops it by `SIGSTOP`, and waits until it has stopped.
  /// - Throws: ``SourceError`` where it is gone.
  func stop() throws(SourceError)
  /// Has it go on, by `SIGCONT`.
  func resume()
  /// The events written since its start, by its counters: also while it writes, and when it is gone.
  var progress: Truth { get }
}

extension ProducerProcess: FaultProneProducer {
  /// Stops it by `SIGSTOP`, and waits until it has stopped.
  public func stop() throws(SourceError) {
    send(signal: SIGSTOP)
    guard cprocess_await_stop(pid) == 0 else {
      throw SourceError(call: "stop producer \(executable)", errno: Errno(rawValue: errno))
    }
  }

  /// Has it go on, by `SIGCONT`.
  public func resume() { send(signal: SIGCONT) }

  /// Has it write one event after a mark by which a tracer recognises the begin of the write, and returns at once.
  /// - Throws: ``SourceError`` where the producer is gone.
  public func startStep(sequence: UInt64, payload: UInt32) throws(SourceError) {
    try command("step \(sequence) \(payload)")
  }
}
