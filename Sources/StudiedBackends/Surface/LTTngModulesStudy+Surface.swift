import CTFPackets
import LTTngModulesBackend
import Study
import SubbufferSource

extension LTTngModulesStudy {
  /// Reads with get and put. The reader shares the packets' headers with the writer; positions and commit counters stay in
  /// the kernel.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  public func withReaderSurface<Visitor: SurfaceVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try LTTngModulesRing.with(configuration) { (ring) throws(SourceError) in
      var source = try ring.source()
      let first = UInt(bitPattern: source.stream.unsafeBase)
      let headers = stride(from: 0, to: source.stream.mappedLength, by: configuration.subbufferSize)
      let parts = SurfaceParts(
        way: "mapping", lap: configuration.subbufferCount,
        memory: headers.flatMap { subbuffer in
          PacketHeader.fields.map {
            SharedField(
              part: "packet header", name: $0.name, offset: $0.offset, size: $0.size,
              address: first + UInt(subbuffer + $0.offset))
          }
        })
      try visitor.visit(&source, ring.producer, parts)
    }
  }
}
