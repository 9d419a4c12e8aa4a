import SubbufferSource
import TracefsABI

/// A reader that acquires one sub-buffer after the other, and compares the sequence numbers across them.
struct KernelReader<Mapping: KernelMapping> {
  let mapping: Mapping
  private var id: UInt32
  private var read: UInt32
  private var nextSequence: UInt64

  /// Begins at the position in the meta page.
  /// - Parameter nextSequence: the sequence number that comes next where nothing is missing.
  init(_ mapping: Mapping, after nextSequence: UInt64 = 0) {
    self.mapping = mapping
    self.nextSequence = nextSequence
    let meta = mapping.metaPage
    id = meta.readerID
    read = meta.readerRead
  }

  /// The events that one acquire handed out and no earlier acquire did.
  struct Handover {
    /// The meta page after the acquire.
    var meta: MetaPage
    /// `true` if the sub-buffer was exchanged; else it is the rest of the one before.
    var isNew: Bool
    /// The number of sequence numbers missing between the last event before and the first of these.
    var missing: UInt64
    /// The header and the events that are new.
    var look: KernelLook
  }

  /// Acquires once; `nil` where nothing new came.
  mutating func next() throws(SourceError) -> Handover? {
    let meta = try mapping.getReader()
    let isNew = meta.readerID != id
    if !isNew, meta.readerRead == read { return nil }
    let look = try mapping.look(from: isNew ? 0 : read)
    (id, read) = (meta.readerID, meta.readerRead)
    let missing = look.sequences.first.map { $0 &- nextSequence } ?? 0
    if let last = look.sequences.last { nextSequence = last &+ 1 }
    return Handover(meta: meta, isNew: isNew, missing: missing, look: look)
  }

  /// Acquires until nothing new comes.
  mutating func rest() throws(SourceError) -> [Handover] {
    var all: [Handover] = []
    while let handover = try next() { all.append(handover) }
    return all
  }

  /// Acquires until a sub-buffer comes before which events are missing; `nil` where none does.
  mutating func untilMissing() throws(SourceError) -> Handover? {
    while let handover = try next() {
      if handover.missing > 0 { return handover }
    }
    return nil
  }
}

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

extension KernelMapping {
  /// Acquires until an acquire brings nothing new, and reads the sequence numbers of what came, in order.
  /// - Throws: ``SourceError`` where the ioctl fails or a sub-buffer cannot be read.
  func readAllUnread() throws(SourceError) -> [UInt64] {
    var all: [UInt64] = []
    var before = metaPage
    while true {
      let meta = try getReader()
      let from = meta.readerID == before.readerID ? before.readerRead : 0
      if meta.readerID == before.readerID, meta.readerRead <= from { return all }
      all += try look(from: from).sequences
      before = meta
    }
  }
}
