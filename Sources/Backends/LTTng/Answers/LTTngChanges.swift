import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let clearEmpties = Claim.clearEmpties.answered([
    .lttng: .documented("yes: exactly the 100 later events are read", Claim.readAfterClear)
  ])

  package static let clearIsShown = Claim.clearIsShown.answered(
    procedure:
      "Open the stream; write 2000 events, get and put once; clear; look at the positions without another get.",
    [
      .lttngUST: .documented(
        "yes: consumed and produced position are in the same sub-buffer", reaching: unreadBefore, clearedPositions),
      .lttngModules: .documented(
        "yes: consumed and produced position are in the same sub-buffer", reaching: unreadBefore, clearedPositions),
    ])

  package static let unreadBefore: [Mark] = [
    .somethingToClear { seen in try seen.number("unread sub-buffers before it") > 0 }
  ]

  package static let clearedPositions: Expectation.Judge = { seen in
    try .yes(seen.number("unread sub-buffers after it") == 0)
  }

  package static let clearIsNoLoss = Claim.clearIsNoLoss.answered([
    .lttng: .assumed("no: events_discarded is 0, and packet_seq_num follows that of the packet before") { seen in
      if try seen.number("events_discarded") != 0 { return Answer("yes, discarded events", isExpected: false) }
      let isNext = try seen.number("packet_seq_num after it") == seen.number("packet_seq_num before it") + 1
      return Answer(isNext ? "no" : "yes, missing packets", expected: "no")
    }
  ])

  package static let clearOfAnother = Claim.clearOfAnother.answered([
    .lttng: .assumed(
      "yes: all 300 are read after the first clear, none after the second", from: "kernel", Claim.clearedAlone)
  ])

  package static let recordingOff = Claim.recordingOff.answered([
    .lttng: .assumed(
      "those of the pause: the first 100, then the last 100 are read", from: "kernel", reaching: .nothing,
      Claim.pausedEvents)
  ])
}

extension LTTngStudy {
  /// Clearing while the ring buffer is mapped.
  package var changesProbes: [Probe] {
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
