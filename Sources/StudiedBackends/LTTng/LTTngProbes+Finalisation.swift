import Platform
import Study
import SubbufferSource

extension LTTngStudy {
  /// The end of a ring buffer's life.
  var finalisationProbes: [Probe] {
    [
      probe(LTTngAnswers.finalized) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("process runs: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("process runs: poll of the wait fd", try stream.pollText())
        ring.endWriter()
        try stream.flush(producerActive: false)
        let last = stream.unsafeGetNextSubbuffer()
        evidence.add("process ended: flush_buffer(stream, 0), get_next_subbuf", ErrnoName.result(last))
        if last == 0 { try stream.putNext() }
        evidence.add("all is read: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("all is read: poll of the wait fd", try stream.pollText())
      },
      probe(LTTngAnswers.endToldByPoll) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("writer lives: poll", try stream.pollText())
        ring.endWriter()
        evidence.add("writer has ended: poll", try stream.pollText())
      },
      probe(LTTngAnswers.restAfterEnd) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let one = ring.eventsPerSubbuffer()
        let truth = try ring.write(2 * one + one / 2)
        ring.endWriter()
        let full = try stream.readAll()
        evidence.add("events delivered before the flush", full.sequences.count)
        try stream.flush(producerActive: false)
        evidence.addDelivered(try (full + stream.readAll()).sequences, of: truth.produced)
      },
      probe(LTTngAnswers.flushOfEmpty) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        for turn in ["first", "second"] {
          try stream.flush(producerActive: false)
          let result = stream.unsafeGetNextSubbuffer()
          evidence.add("\(turn) get_next_subbuf", ErrnoName.result(result))
          guard result == 0 else { return }
          let packet = try stream.look()
          evidence.add("events of the \(turn) packet", packet.sequences.count)
          evidence.add("end of the \(turn) packet", packet.timestamps.end)
          try stream.putNext()
        }
      },
      probe(LTTngAnswers.flushOfNew) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("flushed: get_next_subbuf", ErrnoName.result(got))
        if got == 0 {
          evidence.add("events of that packet", try stream.look().sequences.count)
          try stream.putNext()
        }
      },
      probe(LTTngAnswers.finalFlushOfNew) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: false)))
        let got = stream.unsafeGetNextSubbuffer()
        evidence.add("flushed: get_next_subbuf", ErrnoName.result(got))
        if got == 0 {
          let packet = try stream.look()
          evidence.add("events of that packet", packet.sequences.count)
          evidence.add("beginning of that packet", packet.timestamps.begin)
          evidence.add("end of that packet", packet.timestamps.end)
          try stream.putNext()
        }
      },
      probe(LTTngAnswers.flushOnlyWithEvents) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        evidence.add("events delivered", try stream.readAll().sequences.count)
        evidence.add("flush_buffer again", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        evidence.add("flushed again: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
      },
    ]
  }
}
