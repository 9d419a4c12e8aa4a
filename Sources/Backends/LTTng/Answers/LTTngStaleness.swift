import Platform
import Results
import Study
import SubbufferSource

extension LTTngAnswers {
  package static let metaPageStays = Claim.metaPageStays.answered(
    procedure: "Sample the positions; write three times what fits; read the saved positions; sample again.",
    [
      .lttng: .assumed(
        "the saved positions do not change before the next sample, which changes them",
        reaching: [.callUpdated("before the events", "after the next call")]
      ) { seen in
        try .yes(seen["after the events"] != seen["before the events"], expected: false)
      }
    ])

  package static let bytesBehindData = Claim.bytesBehindData.answered(
    procedure:
      "Write what fits of small events, and then twice what fits of large ones, which leave more room; get a full "
      + "sub-buffer before which events are missing, and continue to the partial one, which a flush ends. Count the bytes "
      + "that are not 0 after the data.",
    [
      .lttng: .assumed("old data remains", from: "kernel", reaching: [Claim.bytesAfterFull], Claim.oldDataAfterFull)
    ])

  package static let freshBytes = Claim.freshBytes.answered(
    procedure: "Write 16 events into a new ring buffer, flush, get; count the bytes after the data that are not 0.",
    [
      .lttng: .assumed("all bytes between content_size and packet_size are 0", from: "kernel", Claim.zeroAfterData)
    ])
}

extension LTTngStudy {
  /// Probes of stale data.
  package var stalenessProbes: [Probe] {
    [
      probe(LTTngAnswers.metaPageStays) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let written = try ring.write(4).produced
        evidence.add("before the events", try stream.positions().text)
        try ring.write(3 * ring.eventsPerRing(), from: written)
        evidence.add("after the events", try stream.savedPositions().text)
        evidence.add("after the next call", try stream.positions().text)
      },
      probe(LTTngAnswers.bytesBehindData) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        let small = try ring.write(ring.eventsPerRing()).produced
        let payload = min(largePayload, UInt32(largestPayload))
        let large = 2 * ring.eventsPerRing(payload: payload)
        try ring.write(large, from: small, payload: payload)
        try ring.write(ring.eventsPerSubbuffer() / 2, from: small + large)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        let packets = try stream.readAll()
        guard let full = packets.first, let partial = packets.last else { return }
        for (kind, packet) in [("full", full), ("partial", partial)] {
          evidence.add("\(kind): events", packet.sequences.asRange)
          addBytesBehindData(packet, "\(kind): ", &evidence)
        }
      },
      probe(LTTngAnswers.freshBytes) { (ring, evidence) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(16)
        evidence.add("flush_buffer", ErrnoName.result(stream.flushBuffer(producerActive: true)))
        guard let packet = try stream.readAll().first else { return }
        addBytesBehindData(packet, "", &evidence)
      },
    ]
  }

  /// Counts the bytes that belong to the packet and lie after its content.
  private func addBytesBehindData(_ packet: LTTngLook, _ prefix: String, _ evidence: inout Evidence) {
    let behind = packet.bytes.prefix(packet.packetCount).dropFirst(packet.contentCount)
    evidence.add("\(prefix)bytes behind the data", behind.count)
    evidence.add("\(prefix)of them not 0", behind.count { $0 != 0 })
  }
}

extension Positions {
  /// Both, for an observation.
  fileprivate var text: String { "consumed \(consumed), produced \(produced)" }
}
