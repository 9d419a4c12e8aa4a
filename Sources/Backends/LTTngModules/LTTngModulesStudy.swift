import CTFPackets
import LTTngBackend
import LTTngModulesABI
import Results
import Study
import SubbufferSource

/// The ring buffer of LTTng's kernel tracer in the study.
package struct LTTngModulesStudy: StudiedBackend, LTTngStudy {
  /// `lttng-modules`.
  package let name = "lttng-modules"
  /// The name of the ring buffer and the way of reading it.
  package let title = "LTTng's kernel tracer, mapped ring buffer of a channel (lttng-modules: get and put by ioctl)"
  /// The back end is the running kernel's.
  package let isLive = true
  /// The back end is not a model.
  package var modelOf: String? { nil }
  /// LTTng's, as the loaded version of the kernel tracer has it; as 2.13 if none is loaded.
  package var abis: [ABI] { LTTngModulesStudy.abis(ofVersion: (try? LTTngModules().version()) ?? "") }

  /// The ABIs of a version, the most specific first.
  static func abis(ofVersion version: String) -> [ABI] {
    let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
    let isOlder = numbers.lexicographicallyPrecedes([2, 14])
    return (isOlder ? [] : [.lttngModules2_14]) + [.lttngModules, .lttng]
  }

  /// LTTng has an ioctl for each; all names begin with `LTTNG_KERNEL_ABI_RING_BUFFER_`.
  package let calls = CallNames(
    acquire: "ioctl(GET_NEXT_SUBBUF), ioctl(GET_MMAP_READ_OFFSET)", acquireOfNothing: "ioctl(GET_NEXT_SUBBUF)",
    release: "ioctl(PUT_NEXT_SUBBUF)", wait: "poll(stream, 0)", flush: "ioctl(FLUSH)")

  /// The CPU of the logger's writer.
  package let producerCPU: Int

  /// A study with its producers on one CPU.
  package init(producerCPU: Int) {
    self.producerCPU = producerCPU
  }

  /// The header of a packet and its context.
  package let headerSize = PacketHeader.byteCount

  /// A compact event header of 4 bytes, the length of the text in 8, and the text, packed.
  package func eventSize(payload: UInt32) -> Int { LTTngModulesStudy.eventSize(payload: payload) }

  static func eventSize(payload: UInt32) -> Int {
    4 + LoggerPayload.headerByteCount + LoggerPayload.digitCount + Int(payload)
  }

  /// Its header is an extended one: the time of the event before is 0 then (last_tsc_overflow of lttng-modules,
  /// include/ringbuffer/frontend_internal.h).
  package let firstEventSurplus = EventHeader.compact.extendedByteCount - EventHeader.compact.byteCount

  /// The logger cuts off longer texts.
  package let largestPayload = LoggerPayload.longestText - LoggerPayload.digitCount

  /// The properties that the tracer and the channel report.
  /// - Throws: ``SourceError`` where a call fails.
  package func facts() throws(SourceError) -> BackendFacts {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return try LTTngModulesRing.with(configuration) { (ring) throws(SourceError) in
      let abi = try ring.session.modules.abiVersion()
      let source = try ring.source()
      let version = try ring.session.modules.version()
      return BackendFacts(
        version: "lttng-modules \(version)",
        observations: [
          Observation("version of lttng-modules (TRACER_VERSION)", "\(version)"),
          Observation("version of the ABI (TRACER_ABI_VERSION)", "\(abi.major).\(abi.minor)"),
          Observation("mapped bytes of a stream (GET_MMAP_LEN), overwrite mode", try source.stream.getMmapLength()),
          Observation("largest sub-buffer (GET_MAX_SUBBUF_SIZE)", try source.stream.getMaxSubbufferSize()),
          Observation("set-up of operations, and of probes that name no other", ring.settings().asList),
          Observation("recorded", "what one process writes (SESSION_TRACK_ID, VPID)"),
          Observation("event header", "\(ring.session.eventHeader)"),
          Observation("create_stream in what follows", "ioctl STREAM of the channel"),
          Observation("flush_buffer(stream, 1) and flush_buffer(stream, 0) in what follows", "FLUSH and FLUSH_EMPTY"),
        ],
        capabilities: source.capabilities)
    }
  }

  /// Makes a session with a writer of the logger, and ends both again.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  package func withStudiedRing<Visitor: StudiedRingVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try LTTngModulesRing.with(configuration) { (ring) throws(SourceError) in
      try visitor.visit(StudiedLTTngModulesRing(ring: ring))
    }
  }

  /// A channel is what it was made as, and an event is written by one system call with preemption off.
  package func lacks(_ need: RingNeed) -> String? {
    switch need {
    case .subbuffers: nil
    case .control(.clear), .producerProcess, .readerProcess, .switchTimer: nil
    case .heldWrite: LTTngModulesStudy.noUncommittedEvent
    case .nestedWrites: "the write is one system call: no signal handler of the writer runs inside it"
    case .stopInsideWrite: "the write is one system call: a SIGSTOP takes effect when it returns"
    case .control(let control) where control.fill != nil:
      "a waiting reader is woken up by the channel's read timer (\(control.rawValue))"
    case .control(let control):
      "mode, size and number of the sub-buffers are given when the channel is made; there is no call to change them "
        + "(\(control.rawValue))"
    }
  }

  /// Why the writer cannot be kept between reserve and commit.
  static let noUncommittedEvent =
    "the kernel has the pages of the text before it reserves the event, and is not preempted until it has committed it "
    + "(lttng_logger_write of src/probes/lttng.c)"

  package func withProbeRing<Result>(
    _ configuration: RingConfiguration, _ body: (LTTngModulesRing) throws(SourceError) -> Result
  ) throws(SourceError) -> Result {
    try LTTngModulesRing.with(configuration, body)
  }

  /// The program of 32 bits, which gets and reads.
  package var reader32: Reader32.Program? { .lttngModules }

  /// A session goes with the process that has it open.
  package func removeAbandoned() -> [String] { [] }
}

extension LTTngModulesStudy {
  /// One round of reading: 16 events are written, flushed, acquired, read and released, and acquired again.
  /// - Throws: ``SourceError`` where a call fails.
  package func recordOperations() throws(SourceError) -> [OperationRecord] {
    let configuration = RingConfiguration(mode: .overwrite, producerCPU: producerCPU)
    return try LTTngModulesRing.with(configuration) { (ring) throws(SourceError) in
      var log = OperationLog(backend: name)
      let reader = try ring.stream()
      log.add(
        .setUp, "ioctl SESSION, CHANNEL, EVENT, ENABLE, SESSION_TRACK_ID, SESSION_START", noError, ring.settings())
      log.add(.open, "ioctl STREAM", "a stream")
      log.add(
        .map, "ioctl GET_MMAP_LEN, mmap", noError,
        [Observation("mapped bytes", try reader.stream.getMmapLength())])
      try recordRound(ring, reader, calls: .ioctls, &log)
      return log.records
    }
  }
}

extension LTTngModulesStudy {
  /// Reads with get and put. The reader shares the packets' headers with the writer; positions and commit counters stay in
  /// the kernel.
  /// - Throws: what the visitor throws, and ``SourceError`` where a call fails.
  package func withCountedReader<Visitor: AccessCountsVisitor>(
    _ configuration: RingConfiguration, _ visitor: inout Visitor
  ) throws(SourceError) {
    try LTTngModulesRing.with(configuration) { (ring) throws(SourceError) in
      var source = try ring.source()
      let first = UInt(bitPattern: source.stream.unsafeBase)
      let headers = stride(from: 0, to: source.stream.mappedLength, by: configuration.subbufferSize)
      let parts = AccessCountsParts(
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
