import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// One round of reading: 16 events are written, flushed, acquired, read and released, and acquired again.
  /// - Throws: ``SourceError`` where a call fails.
  public func recordOperations() throws(SourceError) -> [OperationRecord] {
    try LTTngUSTRing.with(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      let reader = try ring.stream()
      log.add(
        .setUp, "lttng_ust_ctl_create_channel, start_session, stream_close_wakeup_fd", noError, ring.settings())
      log.add(.open, "lttng_ust_ctl_create_stream", "a stream")
      log.add(
        .map, "lttng_ust_ctl_get_mmap_base, get_mmap_len", noError,
        [Observation("mapped bytes", try reader.stream.getMmapLength())])
      try recordRound(
        ring, reader, calls: .functions("lttng_ust_ctl_", write: "tracepoint, once for each event"), &log)
      return log.records
    }
  }
}
