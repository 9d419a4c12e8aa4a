import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let freeRunning = Claim.freeRunning.answered(
    procedure:
      "Three times: write more than fits, in discard mode, and read everything, with flush_buffer(stream, 0) at the "
      + "end. Record every count in a header that is not 0.",
    [
      .lttng: .documented("the counts never fall, and the last is the number of events lost since the beginning") {
        seen in
        if try seen.number("counts that fell") != 0 { return Answer("no, it falls", expected: "yes") }
        let isComplete = try seen.number("last count") == seen.lost
        return Answer(isComplete ? "yes" : "yes, but incomplete", expected: "yes")
      }
    ])
}

extension LTTngStudy {
  /// Counters against other counters and against the truth.
  package var countersProbes: [Probe] {
    [
      probe(LTTngAnswers.freeRunning, mode: .discard) { (ring, evidence) throws(SourceError) in
        let (produced, packets) = try discardThreeTimes(ring)
        evidence.addDelivered(packets.sequences, of: produced)
        let counts = packets.map(\.eventsDiscarded)
        evidence.add("counts in the headers", packets.discardedText)
        evidence.add("counts that fell", zip(counts, counts.dropFirst()).count { $0 > $1 })
        evidence.add("last count", counts.last ?? 0)
      }
    ]
  }

  /// Three times writes twice what fits and reads everything, and then ends the last packet.
  /// - Returns: how many events were produced, and what was handed out.
  package func discardThreeTimes(
    _ ring: Ring, payload: UInt32 = 16
  ) throws(SourceError) -> (produced: UInt64, packets: [LTTngLook]) {
    let stream = try ring.stream()
    var produced: UInt64 = 0
    var packets: [LTTngLook] = []
    for _ in 1...3 {
      produced += try ring.write(2 * ring.eventsPerRing(payload: payload), from: produced, payload: payload)
        .produced
      packets += try stream.readAll()
    }
    _ = stream.flushBuffer(producerActive: false)
    packets += try stream.readAll()
    return (produced, packets)
  }
}
