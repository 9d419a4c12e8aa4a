import Glibc
import Study
import SubbufferSource
import TracefsBackend

extension TracefsStudy {
  /// Reads through the mapping, and, on ring buffers that are not mapped, with `read(2)` and with `splice(2)`; these in
  /// overwrite mode alone, since they are there to be compared with.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  public func withReaderSurface<Visitor: SurfaceVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try TracefsRing.with(configuration) { (ring) throws(SourceError) in
      var source = try ring.source()
      let parts = SurfaceParts(
        way: "mapping", lap: source.geometry.subbufferCount, memory: TracefsStudy.sharedMemory(of: source))
      try visitor.visit(&source, ring.producer, parts)
    }
    for way in UnmappedSource.Way.allCases where configuration.mode == .overwrite {
      try TracefsRing.with(configuration) { (ring) throws(SourceError) in
        var source = try UnmappedSource(ring, way)
        try visitor.visit(
          &source, ring.producer, SurfaceParts(way: way.rawValue, lap: configuration.subbufferCount))
      }
    }
  }

  /// The fields of the meta page and of the header of each sub-buffer.
  private static func sharedMemory(of source: borrowing TracefsSource) -> [SharedField] {
    let meta = UInt(bitPattern: source.unsafeMetaPage)
    var fields = MetaLayout.merged.fields.map {
      SharedField(
        part: "struct trace_buffer_meta", name: $0.name, offset: $0.offset, size: $0.size,
        address: meta + UInt($0.offset))
    }
    let page = source.decoder.page
    for id in 0..<UInt32(source.geometry.subbufferCount) {
      guard let start = source.unsafeSubbuffer(id) else { continue }
      for (name, offset, size) in [
        ("timestamp", page.timestampOffset, 8), ("commit", page.commitOffset, page.commitSize),
      ] {
        fields.append(
          SharedField(
            part: "sub-buffer header (events/header_page)", name: name, offset: offset, size: size,
            address: UInt(bitPattern: start) + UInt(offset)))
      }
    }
    return fields
  }
}
