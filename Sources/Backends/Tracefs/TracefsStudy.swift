import Glibc
import Platform
import Results
import Study
import SubbufferSource
import TracefsABI

/// The kernel's mapped ring buffer in the study.
package struct TracefsStudy: StudiedBackend, KernelStudy {
  /// `tracefs`.
  package let name = "tracefs"
  /// The name of the mapped ring buffer.
  package let title = "Linux tracefs, memory-mapped ring buffer (per_cpu/cpuN/trace_pipe_raw)"
  /// The back end is the running kernel's.
  package let isLive = true
  /// The back end is not a model.
  package var modelOf: String? { nil }
  /// The kernel's, as merged.
  package let abis = [ABI.kernel]
  /// The kernel has one call for both: the next acquire is the release.
  package let calls = CallNames(
    acquire: "ioctl(TRACE_MMAP_IOCTL_GET_READER)", acquireOfNothing: "ioctl(TRACE_MMAP_IOCTL_GET_READER)", release: nil,
    wait: "poll(trace_pipe_raw, 0)", flush: nil)

  /// The ways of reading that the mapping replaced.
  package let baselines = UnmappedSource.Way.allCases.map { way in
    Baseline(
      name: way.rawValue,
      calls: CallNames(
        acquire: way.calls, acquireOfNothing: way.firstCall, release: nil, wait: "poll(trace_pipe_raw, 0)", flush: nil))
  }

  /// The CPU of the marker writer.
  package let producerCPU: Int

  /// A study with its producers on one CPU.
  package init(producerCPU: Int) {
    self.producerCPU = producerCPU
  }

  /// u64 time stamp and the `commit` word (`events/header_page`).
  package let headerSize = TracefsRing.headerSize

  /// The id, the sequence number and the length word are written before the payload.
  package func eventSize(payload: UInt32) -> Int { TracefsStudy.eventSize(payload: payload) }

  /// Each would otherwise make an instance to measure the surplus.
  package var childEnvironment: [String: String] { [MarkerEvent.variable: String(MarkerEvent.surplus)] }

  static func eventSize(payload: UInt32) -> Int { MarkerEvent.byteCount(written: 4 + 8 + 4 + Int(payload)) }

  /// Observed with Linux 6.18.44: whatever the sub-buffer's size, `trace_marker_raw` takes 4064 bytes in one write and
  /// refuses more with `EINVAL`; 16 of them are the id, the sequence number and the length word.
  package let largestPayload = 4064 - 16

  /// The properties that the meta page and `events/header_page` report.
  /// - Throws: ``SourceError`` where a call fails.
  package func facts() throws(SourceError) -> BackendFacts {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return try TracefsRing.with(configuration) { (ring) throws(SourceError) in
      let source = try ring.source()
      let meta = try ring.map().metaPage
      return BackendFacts(
        version: "Linux \(unameField(\.release))",
        observations: [
          Observation("meta_page_size", meta.metaPageSize),
          Observation("meta_struct_len", meta.metaStructLength),
          Observation("subbuf_size", meta.subbufferSize),
          Observation("nr_subbufs", meta.subbufferCount),
          Observation("flags", meta.flags),
          Observation("bytes reserved beyond a write to trace_marker_raw", MarkerEvent.surplus),
          Observation("set-up of operations, and of probes that name no other", try ring.settings().asList),
          Observation("events/header_page", try ring.tracefs.text("events/header_page").oneLine),
        ],
        capabilities: source.capabilities)
    }
  }

  /// Makes an instance with a marker writer, and removes it again.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  package func withStudiedRing<Visitor: StudiedRingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try TracefsRing.with(configuration) { (ring) throws(SourceError) in
      try visitor.visit(StudiedTracefsRing(ring: ring))
    }
  }

  /// The write is a system call, inside which no signal is handled.
  package func lacks(_ need: RingNeed) -> String? {
    switch need {
    case .subbuffers: nil
    case .nestedWrites:
      "the write is one system call: no signal handler of the writer runs inside it"
    case .stopInsideWrite: "the write is one system call: a SIGSTOP takes effect when it returns"
    case .switchTimer: "partial sub-buffers are handed out, and no timer ends them"
    case .heldWrite, .producerProcess, .readerProcess, .control: nil
    }
  }

  /// kprobe events are defined for the whole kernel.
  var bootOfInterruptedWrites: ProbeBoot? {
    ProbeBoot(because: "it defines kprobe events, which belong to no instance")
  }

  package func withProbeRing<Result>(
    _ configuration: RingConfiguration, _ body: (TracefsRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try TracefsRing.with(configuration, body)
  }

  /// The program of 32 bits, which acquires and reads.
  package var reader32: Reader32.Program? { .tracefs }

  /// Removes the instances that killed runs left.
  /// - Returns: their names.
  package func removeAbandoned() -> [String] {
    let directories = BuiltReaders32.removeAbandoned() + CrossCheckDirectory.removeAbandoned()
    guard let tracefs = try? Tracefs.mounted() else { return directories }
    return directories + TracefsInstance.removeAbandoned(in: tracefs)
  }
}

extension String {
  /// The text with every run of white space as one blank.
  var oneLine: String {
    split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension TracefsStudy {
  /// All probes on the kernel's ring buffer: those that its models answer too, and those about files and mappings.
  package var probes: [Probe] {
    kernelProbes + liveProbes
  }

  /// The probes that only the live ring buffer can answer.
  var liveProbes: [Probe] {
    liveLossesProbes + liveFinalisationProbes + liveReadinessProbes + liveReadersProbes
      + liveMisuseProbes + liveRefusalsProbes + liveMappingProbes + liveLayoutProbes
      + liveCompatibilityProbes + liveChangesProbes + liveGeometryProbes + liveEventsProbes + liveMemoryProbes
      + bootProbes
  }
}

extension TracefsStudy {
  /// One round of reading: 16 events are written, acquired, read, and acquired again.
  /// - Throws: ``SourceError`` where a call fails.
  package func recordOperations() throws(SourceError) -> [OperationRecord] {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return try TracefsRing.with(configuration) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      log.add(.setUp, "write the files of the instance", noError, try ring.settings())
      let mapping = try ring.map()
      log.add(.open, "open(trace_pipe_raw, O_RDONLY | O_NONBLOCK)", "a descriptor")
      log.add(
        .map, "mmap(PROT_READ, MAP_SHARED) of the meta page, then of the sub-buffers", "two addresses",
        mapping.metaPage.sizes)
      try recordRound(ring, mapping, writeCall: "write(trace_marker_raw), once for each event", &log)
      return log.records
    }
  }
}

extension TracefsStudy {
  /// Reads through the mapping, and, on ring buffers that are not mapped, with `read(2)` and with `splice(2)`; these in
  /// overwrite mode alone, since they are there to be compared with.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  package func withCountedReader<Visitor: AccessCountsVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try TracefsRing.with(configuration) { (ring) throws(SourceError) in
      var source = try ring.source()
      let parts = AccessCountsParts(
        way: "mapping", lap: source.geometry.subbufferCount, memory: TracefsStudy.sharedMemory(of: source))
      try visitor.visit(&source, ring.producer, parts)
    }
    for way in UnmappedSource.Way.allCases where configuration.mode == .overwrite {
      try TracefsRing.with(configuration) { (ring) throws(SourceError) in
        var source = try UnmappedSource(ring, way)
        try visitor.visit(
          &source, ring.producer, AccessCountsParts(way: way.rawValue, lap: configuration.subbufferCount))
      }
    }
  }

  /// The fields of the meta page and of the header of each sub-buffer.
  private static func sharedMemory(of source: borrowing TracefsSource) -> [SharedField] {
    let meta = UInt(bitPattern: source.unsafeMetaPage)
    var fields = MetaPageLayout.merged.fields.map {
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
