import Glibc
import Study
import SubbufferSource
import TracefsBackend
import Workload

extension TracefsStudy {
  /// Readers that come and go, and when they are woken.
  var readerProbes: [Probe] {
    [
      probe(
        .reopened, "as stated, of a reader that begins at reader.read as it is when the ring buffer is mapped"
      ) { (ring, decoder) throws(SourceError) in
        try ring.write(8)
        let first = try readAndLeave(ring, decoder)
        try ring.write(4, from: 8)
        let second = try SecondReader(ring, decoder)
        return .decided(
          second.sequences == Array(8..<12), [Observation("first reader read", first.asRange)] + second.evidence)
      },
      probe(
        .deadReader, "the source's assumption: no, the acquire has consumed them; the next reader gets none of them"
      ) { (ring, decoder) throws(SourceError) in
        try ring.write(8)
        let taken = try takeAndLeave(ring)
        let byRead = ReadAttempt(ring)
        let second = try SecondReader(ring, decoder)
        return .decided(
          second.sequences.isEmpty && byRead.isEmpty,
          [
            Observation("written", "0 … 7 (8)"),
            Observation("first reader: after its acquire", "id \(taken.readerID), read \(taken.readerRead)"),
            Observation("first reader", "unmapped and closed without looking at the data"),
            Observation("read(2) of trace_pipe_raw then", byRead.text),
          ] + second.evidence)
      },
      probe(
        .severalReaders, "as stated: both acquires work, and they compete: each moves the reader sub-buffer of both"
      ) { (ring, decoder) throws(SourceError) in
        try ring.write(500)
        let one = try ring.map()
        let other = try ring.map()
        let first = one.unsafeGetReader()
        let firstID = one.readerID
        let atOnce = try TracefsLook(one, decoder).sequences
        let second = other.unsafeGetReader()
        let byOther = try TracefsLook(other, decoder).sequences
        let late = try TracefsLook(one, decoder).sequences
        return .decided(
          first == 0 && second == 0 && one.readerID == other.readerID && one.readerID != firstID,
          [
            Observation("A's acquire", "\(first), id \(firstID), events \(atOnce.asRange)"),
            Observation("B's acquire then", "\(second), id \(other.readerID), events \(byOther.asRange)"),
            Observation("reader.id that A sees then", one.readerID),
            Observation("events that A finds at its reader.id then", late.asRange),
          ])
      },
      probe(
        .readyAtPercent,
        "ftrace.rst: at 0 with any data, then at roughly that share of the sub-buffers; taken as: within one of them"
      ) { (_, _) throws(SourceError) in
        try readyAtPercent(RingConfiguration(mode: .overwrite, producerCPU: producerCPU))
      },
      probe(
        .finalized, "the same as LTTng's: the acquire answers differently when nothing will come any more",
        basis: .counterpart
      ) { (ring, _) throws(SourceError) in
        try ring.write(8)
        let mapped = try ring.map()
        _ = try mapped.getReader()
        let running = (mapped.unsafeGetReader(), try mapped.poll(0))
        ring.producer.end()
        let ended = (mapped.unsafeGetReader(), try mapped.poll(0))
        try ring.instance.set("tracing_on", "0")
        let off = (mapped.unsafeGetReader(), try mapped.poll(0))
        return .decided(
          running != ended || running != off,
          [
            Observation("all is read, writer lives: ioctl, poll", "\(running.0), \(running.1)"),
            Observation("all is read, writer has ended: ioctl, poll", "\(ended.0), \(ended.1)"),
            Observation("all is read, tracing_on is 0: ioctl, poll", "\(off.0), \(off.1)"),
          ])
      },
    ]
  }

  private func readAndLeave(_ ring: TracefsRing, _ decoder: FtracePageDecoder) throws(SourceError) -> [UInt64] {
    let mapped = try ring.map()
    _ = try mapped.getReader()
    return try TracefsLook(mapped, decoder).sequences
  }

  private func takeAndLeave(_ ring: TracefsRing) throws(SourceError) -> MetaPage {
    try ring.map().getReader()
  }

  /// Fills the ring buffer step by step, a quarter of a sub-buffer at a time, and polls without waiting.
  private func readyAtPercent(_ configuration: RingConfiguration) throws(SourceError) -> Finding {
    // 92 events of 44 bytes fill a sub-buffer of 4096 bytes; the writer has 8.
    let step: UInt64 = 23
    let full = 8 * 4 * step
    var evidence: [Observation] = []
    var agreed = true
    for percent in [UInt64(0), 25, 50, 75, 100] {
      let ready = try TracefsRing.with(configuration) { (ring) throws(SourceError) in
        try ring.instance.set("buffer_percent", String(percent))
        let mapped = try ring.map()
        guard try mapped.poll(0) == 0 else { return UInt64(0) }
        var written: UInt64 = 0
        while written < 2 * full {
          try ring.write(step, from: written)
          written += step
          if try mapped.poll(0) != 0 { return written }
        }
        return UInt64.max
      }
      // Within a sub-buffer: "roughly".
      let expected = max(step, full * percent / 100)
      agreed = agreed && ready != 0 && ready <= expected + 4 * step && ready + 4 * step >= expected
      let fill = ready == .max ? "never" : "at \(ready) events, \(Double(ready) / Double(4 * step)) of 8 sub-buffers"
      evidence.append(Observation("buffer_percent \(percent): first ready", fill))
    }
    return .decided(agreed, evidence)
  }
}

/// A reader that maps a ring buffer which had a reader before, and acquires once.
private struct SecondReader {
  /// The events behind what was read when it mapped.
  let sequences: [UInt64]
  let evidence: [Observation]

  init(_ ring: TracefsRing, _ decoder: FtracePageDecoder) throws(SourceError) {
    let mapped = try ring.map()
    let atOpen = mapped.metaPage
    let meta = try mapped.getReader()
    let from = meta.readerID == atOpen.readerID ? atOpen.readerRead : 0
    sequences = try TracefsLook(mapped, decoder, from: from).sequences
    evidence = [
      Observation("second reader: when it mapped", "id \(atOpen.readerID), read \(atOpen.readerRead)"),
      Observation("second reader: after its acquire", "id \(meta.readerID), read \(meta.readerRead)"),
      Observation("second reader: events behind reader.read as it was when it mapped", sequences.asRange),
      Observation(
        "second reader: events from the sub-buffer's beginning", try TracefsLook(mapped, decoder).sequences.asRange),
    ]
  }
}

/// One read(2) of `trace_pipe_raw`, which does not wait.
private struct ReadAttempt {
  let text: String
  let isEmpty: Bool

  init(_ ring: TracefsRing) {
    let descriptor = open(ring.instance.ringBufferPath(cpu: ring.cpu), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &buffer, buffer.count)
    let code = errno
    close(descriptor)
    isEmpty = count <= 0
    text = count < 0 ? ErrnoName.result(-code) : "\(count) bytes"
  }
}
