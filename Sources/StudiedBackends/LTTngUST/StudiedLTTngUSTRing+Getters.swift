import LTTngUSTBackend
import Study
import SubbufferSource
import Workload

extension StudiedLTTngUSTRing {
  /// All functions that return properties of the held packet, of the stream or of its positions.
  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try withOpenSource { (source) throws(SourceError) in
      // Two packets: one is held, and one remains, without which there is no snapshot.
      for sequence in 0..<2 as Range<UInt64> {
        _ = try ring.producer.write(Load(first: sequence, count: 1, payload: 16))
        try source.stream.flushBuffer(producerActive: true)
      }
      try source.stream.unsafeGetNextSubbuffer()
      try packet(source.stream, &visitor)
      try source.stream.unsafePutNextSubbuffer()
      try positions(source.stream, &visitor)
      while case .subbuffer = try source.withNext({ (_) in }) {}
    }
  }

  private func packet<Visitor: GetterVisitor>(
    _ stream: borrowing ConsumerStream, _ visitor: inout Visitor
  ) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("get_mmap_read_offset", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetMmapReadOffset()) }
    }
    try visitor.visit(Getter("get_subbuf_size", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetSubbufferSize()) }
    }
    try visitor.visit(Getter("get_padded_subbuf_size", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetPaddedSubbufferSize()) }
    }
    try visitor.visit(Getter("get_timestamp_begin", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetTimestampBegin() }
    }
    try visitor.visit(Getter("get_timestamp_end", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetTimestampEnd() }
    }
    try visitor.visit(Getter("get_events_discarded", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetEventsDiscarded() }
    }
    try visitor.visit(Getter("get_content_size", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetContentSize() }
    }
    try visitor.visit(Getter("get_packet_size", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetPacketSize() }
    }
    try visitor.visit(Getter("get_sequence_number", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetSequenceNumber() }
    }
  }

  private func positions<Visitor: GetterVisitor>(
    _ stream: borrowing ConsumerStream, _ visitor: inout Visitor
  ) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("snapshot", "saves the positions")) { (count) throws(SourceError) in
      for _ in 0..<count { try stream.snapshot() }
    }
    try visitor.visit(Getter("snapshot_sample_positions", "saves the positions")) { (count) throws(SourceError) in
      for _ in 0..<count { try stream.snapshotSamplePositions() }
    }
    try visitor.visit(Getter("snapshot_get_consumed", "of the last snapshot")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.snapshotGetConsumed()) }
    }
    try visitor.visit(Getter("snapshot_get_produced", "of the last snapshot")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.snapshotGetProduced()) }
    }
    try visitor.visit(Getter("get_current_timestamp", "the clock of the tracer")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getCurrentTimestamp() }
    }
    try visitor.visit(Getter("get_stream_id", "the stream")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getStreamID() }
    }
    try visitor.visit(Getter("get_instance_id", "the stream")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getInstanceID() }
    }
  }
}
