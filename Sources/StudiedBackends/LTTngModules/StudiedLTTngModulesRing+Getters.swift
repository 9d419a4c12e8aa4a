import LTTngModulesBackend
import Study
import SubbufferSource
import SystemPackage
import Workload

extension StudiedLTTngModulesRing {
  /// All ioctls that return properties of the held packet, of the stream or of its positions.
  func withGetters<Visitor: GetterVisitor>(_ visitor: inout Visitor) throws(SourceError) {
    try withOpenSource { (source) throws(SourceError) in
      // Two packets: one is held, and one remains, without which there is no snapshot.
      for sequence in 0..<2 as Range<UInt64> {
        _ = try ring.producer.write(Load(first: sequence, count: 1, payload: 16))
        _ = try source.flush()
      }
      try LTTngCall.check(source.stream.unsafeGetNextSubbuffer(), "GET_NEXT_SUBBUF")
      try packet(source.stream, &visitor)
      try LTTngCall.check(source.stream.unsafePutNextSubbuffer(), "PUT_NEXT_SUBBUF")
      try positions(source.stream, &visitor)
      while case .subbuffer = try source.withNext({ (_) in }) {}
    }
  }

  private func packet<Visitor: GetterVisitor>(
    _ stream: borrowing ModulesStream, _ visitor: inout Visitor
  ) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("GET_MMAP_READ_OFFSET", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetMmapReadOffset()) }
    }
    try visitor.visit(Getter("GET_SUBBUF_SIZE", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetSubbufferSize()) }
    }
    try visitor.visit(Getter("GET_PADDED_SUBBUF_SIZE", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.unsafeGetPaddedSubbufferSize()) }
    }
    try visitor.visit(Getter("GET_TIMESTAMP_BEGIN", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetTimestampBegin() }
    }
    try visitor.visit(Getter("GET_TIMESTAMP_END", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetTimestampEnd() }
    }
    try visitor.visit(Getter("GET_EVENTS_DISCARDED", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetEventsDiscarded() }
    }
    try visitor.visit(Getter("GET_CONTENT_SIZE", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetContentSize() }
    }
    try visitor.visit(Getter("GET_PACKET_SIZE", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetPacketSize() }
    }
    try visitor.visit(Getter("GET_SEQ_NUM", "held packet")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.unsafeGetSequenceNumber() }
    }
  }

  private func positions<Visitor: GetterVisitor>(
    _ stream: borrowing ModulesStream, _ visitor: inout Visitor
  ) throws(SourceError) {
    var sum: UInt64 = 0
    try visitor.visit(Getter("SNAPSHOT", "saves the positions")) { (count) throws(SourceError) in
      for _ in 0..<count { try LTTngCall.check(stream.snapshot(), "SNAPSHOT") }
    }
    try visitor.visit(Getter("SNAPSHOT_SAMPLE_POSITIONS", "saves the positions")) { (count) throws(SourceError) in
      for _ in 0..<count { try LTTngCall.check(stream.snapshotSamplePositions(), "SNAPSHOT_SAMPLE_POSITIONS") }
    }
    try visitor.visit(Getter("SNAPSHOT_GET_CONSUMED", "of the last snapshot")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.snapshotGetConsumed()) }
    }
    try visitor.visit(Getter("SNAPSHOT_GET_PRODUCED", "of the last snapshot")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= UInt64(try stream.snapshotGetProduced()) }
    }
    try visitor.visit(Getter("GET_CURRENT_TIMESTAMP", "the clock of the tracer")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getCurrentTimestamp() }
    }
    try visitor.visit(Getter("GET_STREAM_ID", "the stream")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getStreamID() }
    }
    try visitor.visit(Getter("INSTANCE_ID", "the stream")) { (count) throws(SourceError) in
      for _ in 0..<count { sum &+= try stream.getInstanceID() }
    }
  }
}
