import SubbufferSource

/// The events that an acquire handed out and no earlier acquire did.
struct KernelRead {
  /// The id of the reader sub-buffer, and up to where it was read.
  var id: UInt32
  var read: UInt32
  /// `reader.lost_events`, and whether bit 31 of `commit` is set; of a sub-buffer's first hand-over only.
  var lostEvents: UInt64 = 0
  var hasMissedEvents = false
  /// The sequence numbers of the events that are new.
  var sequences: [UInt64] = []
}

extension KernelMapping {
  /// Acquires until nothing new comes.
  /// - Parameter last: where the reader stands; by default at the position in the meta page.
  func readAll(after last: KernelRead? = nil) throws(SourceError) -> [KernelRead] {
    let meta = metaPage
    var last = last ?? KernelRead(id: meta.readerID, read: meta.readerRead)
    var all: [KernelRead] = []
    while let next = try readNext(after: last) {
      all.append(next)
      last = next
    }
    return all
  }

  /// Acquires once; `nil` where nothing new came.
  func readNext(after last: KernelRead) throws(SourceError) -> KernelRead? {
    let meta = try getReader()
    let isSame = meta.readerID == last.id
    if isSame, meta.readerRead == last.read { return nil }
    let look = try look(from: isSame ? last.read : 0)
    return KernelRead(
      id: meta.readerID, read: meta.readerRead, lostEvents: isSame ? 0 : meta.readerLostEvents,
      hasMissedEvents: !isSame && look.hasMissedEvents, sequences: look.sequences)
  }
}
