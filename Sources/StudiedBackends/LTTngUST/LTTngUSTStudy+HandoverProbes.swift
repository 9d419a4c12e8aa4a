import LTTngUSTBackend
import Study
import SubbufferSource
import Workload

extension LTTngUSTStudy {
  /// What a get hands over.
  var handoverProbes: [Probe] {
    [
      noCounterpart(
        .firstAcquire, to: "the meta page",
        "there is no meta page; what is produced and consumed are positions in bytes"),
      noCounterpart(.sameID, to: "reader.id", "a get names no sub-buffer: where it is comes from get_mmap_read_offset"),
      probe(
        .partialInvisible, "as stated: get_next_subbuf is refused before the flush and hands out all events after it"
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(16)
        let before = stream.unsafeGetNextSubbufferResult()
        try stream.flushBuffer(producerActive: true)
        let after = stream.unsafeGetNextSubbufferResult()
        var evidence = [
          Observation("written", "16 events, less than a sub-buffer"),
          Observation("get_next_subbuf before the flush", ErrnoName.result(before)),
          Observation("get_next_subbuf after flush_buffer", ErrnoName.result(after)),
        ]
        guard after == 0 else { return .decided(false, evidence) }
        let sequences = try LTTngUSTLook(stream, ring.session).sequences
        evidence.append(Observation("events handed out", sequences.asRange))
        try stream.unsafePutNextSubbuffer()
        return .decided(before < 0 && sequences == Array(0..<16), evidence)
      },
      probeInBothModes(
        .doubleAcquire,
        "taken from the warning, and from ust-ctl.h's getters \"between get/put or get_next/put_next\": it is refused",
        basis: .taken
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        let first = stream.unsafeGetNextSubbufferResult()
        var evidence = [Observation("first get_next_subbuf", "\(first), \(LTTngUSTLook.text(stream, ring.session))")]
        let second = stream.unsafeGetNextSubbufferResult()
        evidence.append(
          Observation("second get_next_subbuf", "\(second), \(LTTngUSTLook.text(stream, ring.session))"))
        evidence.append(
          Observation("put_next_subbuf", outcome { () throws(SourceError) in try stream.unsafePutNextSubbuffer() }))
        let third = stream.unsafeGetNextSubbufferResult()
        evidence.append(
          Observation("get_next_subbuf then", "\(third), \(LTTngUSTLook.text(stream, ring.session))"))
        return .decided(second < 0, evidence)
      },
      probeInBothModes(
        .releaseWithoutAcquire, "taken from the warning: put_next_subbuf is refused, and all events can still be read",
        basis: .taken
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        try stream.flushBuffer(producerActive: true)
        let before = try Positions(stream)
        let put = outcome { () throws(SourceError) in try stream.unsafePutNextSubbuffer() }
        let after = try Positions(stream)
        let got = stream.unsafeGetNextSubbufferResult()
        let first = got == 0 ? try LTTngUSTLook(stream, ring.session).sequences : []
        if got == 0 { try stream.unsafePutNextSubbuffer() }
        return .decided(
          put != noError && first.first == 0,
          [
            Observation("put_next_subbuf without a get, 0 … 499 written", put),
            Observation("consumed position", "\(before.consumed) → \(after.consumed)"),
            Observation("get_next_subbuf then", "\(ErrnoName.result(got)), events \(first.asRange)"),
          ])
      },
      probe(
        .held, "taken from the exchange: its bytes do not change between get and put", basis: .taken
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(1_000)
        let got = stream.unsafeGetNextSubbufferResult()
        guard got == 0 else {
          return Finding(.inconclusive, reason: "get_next_subbuf: \(got)", evidence: [])
        }
        let before = try LTTngUSTLook(stream, ring.session)
        let positions = try Positions(stream)
        try ring.write(4_000, from: 1_000)
        let after = try LTTngUSTLook(stream, ring.session)
        let produced = try Positions(stream).produced &- positions.produced
        let changed = zip(before.bytes, after.bytes).count { $0 != $1 }
        try stream.unsafePutNextSubbuffer()
        let evidence = [
          Observation("held", "packet \(before.header.packetSequenceNumber), events \(before.sequences.asRange)"),
          Observation("bytes produced meanwhile", "\(produced), of a ring buffer of \(8 * 4096)"),
          Observation("bytes of the held sub-buffer that changed", changed),
        ]
        guard produced > 2 * 8 * 4096 else {
          return Finding(.inconclusive, reason: "the writer did not wrap around", evidence: evidence)
        }
        return .decided(changed == 0, evidence)
      },
    ]
  }
}
