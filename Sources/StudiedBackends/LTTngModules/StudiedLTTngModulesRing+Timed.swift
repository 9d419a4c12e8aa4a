import Study
import SubbufferSource
import Workload

extension StudiedLTTngModulesRing: TimedRing {
  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "write(/proc/lttng-logger)" }

  /// None by the writer: the clients have `RING_BUFFER_WAKEUP_BY_TIMER` (`lttng-ring-buffer-client.h`), and the channel's
  /// read timer wakes up.
  var wakeups: [Wakeup] { [] }

  /// There is nothing to choose.
  func wake(upon wakeup: Wakeup) throws(SourceError) {
    throw SourceError(.usage, call: "wake", detail: "the writer never wakes the reader")
  }
}
