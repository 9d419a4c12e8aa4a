import Platform
import Results
import Study
import SubbufferSource

extension KernelAnswers {
  static let manyWriters =
    "the ring buffer has no single writer: any process may open trace_marker_raw and write; recording-off-told asks "
    + "whether the end of recording is reported"

  static let restAfterEnd = Claim.restAfterEnd.answered(
    procedure: "Fill two and a half sub-buffers. End the writer. Read everything.",
    [
      .kernel: .assumed("all of them, by acquires alone", from: "LTTng", Claim.allAreThere)
    ])

  static let recordingOffTold = Claim.recordingOffTold.answered(
    procedure:
      "Write 8 events and read everything; acquire with O_NONBLOCK and poll with a timeout of 0. Switch recording off "
      + "by tracing_on; acquire and poll again. For a blocked acquire see tracing-off-wakes.",
    [
      .kernel: .assumed(
        "yes: the acquire or poll returns something else than before",
        reaching: [.recordingOff { seen in try seen.number("writes refused then, of 8") == 8 }], Claim.offIsReported)
    ])

  static let noFlush = "an acquire hands out a partial sub-buffer as it is: there is nothing to flush"
}

extension KernelStudy {
  /// The end of a ring buffer's life.
  var finalisationProbes: [Probe] {
    [
      probe(KernelAnswers.restAfterEnd) { (ring, evidence) throws(SourceError) in
        let mapping = try ring.map()
        let one = ring.eventsPerSubbuffer()
        let truth = try ring.write(2 * one + one / 2)
        ring.endWriter()
        evidence.addDelivered(try mapping.readAll().flatMap(\.sequences), of: truth.produced)
      }
    ]
  }
}

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
