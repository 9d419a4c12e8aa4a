import Study
import SubbufferSource
import Workload

extension StudiedTracefsRing: TimedRing {
  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "write(trace_marker_raw)" }
  var wakeups: [Wakeup] { [.event, .fullSubbuffer] }

  /// The corresponding file is `buffer_percent`. At 0 an event wakes the reader up; else N per cent of the
  /// sub-buffers, and `full_hit` of kernel/trace/ring_buffer.c counts one more than are full, that of the writer. So
  /// one that is full is reached at the share of two, rounded down.
  func wake(upon wakeup: Wakeup) throws(SourceError) {
    let percent = wakeup == .event ? 0 : max(1, 200 / ring.configuration.subbufferCount)
    try ring.instance.set("buffer_percent", String(percent))
  }
}
