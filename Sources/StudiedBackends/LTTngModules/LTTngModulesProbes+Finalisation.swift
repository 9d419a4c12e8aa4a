import LTTngModulesBackend
import Platform
import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// The end of recording. What ends a ring buffer is the end of its session.
  var liveFinalisationProbes: [Probe] {
    [
      probe(LTTngAnswers.finalized) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("session there: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("session there: poll", try stream.pollText())
        ring.session.end()
        evidence.add("session ended: poll", try stream.pollText())
        evidence.add("events read then", try stream.readAll().sequences.asRange)
        evidence.add("all is read: get_next_subbuf", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("all is read: snapshot", ErrnoName.result(stream.snapshot()))
        evidence.add("all is read: poll", try stream.pollText())
      },
      probe(LTTngAnswers.endToldByPoll) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        evidence.add("session there: poll", try stream.pollText())
        ring.session.end()
        evidence.add("session ended: poll", try stream.pollText())
        evidence.add("events read then", try stream.readAll().sequences.asRange)
        evidence.add("all is read: poll", try stream.pollText())
      },
      probe(LTTngAnswers.restAfterEnd) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let one = ring.eventsPerSubbuffer()
        let truth = try ring.write(2 * one + one / 2)
        ring.session.end()
        evidence.addDelivered(try stream.readAll().sequences, of: truth.produced)
      },
      probe(LTTngAnswers.recordingOffTold) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        try stream.flush(producerActive: true)
        _ = try stream.readAll()
        evidence.add("recording: acquire", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("recording: poll", try stream.pollText())
        try ring.session.stop()
        // Stopping ends the sub-buffer, whatever is in it.
        evidence.add("packets that the stop has ended", try stream.readAll().count)
        evidence.add("switched off: acquire", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("switched off: poll", try stream.pollText())
        let before = try stream.positions().produced
        try ring.write(8, from: 8)
        evidence.add("bytes produced by 8 events then", try stream.positions().produced &- before)
      },
    ]
  }
}
