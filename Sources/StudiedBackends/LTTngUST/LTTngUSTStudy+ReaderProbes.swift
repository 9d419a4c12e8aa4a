import Glibc
import LTTngUSTBackend
import Study
import SubbufferSource
import Workload

extension LTTngUSTStudy {
  /// Readers that come and go, positions, and the end.
  var readerProbes: [Probe] {
    [
      probe(
        .reopened, "the same as the kernel's: the second reader gets only events written after the first left",
        basis: .counterpart
      ) { (ring) throws(SourceError) in
        try ring.write(8)
        let first = try readAll(ring)
        try ring.write(4, from: 8)
        let second = try readAll(ring)
        return .decided(
          first == Array(0..<8) && second == Array(8..<12),
          [
            Observation("first reader, flushed, got and put", first.asRange),
            Observation("second reader, flushed, got and put", second.asRange),
          ])
      },
      probeInBothModes(
        .deadReader,
        "taken from put_next's \"move consumer forward\": yes, without a put nothing is consumed", basis: .taken
      ) { (ring) throws(SourceError) in
        try ring.write(8)
        let taken = try getAndLeave(ring)
        let stream = try ring.stream()
        try stream.flushBuffer(producerActive: true)
        let result = stream.unsafeGetNextSubbufferResult()
        let again = result == 0 ? LTTngUSTLook.text(stream, ring.session) : "nothing"
        return .decided(
          taken == again,
          [
            Observation("first reader, after its get", taken),
            Observation("first reader", "its stream was destroyed without a put, and made again by the same process"),
            Observation("second reader, after its get", "\(ErrnoName.result(result)), \(again)"),
          ])
      },
      probe(
        .severalReaders, "as stated: one reader for each stream; a second create_stream is refused"
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        let second = outcome { () throws(SourceError) in _ = try ring.stream() }
        try ring.write(8)
        try stream.flushBuffer(producerActive: true)
        let got = stream.unsafeGetNextSubbufferResult()
        return .decided(
          second != noError && got == 0,
          [
            Observation(
              "second lttng_ust_ctl_create_stream of the CPU", second == noError ? "a stream" : "refused (NULL)"),
            Observation("get_next_subbuf of the first reader then", ErrnoName.result(got)),
          ])
      },
      noCounterpart(
        .readyAtPercent, to: "buffer_percent",
        "there is no buffer_percent; the wait fd is written to for each full sub-buffer"),
      noCounterpart(
        .mappingRestrictions, to: "mmap of trace_pipe_raw",
        "the memory is the reader's own file; it maps it as it likes"),
      noCounterpart(.mappingStays, to: "mmap of trace_pipe_raw", "the memory is the reader's own file"),
      noCounterpart(
        .resizeWhileMapped, to: "buffer_size_kb", "a channel has its size for good; there is no call to change it"),
      probe(
        .positions, "as stated: get_subbuf at the consumed position works twice, and get_next_subbuf gives the same"
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(500)
        try stream.snapshot()
        let consumed = try stream.snapshotGetConsumed()
        let produced = try stream.snapshotGetProduced()
        var seen: [[UInt64]] = []
        var evidence = [Observation("snapshot", "consumed \(consumed), produced \(produced)")]
        for turn in 1...2 {
          try stream.unsafeGetSubbuffer(at: consumed)
          seen.append(try LTTngUSTLook(stream, ring.session).sequences)
          try stream.unsafePutSubbuffer()
          evidence.append(Observation("get_subbuf(\(consumed)), time \(turn)", seen[turn - 1].asRange))
        }
        try stream.unsafeGetNextSubbuffer()
        let next = try LTTngUSTLook(stream, ring.session).sequences
        try stream.unsafePutNextSubbuffer()
        evidence.append(Observation("get_next_subbuf then", next.asRange))
        return .decided(!next.isEmpty && seen.allSatisfy { $0 == next }, evidence)
      },
      probe(
        .finalized, "as stated: -EAGAIN while the process runs, -ENODATA once the buffer is finalized"
      ) { (ring) throws(SourceError) in
        let stream = try ring.stream()
        try ring.write(8)
        let running = stream.unsafeGetNextSubbufferResult()
        let pollRunning = try stream.pollText()
        ring.producer.end()
        try stream.flushBuffer(producerActive: false)
        let last = stream.unsafeGetNextSubbufferResult()
        if last == 0 { try stream.unsafePutNextSubbuffer() }
        let ended = stream.unsafeGetNextSubbufferResult()
        let evidence = [
          Observation("process runs: get_next_subbuf", ErrnoName.result(running)),
          Observation("process runs: poll of the wait fd", pollRunning),
          Observation("process ended: flush_buffer(stream, 0), get_next_subbuf", ErrnoName.result(last)),
          Observation("all is read: get_next_subbuf", ErrnoName.result(ended)),
          Observation("all is read: poll of the wait fd", try stream.pollText()),
        ]
        if running == -EAGAIN, ended != -ENODATA {
          return Finding(
            .inconclusive,
            reason: "the buffer was not seen to be finalized: ust-ctl.h has no call for it, and the end of the process "
              + "does not bring it about", evidence: evidence)
        }
        return .decided(running == -EAGAIN && ended == -ENODATA, evidence)
      },
    ]
  }

  private func readAll(_ ring: LTTngUSTRing) throws(SourceError) -> [UInt64] {
    let stream = try ring.stream()
    try stream.flushBuffer(producerActive: true)
    var sequences: [UInt64] = []
    while stream.unsafeGetNextSubbufferResult() == 0 {
      sequences += try LTTngUSTLook(stream, ring.session).sequences
      try stream.unsafePutNextSubbuffer()
    }
    return sequences
  }

  private func getAndLeave(_ ring: LTTngUSTRing) throws(SourceError) -> String {
    let stream = try ring.stream()
    try stream.flushBuffer(producerActive: true)
    try stream.unsafeGetNextSubbuffer()
    return LTTngUSTLook.text(stream, ring.session)
  }
}
