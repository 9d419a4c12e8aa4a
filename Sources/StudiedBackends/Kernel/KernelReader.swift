import SubbufferSource
import TracefsBackend

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
