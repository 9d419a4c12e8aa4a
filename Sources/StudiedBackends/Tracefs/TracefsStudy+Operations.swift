import Glibc
import Study
import SubbufferSource
import TracefsBackend

extension TracefsStudy {
  /// One round of reading: 16 events are written, acquired, read, and acquired again.
  public func recordOperations() throws(SourceError) -> [OperationRecord] {
    try TracefsRing.with(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      try round(ring)
    }
  }

  private func round(_ ring: TracefsRing) throws(SourceError) -> [OperationRecord] {
    let decoder = try ring.decoder()
    var log = OperationLog(backend: name)
    log.add(.setUp, "write the files of the instance", noError, try ring.settings())
    let mapped = try ring.map()
    let atMap = mapped.metaPage
    log.add(.open, "open(trace_pipe_raw, O_RDONLY | O_NONBLOCK)", "a descriptor")
    log.add(
      .map, "mmap(PROT_READ, MAP_SHARED) of the meta page, then of the sub-buffers", "two addresses",
      [
        Observation("meta_page_size", atMap.metaPageSize), Observation("subbuf_size", atMap.subbufferSize),
        Observation("nr_subbufs", atMap.subbufferCount),
      ])

    try ring.write(16)
    for percent in ["50", "0"] {
      try ring.instance.set("buffer_percent", percent)
      let events = try mapped.poll(0)
      log.add(
        .wait, "poll(fd, POLLIN)", Int32(events) & POLLIN != 0 ? "POLLIN" : "\(events)",
        [Observation("with 16 events written and buffer_percent", percent)])
    }

    let before = mapped.metaPage
    let result = mapped.unsafeGetReader()
    let after = mapped.metaPage
    log.add(.acquire, calls.acquire, "\(result)", before.changes(to: after))
    let offset = UInt64(after.metaPageSize) &+ UInt64(after.readerID) &* UInt64(after.subbufferSize)
    log.add(
      .locate, "load meta.reader.id, meta.reader.read", "\(after.readerID), \(after.readerRead)",
      [Observation("offset of the reader sub-buffer in the mapping", offset)])

    let look = try TracefsLook(mapped, decoder)
    log.add(
      .losses, "load commit of the sub-buffer, meta.reader.lost_events",
      "0x\(String(look.header.commit, radix: 16)), \(after.readerLostEvents)",
      [Observation("lost before, by the header", look.loss.text)])
    log.add(
      .read, "decode the mapped events", "\(look.sequences.count) events",
      [
        Observation("sequence numbers", look.sequences.asRange)
      ])

    let again = mapped.unsafeGetReader()
    log.add(.acquireAgain, calls.acquire, "\(again)", after.changes(to: mapped.metaPage))
    return log.records
  }
}

extension MetaPage {
  /// The fields that differ from those of a later look, as `before → after`; none but the id where none differ.
  func changes(to later: MetaPage) -> [Observation] {
    let all: [(String, UInt64, UInt64)] = [
      ("meta.reader.id", UInt64(readerID), UInt64(later.readerID)),
      ("meta.reader.read", UInt64(readerRead), UInt64(later.readerRead)),
      ("meta.reader.lost_events", readerLostEvents, later.readerLostEvents),
      ("meta.entries", entries, later.entries),
      ("meta.overrun", overrun, later.overrun),
      ("meta.read", read, later.read),
    ]
    let changed = all.filter { $0.1 != $0.2 }.map { Observation($0.0, "\($0.1) → \($0.2)") }
    return changed.isEmpty ? [Observation("meta page", "unchanged, reader.id \(readerID)")] : changed
  }
}
