import Study
import SubbufferSource

extension TracefsStudy {
  /// One round of reading: 16 events are written, acquired, read, and acquired again.
  /// - Throws: ``SourceError`` where a call fails.
  public func recordOperations() throws(SourceError) -> [OperationRecord] {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return try TracefsRing.with(configuration) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      log.add(.setUp, "write the files of the instance", noError, try ring.settings())
      let mapping = try ring.map()
      log.add(.open, "open(trace_pipe_raw, O_RDONLY | O_NONBLOCK)", "a descriptor")
      log.add(
        .map, "mmap(PROT_READ, MAP_SHARED) of the meta page, then of the sub-buffers", "two addresses",
        mapping.metaPage.sizes)
      try recordRound(ring, mapping, writeCall: "write(trace_marker_raw), once for each event", &log)
      return log.records
    }
  }
}
