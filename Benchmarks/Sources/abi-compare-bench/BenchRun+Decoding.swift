import CLoops
import CTFPackets
import CapturedSubbuffers
import Study
import SubbufferSource
import TracefsABI

extension BenchRun {
  /// As many events as fill about a hundred sub-buffers.
  private static let decodedEvents: UInt64 = 8_000

  /// The decoders on sub-buffers that were copied out of the live ring buffers.
  mutating func decoding() throws(SourceError) -> [Row] {
    let trials = trials(4_000, 5)
    let pages = try decodingOfPages(trials)
    let packets = try decodingOfPackets(trials)
    return [
      Row("decoding, ftrace pages: ns an event", pages, limit: .atMost(1.2), &random),
      Row("decoding, LTTng packets: ns an event", packets, limit: .atMost(1.2), &random),
    ]
  }

  private mutating func decodingOfPages(_ trials: Trials) throws(SourceError) -> Samples {
    let (bytes, decoder) = try TracefsRing.with(.overwrite, subbufferCount: Capture.subbufferCount, placement) {
      (ring) throws(SourceError) in
      (try ring.pages(Self.decodedEvents), try ring.source().decoder)
    }
    let captured = try Captured(bytes) { (all) throws(SourceError) in
      try Recorded.pages(in: all, size: Fill.subbufferSize, format: decoder.page)
    }
    var format = cloops_ftrace_format(
      data_offset: decoder.page.dataOffset, type: decoder.sequenceTypeID, payload_offset: try Self.payloadOffset())
    var contest = DecodingContest(captured, decoder, events: Self.decodedEvents) { subbufs, count in
      cloops_ftrace_count(&format, subbufs.baseAddress, subbufs.count, &count)
    }
    return try Samples.of(&contest, trials, &random)
  }

  /// Where the workload's own data begin in the data of a `raw_data` event.
  private static func payloadOffset() throws(SourceError) -> Int {
    let format = try EventFormat(Tracefs.mountedOrMounting().text("events/ftrace/raw_data/format"))
    return try format.field("buf").offset
  }

  private mutating func decodingOfPackets(_ trials: Trials) throws(SourceError) -> Samples {
    let (bytes, decoder) = try LTTngUSTRing.with(.discard, subbufferCount: Capture.subbufferCount, placement) {
      (ring) throws(SourceError) in
      (
        try ring.packets(Self.decodedEvents),
        PacketDecoder<SequencePayload>(eventHeader: ring.session.eventHeader, sequenceEventID: ring.session.eventID)
      )
    }
    let captured = try Captured(bytes) { (all) throws(SourceError) in try Recorded.packets(in: all) }
    var contest = DecodingContest(captured, decoder, events: Self.decodedEvents) { subbufs, count in
      cloops_ctf_count(decoder.sequenceTypeID, subbufs.baseAddress, subbufs.count, &count)
    }
    return try Samples.of(&contest, trials, &random)
  }
}
