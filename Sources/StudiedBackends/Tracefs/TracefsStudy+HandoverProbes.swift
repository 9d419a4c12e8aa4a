import Study
import SubbufferSource
import TracefsBackend

extension TracefsStudy {
  /// What an acquire hands over.
  var handoverProbes: [Probe] {
    [
      probe(
        .firstAcquire, "as stated: id 0 before; entries 16, overrun 0, read 16, id 1 after, twice"
      ) { (ring, _) throws(SourceError) in
        let mapped = try ring.map()
        let empty = try mapped.getReader()
        try ring.write(16)
        let first = try mapped.getReader()
        let second = try mapped.getReader()
        return .decided(
          empty.readerID == 0 && first.counts == "entries 16, overrun 0, read 16, id 1"
            && second.counts == first.counts,
          [
            Observation("before the events", empty.counts), Observation("first ioctl after them", first.counts),
            Observation("second ioctl", second.counts),
          ])
      },
      probe(
        .sameID,
        "as stated, with the exception: new events under the same id only while the writer is on that sub-buffer"
      ) { (ring, decoder) throws(SourceError) in
        let mapped = try ring.map()
        try ring.write(4)
        let first = try mapped.getReader()
        let seen = try TracefsLook(mapped, decoder).sequences
        try ring.write(4, from: 4)
        let second = try mapped.getReader()
        let more = try TracefsLook(mapped, decoder, from: first.readerRead).sequences
        let still = try mapped.getReader()
        // 200 events do not fit into the rest of this sub-buffer, so the writer leaves it.
        try ring.write(200, from: 8)
        var left = try mapped.getReader()
        if left.readerID == second.readerID { left = try mapped.getReader() }
        let after = try TracefsLook(mapped, decoder).sequences
        return .decided(
          still == second && left.readerID != second.readerID && !after.isEmpty,
          [
            Observation("first acquire", "id \(first.readerID), read \(first.readerRead), events \(seen.asRange)"),
            Observation(
              "4 events later, the writer on that sub-buffer",
              "id \(second.readerID), read \(second.readerRead), new events \(more.asRange)"),
            Observation("nothing later", "id \(still.readerID), read \(still.readerRead)"),
            Observation(
              "200 events later, the rest of that sub-buffer read, the writer gone from it",
              "id \(left.readerID), read \(left.readerRead), events \(after.asRange)"),
          ])
      },
      probe(
        .partialInvisible, "the same as LTTng's: the acquire hands out nothing of a partial sub-buffer",
        basis: .counterpart
      ) { (ring, decoder) throws(SourceError) in
        let mapped = try ring.map()
        let before = try mapped.getReader()
        try ring.write(3)
        let after = try mapped.getReader()
        let look = try TracefsLook(mapped, decoder)
        return .decided(
          look.sequences.isEmpty,
          [
            Observation("before", "id \(before.readerID), read \(before.readerRead)"),
            Observation("written", "3 events, less than a sub-buffer"),
            Observation("ioctl", "id \(after.readerID), read \(after.readerRead), events \(look.sequences.asRange)"),
          ])
      },
      probe(
        .doubleAcquire, "\"I'm done, get me a new reader-sub-buffer\": the second ioctl releases the first sub-buffer"
      ) { (ring, decoder) throws(SourceError) in
        let mapped = try ring.map()
        try ring.write(500)
        let first = try mapped.getReader()
        let firstEvents = try TracefsLook(mapped, decoder).sequences
        let result = mapped.unsafeGetReader()
        let second = mapped.metaPage
        let secondEvents = try TracefsLook(mapped, decoder).sequences
        return .decided(
          result == 0 && first.readerID != second.readerID && firstEvents.last.map { $0 + 1 } == secondEvents.first,
          [
            Observation("first ioctl", "id \(first.readerID), events \(firstEvents.asRange)"),
            Observation("second ioctl returned", result),
            Observation("after it", "id \(second.readerID), events \(secondEvents.asRange)"),
          ])
      },
      noCounterpart(.releaseWithoutAcquire, to: "put_next_subbuf", "the kernel has no release call"),
      noCounterpart(.positions, to: "get_subbuf", "no call of the kernel's takes a position"),
      probe(
        .held, "as stated: \"writer will only write to the other pages\", so the bytes of a full one do not change"
      ) { (ring, decoder) throws(SourceError) in
        let mapped = try ring.map()
        try ring.write(1_000)
        let meta = try mapped.getReader()
        guard let start = mapped.unsafeSubbuffer(meta.readerID) else {
          return Finding(.inconclusive, reason: "no sub-buffer by id \(meta.readerID)", evidence: [])
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: mapped.geometry.subbufferSize)
        let before = Array(bytes)
        let overrun = try ring.instance.stats(cpu: ring.cpu).overrun
        try ring.write(4_000, from: 1_000)
        let differing = zip(before, bytes).count { $0 != $1 }
        let overwritten = try ring.instance.stats(cpu: ring.cpu).overrun &- overrun
        let evidence = [
          Observation("held", "id \(meta.readerID), events \(try TracefsLook(mapped, decoder).sequences.asRange)"),
          Observation("overwritten meanwhile, by stats", overwritten),
          Observation("bytes of the held sub-buffer that changed", differing),
        ]
        guard overwritten > 1_000 else {
          return Finding(.inconclusive, reason: "the writer did not wrap around", evidence: evidence)
        }
        return .decided(differing == 0, evidence)
      },
    ]
  }
}

extension MetaPage {
  /// The counters as map_test.c looks at them.
  var counts: String { "entries \(entries), overrun \(overrun), read \(read), id \(readerID)" }
}
