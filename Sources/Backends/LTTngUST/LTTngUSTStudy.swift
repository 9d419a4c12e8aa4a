import CTFPackets
import LTTngBackend
import LTTngUSTABI
import Results
import Study
import SubbufferSource
import Workload

/// LTTng-UST's ring buffer in the study.
package struct LTTngUSTStudy: StudiedBackend, LTTngStudy {
  /// `lttng-ust`.
  package let name = "lttng-ust"
  /// The name of the ring buffer and the way of reading it.
  package let title = "LTTng-UST, ring buffer of a traced process (liblttng-ust-ctl: get and put)"
  /// The back end is the installed library's.
  package let isLive = true
  /// The back end is not a model.
  package var modelOf: String? { nil }
  /// LTTng's, as the installed version of the user-space tracer has it; as 2.13 if none is installed.
  package var abis: [ABI] { LTTngUSTStudy.abis(of: (try? LTTngUSTLibrary())?.series ?? .from2_13) }

  /// The ABIs of a series, the most specific first. A version has a name of its own only if an expectation differs.
  static func abis(of series: LTTngUSTLibrary.Series) -> [ABI] {
    (series < .from2_15 ? [] : [.lttngUST2_15]) + (series < .from2_14 ? [] : [.lttngUST2_14]) + [.lttngUST, .lttng]
  }

  /// LTTng has a call for each; all names begin with `lttng_ust_ctl_`.
  package let calls = CallNames(
    acquire: "get_next_subbuf, get_mmap_read_offset", acquireOfNothing: "get_next_subbuf", release: "put_next_subbuf",
    wait: "poll(wait fd and process, 0)", flush: "flush_buffer")

  /// liblttng-ust-ctl is not documented as thread-safe, and keeps global state.
  package let isThreadSafe = false

  /// The CPU of the traced process.
  package let producerCPU: Int

  /// A study with its producers on one CPU.
  package init(producerCPU: Int) {
    self.producerCPU = producerCPU
  }

  /// The header of a packet and its context.
  package let headerSize = PacketHeader.byteCount

  /// A compact event header of 4 bytes, the sequence number and the length word, packed.
  package func eventSize(payload: UInt32) -> Int { LTTngUSTStudy.eventSize(payload: payload) }

  static func eventSize(payload: UInt32) -> Int {
    4 + 8 + 4 + Int(payload)
  }

  /// Its header is an extended one: the time of the event before is 0 then (last_tsc_overflow of lttng-ust,
  /// frontend_internal.h), or, since 2.15, too long ago (``USTChannel/waitForFullTimestamps()``).
  package let firstEventSurplus = EventHeader.compact.extendedByteCount - EventHeader.compact.byteCount

  /// The traced process writes any that it is told to.
  package let largestPayload = Load.largestPayload

  /// The properties that the library, the tracer in the process and the channel report.
  /// - Throws: ``SourceError`` where a call fails.
  package func facts() throws(SourceError) -> BackendFacts {
    try LTTngUSTRing.with(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      let source = try ring.source()
      return BackendFacts(
        version: "LTTng-UST \(ring.session.tracerVersion)",
        observations: [
          Observation("library", "\(ring.library.soname), version \(ring.library.version)"),
          Observation("protocol of library and traced process", ring.library.protocolVersion),
          Observation("version of the tracer in the traced process", ring.session.tracerVersion),
          Observation("streams of a channel", ring.library.streamsPerChannel),
          Observation("mapped bytes of a stream (get_mmap_len), overwrite mode", try source.stream.getMmapLength()),
          Observation("largest sub-buffer (get_max_subbuf_size)", try source.stream.getMaxSubbufferSize()),
          Observation("set-up of operations, and of probes that name no other", ring.settings().asList),
          Observation("event header", "\(ring.session.eventHeader)"),
        ],
        capabilities: source.capabilities)
    }
  }

  /// Starts a traced process with a session of its own, and ends both again.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  package func withStudiedRing<Visitor: StudiedRingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try LTTngUSTRing.with(configuration) { (ring) throws(SourceError) in
      try visitor.visit(StudiedLTTngUSTRing(ring: ring))
    }
  }

  /// A channel is what it was made as.
  package func lacks(_ need: RingNeed) -> String? {
    switch need {
    case .subbuffers: nil
    case .control(.clear), .producerProcess, .heldWrite, .stopInsideWrite, .nestedWrites, .readerProcess, .switchTimer:
      nil
    case .control(let control) where control.fill != nil:
      "a waiting reader is woken up by each sub-buffer that the writer delivers (\(control.rawValue))"
    case .control(let control):
      "mode, size and number of the sub-buffers are given when the channel is made; there is no call to change them "
        + "(\(control.rawValue))"
    }
  }

  package func withProbeRing<Result>(
    _ configuration: RingConfiguration, _ body: (LTTngUSTRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try LTTngUSTRing.with(configuration, body)
  }

  /// Removes the directories that killed runs left.
  /// - Returns: their paths.
  package func removeAbandoned() -> [String] {
    USTListener.removeAbandoned() + CrossCheckDirectory.removeAbandoned()
  }
}

extension LTTngUSTStudy {
  /// One round of reading: 16 events are written, flushed, acquired, read and released, and acquired again.
  /// - Throws: ``SourceError`` where a call fails.
  package func recordOperations() throws(SourceError) -> [OperationRecord] {
    try LTTngUSTRing.with(RingConfiguration(mode: .overwrite, producerCPU: producerCPU)) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      let reader = try ring.stream()
      log.add(
        .setUp, "lttng_ust_ctl_create_channel, start_session, stream_close_wakeup_fd", noError, ring.settings())
      log.add(.open, "lttng_ust_ctl_create_stream", "a stream")
      log.add(
        .map, "lttng_ust_ctl_get_mmap_base, get_mmap_len", noError,
        [Observation("mapped bytes", try reader.stream.getMmapLength())])
      try recordRound(
        ring, reader, calls: .functions("lttng_ust_ctl_", write: "tracepoint, once for each event"), &log)
      return log.records
    }
  }
}

extension LTTngUSTStudy {
  /// Reads with get and put; there is no other way of this library.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  package func withCountedReader<Visitor: AccessCountsVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try LTTngUSTRing.with(configuration) { (ring) throws(SourceError) in
      var source = try ring.source()
      var parts = AccessCountsParts(
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

extension LibraryCallCounts: AccessCountsLibrary {}

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
