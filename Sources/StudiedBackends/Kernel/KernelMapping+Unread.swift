import SubbufferSource

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
