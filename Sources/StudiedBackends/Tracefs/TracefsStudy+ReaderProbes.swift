import Study
import SubbufferSource
import TracefsBackend

extension TracefsStudy {
  /// Readers that come and go, and when they are woken.
  var readerProbes: [Probe] {
    [
      probe(
        .reopened, "as stated: the second reader's first acquire adds only events written after the first reader left"
      ) { (ring, decoder) throws(SourceError) in
        try ring.write(8)
        let first = try readAndLeave(ring, decoder)
        try ring.write(4, from: 8)
        let mapped = try ring.map()
        let atOpen = mapped.metaPage
        let meta = try mapped.getReader()
        let from = meta.readerID == atOpen.readerID ? atOpen.readerRead : 0
        let second = try TracefsLook(mapped, decoder, from: from).sequences
        return .decided(
          second == Array(8..<12),
          [
            Observation("first reader read", first.asRange),
            Observation("second reader: at open", "id \(atOpen.readerID), read \(atOpen.readerRead)"),
            Observation("second reader: after its acquire", "id \(meta.readerID), read \(meta.readerRead)"),
            Observation("second reader: events behind what was read at open", second.asRange),
          ])
      },
      probe(
        .deadReader, "the source's assumption: no, the acquire has consumed them; the next reader gets none of them"
      ) { (ring, decoder) throws(SourceError) in
        try ring.write(8)
        let taken = try takeAndLeave(ring)
        let mapped = try ring.map()
        let atOpen = mapped.metaPage
        let meta = try mapped.getReader()
        let from = meta.readerID == atOpen.readerID ? atOpen.readerRead : 0
        let again = try TracefsLook(mapped, decoder, from: from).sequences
        return .decided(
          again.isEmpty,
          [
            Observation("written", "0 … 7 (8)"),
            Observation("first reader: after its acquire", "id \(taken.readerID), read \(taken.readerRead)"),
            Observation("first reader", "unmapped and closed without looking at the data"),
            Observation("second reader: at open", "id \(atOpen.readerID), read \(atOpen.readerRead)"),
            Observation("second reader: after its acquire", "id \(meta.readerID), read \(meta.readerRead)"),
            Observation("second reader: events handed out", again.asRange),
          ])
      },
      probe(
        .severalReaders, "allowed, \"they will compete\"; taken as: both acquires work, and no event is seen by both"
      ) { (ring, decoder) throws(SourceError) in
        try ring.write(500)
        let one = try ring.map()
        let other = try ring.map()
        let first = one.unsafeGetReader()
        let byOne = try TracefsLook(one, decoder).sequences
        let second = other.unsafeGetReader()
        let byOther = try TracefsLook(other, decoder).sequences
        return .decided(
          first == 0 && second == 0 && !byOne.isEmpty && !byOther.isEmpty && Set(byOne).isDisjoint(with: byOther),
          [
            Observation("first reader's ioctl", "\(first), events \(byOne.asRange)"),
            Observation("second reader's ioctl", "\(second), events \(byOther.asRange)"),
            Observation("reader.id the first reader now sees", one.readerID),
          ])
      },
      probe(
        .readyAtPercent,
        "ftrace.rst: at 0 with any data, at 50 with roughly half of the sub-buffers, at 100 with all of them"
      ) { (_, _) throws(SourceError) in
        try readyAtPercent(RingConfiguration(mode: .overwrite, producerCPU: producerCPU))
      },
      probe(
        .finalized, "(a claim about LTTng) the same here: one of the calls answers differently when tracing has ended"
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

  /// Polls, without waiting, at several fills and settings.
  private func readyAtPercent(_ configuration: RingConfiguration) throws(SourceError) -> Finding {
    var evidence: [Observation] = []
    var agreed = true
    for percent in [0, 50, 100] {
      try TracefsRing.with(configuration) { (ring) throws(SourceError) in
        try ring.instance.set("buffer_percent", String(percent))
        let mapped = try ring.map()
        var written: UInt64 = 0
        // 92 events of 44 bytes fill a sub-buffer of 4096 bytes; the writer has 8.
        let fills: [(String, UInt64, Bool)] = [
          ("empty", 0, false), ("1 event", 1, percent == 0), ("1/4 full", 184, percent == 0),
          ("3/4 full", 552, percent <= 50), ("overwritten", 1_500, true),
        ]
        for (fill, events, expected) in fills {
          try ring.write(events - written, from: written)
          written = events
          let ready = try mapped.poll(0) != 0
          agreed = agreed && ready == expected
          evidence.append(Observation("buffer_percent \(percent), \(fill)", ready ? "ready" : "not ready"))
        }
      }
    }
    return .decided(agreed, evidence)
  }
}
