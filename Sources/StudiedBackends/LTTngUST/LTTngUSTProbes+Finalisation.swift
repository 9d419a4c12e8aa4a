import Platform
import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// The end of recording.
  var liveFinalisationProbes: [Probe] {
    [
      probe(LTTngAnswers.recordingOffTold) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        try stream.flush(producerActive: true)
        _ = try stream.readAll()
        evidence.add("recording: acquire", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("recording: poll", try stream.pollText())
        try ring.session.stop()
        evidence.add("switched off: acquire", ErrnoName.result(stream.unsafeGetNextSubbuffer()))
        evidence.add("switched off: poll", try stream.pollText())
        let before = try stream.positions().produced
        try ring.write(8, from: 8)
        evidence.add("bytes produced by 8 events then", try stream.positions().produced &- before)
      }
    ]
  }
}
