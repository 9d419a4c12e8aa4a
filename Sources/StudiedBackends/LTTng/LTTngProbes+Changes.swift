import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// Clearing while the ring buffer is mapped.
  var changesProbes: [Probe] {
    [
      probe(LTTngAnswers.clearEmpties) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(300)
        evidence.add("read before it", try stream.readOne().sequences.asRange)
        evidence.add("clear", ErrnoName.result(stream.clearBuffer()))
        try ring.write(100, from: 300)
        evidence.add("read after it", try stream.readAllUnread().asRange)
      },
      probe(LTTngAnswers.clearIsShown) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let size = UInt(ring.configuration.subbufferSize)
        try ring.write(2_000)
        _ = try stream.readOne()
        evidence.add("unread sub-buffers before it", try stream.positions().unread(size))
        evidence.add("clear", ErrnoName.result(stream.clearBuffer()))
        let positions = try stream.positions()
        evidence.add("positions after it", "consumed \(positions.consumed), produced \(positions.produced)")
        evidence.add("unread sub-buffers after it", positions.unread(size))
      },
      probe(LTTngAnswers.clearIsNoLoss) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(300)
        evidence.add("packet_seq_num before it", try stream.readOne().packetSequenceNumber)
        evidence.add("clear", ErrnoName.result(stream.clearBuffer()))
        try ring.write(100, from: 300)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        let look = try stream.readOne()
        evidence.add("events", look.sequences.asRange)
        evidence.add("packet_seq_num after it", look.packetSequenceNumber)
        evidence.add("events_discarded", look.eventsDiscarded)
      },
    ]
  }
}

extension Positions {
  /// The number of sub-buffers that the writer has left that are not consumed.
  fileprivate func unread(_ size: UInt) -> UInt { produced / size &- consumed / size }
}
