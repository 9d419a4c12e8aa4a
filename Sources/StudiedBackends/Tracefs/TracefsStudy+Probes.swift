import Study
import SubbufferSource
import TracefsBackend

extension TracefsStudy {
  /// All probes on the kernel's ring buffer.
  public var probes: [Probe] {
    handoverProbes + lossProbes + readerProbes + mappingProbes
  }

  /// A probe on a ring buffer of its own with 8 sub-buffers of 4096 bytes.
  func probe(
    _ claim: Claim, _ expectation: String, basis: ProbeResult.Basis = .stated,
    mode: RingConfiguration.Mode = .overwrite,
    _ observe: @escaping @Sendable (TracefsRing, FtracePageDecoder) throws(SourceError) -> Finding
  ) -> Probe {
    let configuration = RingConfiguration(mode: mode, producerCPU: producerCPU)
    return Probe(claim, expectation: expectation, basis: basis) { () throws(SourceError) in
      try TracefsRing.with(configuration) { (ring) throws(SourceError) in
        try observe(ring, try ring.decoder())
      }
    }
  }
}

extension TracefsRing {
  /// Reads the pages of this kernel.
  func decoder() throws(SourceError) -> FtracePageDecoder {
    try FtracePageDecoder(tracefs)
  }
}

extension MappedRingBuffer {
  /// One acquire that has to work.
  /// - Throws: ``SourceError`` where the ioctl fails.
  func getReader() throws(SourceError) -> MetaPage {
    let result = unsafeGetReader()
    guard result == 0 else {
      throw SourceError(call: "ioctl(TRACE_MMAP_IOCTL_GET_READER)", errno: .init(rawValue: -result))
    }
    return metaPage
  }
}
