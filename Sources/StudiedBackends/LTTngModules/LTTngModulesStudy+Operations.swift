import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// One round of reading: 16 events are written, flushed, acquired, read and released, and acquired again.
  /// - Throws: ``SourceError`` where a call fails.
  public func recordOperations() throws(SourceError) -> [OperationRecord] {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return try LTTngModulesRing.with(configuration) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      let reader = try ring.stream()
      log.add(
        .setUp, "ioctl SESSION, CHANNEL, EVENT, ENABLE, SESSION_TRACK_ID, SESSION_START", noError, ring.settings())
      log.add(.open, "ioctl STREAM", "a stream")
      log.add(
        .map, "ioctl GET_MMAP_LEN, mmap", noError,
        [Observation("mapped bytes", try reader.stream.getMmapLength())])
      try recordRound(ring, reader, calls: .ioctls, &log)
      return log.records
    }
  }
}
