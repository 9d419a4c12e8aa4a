import Study
import SubbufferSource

extension TracefsStudy {
  /// The end of recording.
  var liveFinalisationProbes: [Probe] {
    [
      probe(KernelAnswers.recordingOffTold) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        try ring.write(8)
        _ = try mapping.readAll()
        evidence.add("recording: acquire", mapping.unsafeGetReader())
        evidence.add("recording: poll", try mapping.poll(0))
        try ring.instance.set("tracing_on", "0")
        evidence.add("tracing_on", try ring.instance.text("tracing_on").oneLine)
        evidence.add("switched off: acquire", mapping.unsafeGetReader())
        evidence.add("switched off: poll", try mapping.poll(0))
        evidence.add("writes refused then, of 8", try ring.write(8, from: 8).refused)
      }
    ]
  }
}
