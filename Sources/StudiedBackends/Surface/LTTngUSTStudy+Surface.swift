import CTFPackets
import LTTngUSTBackend
import Study
import SubbufferSource

extension LTTngUSTStudy {
  /// Reads with get and put; there is no other way of this library.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  public func withReaderSurface<Visitor: SurfaceVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try LTTngUSTRing.with(configuration) { (ring) throws(SourceError) in
      var source = try ring.source()
      var parts = SurfaceParts(
        way: "mapping", lap: configuration.subbufferCount, library: LibraryCallCounts(ring.library))
      do throws(SourceError) {
        let memory = try StreamMemory(source.stream)
        parts.memory = memory.sharedFields(subbufferSize: configuration.subbufferSize)
      } catch {
        parts.memoryUnknown = error
      }
      try visitor.visit(&source, ring.producer, parts)
    }
  }
}

extension LibraryCallCounts: SurfaceLibrary {}

extension StreamMemory {
  /// The memory of a stream word by word, without the sub-buffers' events: fields that are known by their names, and what
  /// is between them.
  fileprivate func sharedFields(subbufferSize: Int) -> [SharedField] {
    let first = UInt(bitPattern: start)
    var shared = fields.map {
      SharedField(part: $0.part, name: $0.name, offset: $0.offset, size: $0.size, address: first + UInt($0.offset))
    }
    for subbuffer in stride(from: data.lowerBound, to: data.upperBound, by: subbufferSize) {
      shared += PacketHeader.fields.map {
        SharedField(
          part: "packet header", name: $0.name, offset: $0.offset, size: $0.size,
          address: first + UInt(subbuffer + $0.offset))
      }
    }
    let known = Set(fields.flatMap { Array($0.offset / 8...($0.offset + $0.size - 1) / 8) })
    let words = (0..<length / 8).filter { !known.contains($0) && !data.contains($0 * 8) }
    return shared
      + words.map {
        SharedField(part: "memory of the stream", name: nil, offset: $0 * 8, size: 8, address: first + UInt($0 * 8))
      }
  }
}
