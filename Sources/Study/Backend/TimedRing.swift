import SubbufferSource
import Workload

/// A ring buffer whose writer can be timed, and of which it is known when it wakes up a reader that waits.
public protocol TimedRing: StudiedRing {
  /// The timed writer of the ring buffer.
  var timedProducer: any TimedProducer { get }
  /// The writer's call, for a report: `write(trace_marker_raw)`.
  var writeCall: String { get }
  /// Upon what a waiting reader can be woken up.
  var wakeups: [Wakeup] { get }
  /// Has a waiting reader be woken up upon one of ``wakeups`` from now on.
  /// - Throws: ``SourceError`` where a call fails.
  func wake(upon wakeup: Wakeup) throws(SourceError)
}

/// Upon what a waiting reader is woken up.
public enum Wakeup: Sendable, Equatable {
  /// Any event.
  case event
  /// A sub-buffer that is full.
  case fullSubbuffer
}
