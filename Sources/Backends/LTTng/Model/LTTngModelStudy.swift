import ReferenceModels
import Results
import Study
import SubbufferSource
import Workload

/// The model of LTTng's ring buffer in the study.
package struct LTTngModelStudy: StudiedBackend, LTTngStudy {
  /// `lttng-model`.
  package let name = "lttng-model"
  /// The name of the modelled ring buffer.
  package let title = "Model of LTTng's ring buffer (lttng-ust 2.13.5)"
  /// The back end is a model.
  package let isLive = false
  /// Of LTTng-UST.
  package let modelOf: String? = "lttng-ust"
  /// LTTng's, as the user-space tracer has it.
  package let abis = [ABI.lttngUST, ABI.lttng]
  /// The names of LTTng's calls, in the model.
  package let calls = CallNames(
    acquire: "get_next_subbuf, get_mmap_read_offset", acquireOfNothing: "get_next_subbuf", release: "put_next_subbuf",
    wait: "poll", flush: "flush_buffer")

  /// The CPU of the model's writer.
  package let producerCPU: Int

  /// A study with its writers on one CPU.
  package init(producerCPU: Int) {
    self.producerCPU = producerCPU
  }

  /// The header of a packet of the model.
  package let headerSize = LTTngPacketHeader.byteCount

  /// A header word, the sequence number and the payload in words of eight bytes.
  package func eventSize(payload: UInt32) -> Int { LTTngModelWriter.eventSize(payload: Int(payload)) }

  /// The model's writer has no limit of its own.
  package let largestPayload = Load.largestPayload

  /// The probes that a model can answer.
  package var probes: [Probe] { lttngProbes }

  /// The properties of the model.
  /// - Throws: ``SourceError`` where there is no memory for it.
  package func facts() throws(SourceError) -> BackendFacts {
    try withProbeRing(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      let source = try LTTngModelSource(ring.channel.stream())
      return BackendFacts(
        observations: [Observation("mapped bytes of a stream, overwrite mode", source.stream.getMmapLength())],
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
      try visitor.visit(StudiedLTTngModelRing(ring: ring))
    }
  }

  /// A model has no processes, and no calls but those of its reader.
  package func lacks(_ need: RingNeed) -> String? { need == .control(.clear) ? nil : ModelRing.lacks(need) }

  package func withProbeRing<Result>(
    _ configuration: RingConfiguration, _ body: (LTTngModelRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    let ring = try LTTngModelRing(configuration)
    defer { ring.producer.end() }
    return try body(ring)
  }

  /// One round of reading, as on the live ring buffer.
  /// - Throws: ``SourceError`` where a call fails.
  package func recordOperations() throws(SourceError) -> [OperationRecord] {
    try withProbeRing(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      let reader = try ring.stream()
      log.add(.open, "open the model's stream", "a stream")
      try recordRound(ring, reader, calls: .functions("", write: "the model's writer, once for each event"), &log)
      return log.records
    }
  }

  /// Runs the model's steps in interleavings drawn from seeds.
  package func checkAgainstItself(schedules: Int) -> [ModelCheckResult] {
    RingMode.allCases.map { mode in
      ModelCheckResult(mode.check(seed: 0, schedules: schedules), backend: name, mode: mode)
    }
  }
}
