import Study
import SubbufferSource
import Workload

extension StudiedLTTngUSTRing: TimedRing {
  var timedProducer: any TimedProducer { ring.producer }
  var writeCall: String { "lttng_ust_tracepoint(abi_compare, seq)" }

  /// The writer that ends a sub-buffer writes a byte to the stream's pipe (`lib_ring_buffer_check_deliver` and
  /// `lib_ring_buffer_wakeup` of ring_buffer_frontend.c). There is no other setting without the read timer.
  var wakeups: [Wakeup] { [.fullSubbuffer] }

  /// Nothing to do: there is one way.
  func wake(upon wakeup: Wakeup) throws(SourceError) {}
}
