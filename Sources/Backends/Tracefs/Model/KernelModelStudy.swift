import ReferenceModels
import Results
import Study
import SubbufferSource
import Workload

/// A model of the kernel's ring buffer in the study: as merged, or as posted in v11.
package struct KernelModelStudy: StudiedBackend, KernelStudy {
  private let variant: KernelModelParameters.Variant
  /// A defect of the memory, for tests of what notices it.
  package var fault: MemoryFault?

  /// `kernel-model`, `kernel-v11-model`.
  package var name: String {
    switch variant {
    case .asMerged: "kernel-model"
    case .asPostedInV11: "kernel-v11-model"
    }
  }

  /// The name of the modelled ring buffer.
  package var title: String {
    switch variant {
    case .asMerged: "Model of the kernel's mapped ring buffer as merged in Linux 6.10"
    case .asPostedInV11: "Model of the kernel's mapped ring buffer as posted in v11 (2024-01-11)"
    }
  }

  /// The back end is a model.
  package let isLive = false
  /// The live back end that it models.
  package let modelOf: String? = "tracefs"

  /// The ABIs whose statements apply: v11 before the kernel as merged.
  package var abis: [ABI] {
    switch variant {
    case .asMerged: [.kernel]
    case .asPostedInV11: [.kernelV11, .kernel]
    }
  }

  /// The names of the kernel's calls, in the model.
  package let calls = CallNames(
    acquire: "ioctl(TRACE_MMAP_IOCTL_GET_READER)", acquireOfNothing: "ioctl(TRACE_MMAP_IOCTL_GET_READER)", release: nil,
    wait: "poll", flush: nil)

  /// The CPU of the model's writer.
  package let producerCPU: Int

  /// The model of the merged ABI.
  package static func asMerged(producerCPU: Int) -> KernelModelStudy {
    KernelModelStudy(variant: .asMerged, producerCPU: producerCPU)
  }

  /// The model of the posting.
  package static func asPostedInV11(producerCPU: Int) -> KernelModelStudy {
    KernelModelStudy(variant: .asPostedInV11, producerCPU: producerCPU)
  }

  private init(variant: KernelModelParameters.Variant, producerCPU: Int) {
    self.variant = variant
    self.producerCPU = producerCPU
  }

  /// The kernel's header size.
  package let headerSize = TracefsRing.headerSize

  /// Size and type, the sequence number, and the payload in words of eight bytes.
  package func eventSize(payload: UInt32) -> Int { KernelModelRing.eventSize(payload: payload) }

  /// The model's writer has no limit of its own.
  package let largestPayload = Load.largestPayload

  /// The model's writer is interrupted in this process.
  var bootOfInterruptedWrites: ProbeBoot? { nil }

  /// The probes that a model can answer.
  package var probes: [Probe] { kernelProbes }

  /// The properties that the model's meta page reports.
  /// - Throws: ``SourceError`` where there is no memory for it.
  package func facts() throws(SourceError) -> BackendFacts {
    try withProbeRing(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      let source = try KernelModelSource(ring.model)
      let meta = try ring.map().metaPage
      return BackendFacts(
        observations: [
          Observation("meta_struct_len", meta.metaStructLength), Observation("subbuf_size", meta.subbufferSize),
          Observation("nr_subbufs", meta.subbufferCount),
        ],
        capabilities: source.capabilities)
    }
  }

  /// A model leaves nothing.
  package func removeAbandoned() -> [String] { [] }

  /// Makes a model with a writer of its own.
  /// - Throws: what the visitor throws, and ``SourceError`` where there is no memory for it.
  package func withStudiedRing<Visitor: StudiedRingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try withProbeRing(configuration) { (ring) throws(SourceError) in
      try visitor.visit(StudiedKernelModelRing(ring: ring))
    }
  }

  /// A model has no processes, and no calls but those of its reader.
  package func lacks(_ need: RingNeed) -> String? { ModelRing.lacks(need) }

  package func withProbeRing<Result>(
    _ configuration: RingConfiguration, _ body: (KernelModelStudyRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let ring = try KernelModelStudyRing(variant, configuration, fault: fault)
    defer { ring.producer.end() }
    return try body(ring)
  }

  /// One round of reading, as on the live ring buffer.
  /// - Throws: ``SourceError`` where a call fails.
  package func recordOperations() throws(SourceError) -> [OperationRecord] {
    try withProbeRing(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      let mapping = try ring.map()
      log.add(.map, "map the model", noError, mapping.metaPage.sizes)
      try recordRound(ring, mapping, writeCall: "the model's writer, once for each event", &log)
      return log.records
    }
  }

  /// Runs the model's steps in interleavings drawn from seeds.
  package func checkAgainstItself(schedules: Int) -> [ModelCheckResult] {
    RingMode.allCases.map { mode in
      ModelCheckResult(variant.check(mode, seed: 0, schedules: schedules), backend: name, mode: mode)
    }
  }
}
