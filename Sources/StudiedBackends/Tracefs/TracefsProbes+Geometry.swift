import Glibc
import Platform
import Study
import SubbufferSource
import TracefsBackend

extension TracefsStudy {
  /// The size and number of sub-buffers.
  var liveGeometryProbes: [Probe] {
    [
      probe(KernelAnswers.oddSize) { (ring, evidence) throws(SourceError) in
        evidence.add("12 > buffer_subbuf_size_kb", Attempt.set(ring.instance, "buffer_subbuf_size_kb", "12"))
        evidence.add("buffer_subbuf_size_kb then", try ring.instance.text("buffer_subbuf_size_kb").oneLine)
        evidence.add("meta.subbuf_size", try ring.map().metaPage.subbufferSize)
      },
      probe(KernelAnswers.sizeLimits) { (ring, evidence) throws(SourceError) in
        let page = Int(sysconf(Int32(_SC_PAGESIZE))) / 1024
        try ring.instance.set("buffer_size_kb", "1")
        for pages in [0, 129, 1, 128] {
          evidence.add(
            "\(pages) page\(pages == 1 ? "" : "s")",
            Attempt.set(ring.instance, "buffer_subbuf_size_kb", String(pages * page)))
        }
        evidence.add("128 pages, in bytes", 128 * page * 1024)
        let meta = try ring.map().metaPage
        evidence.add("128 pages: meta.subbuf_size", meta.subbufferSize)
        evidence.add("128 pages: meta.nr_subbufs", meta.subbufferCount)
      },
      probe(KernelAnswers.fewestSubbuffers) { (ring, evidence) throws(SourceError) in
        evidence.add("1 > buffer_size_kb", Attempt.set(ring.instance, "buffer_size_kb", "1"))
        evidence.add("buffer_size_kb then", try ring.instance.text("buffer_size_kb").oneLine)
        evidence.add("meta.nr_subbufs", try ring.map().metaPage.subbufferCount)
      },
      Probe(KernelAnswers.largeEvent) { (evidence) throws(SourceError) in
        for size in [8192, 4096] {
          let configuration = RingConfiguration(
            mode: .overwrite, subbufferSize: size, producerCPU: producerCPU)
          try withProbeRing(configuration) { (ring) throws(SourceError) in
            let mapping = try ring.map()
            try ring.write(1)
            let large = try ring.write(1, from: 1, payload: 4_080)
            try ring.write(1, from: 2)
            let read = try mapping.readAllUnread()
            evidence.add("\(size / 1024) KiB: refused", large.refused)
            evidence.add("\(size / 1024) KiB: read", read.map { "\($0)" }.joined(separator: ", "))
            try addLargestWrite(ring, "\(size / 1024) KiB: ", &evidence)
          }
        }
      },
    ]
  }

  /// The number of bytes that the longest write to `trace_marker_raw` has that is taken, up to twice a page, and what
  /// one more gets.
  private func addLargestWrite(
    _ ring: TracefsRing, _ prefix: String, _ evidence: inout Evidence
  ) throws(SourceError) {
    // The writer's id and sequence number are in front of the payload.
    let header = UInt32(16)
    var (taken, refused) = (UInt32(0), UInt32(8_192))
    var errno: Int32 = 0
    while refused - taken > 1 {
      let payload = (taken + refused) / 2
      let truth = try ring.write(1, from: 3, payload: payload)
      if truth.refused == 0 { taken = payload } else { (refused, errno) = (payload, truth.firstErrno) }
    }
    evidence.add("\(prefix)longest write that is taken, in bytes", header + taken)
    evidence.add("\(prefix)a longer one", ErrnoName.result(-errno))
  }
}
