import Platform
import Results
import SubbufferSource
import Workload

/// Has whole sub-buffers written, and reads all of them as a complete reader does: waits, flushes, and acquires, decodes
/// and releases until there is nothing more; then it reads the channels of losses.
///
/// Loads are repeated until each sub-buffer had its turn, a **lap**: so two laps are the same, whatever sub-buffer each
/// begins with.
struct AccessCountsDrain {
  /// No load fills more sub-buffers, so that nothing is lost in a ring buffer of 8.
  private static let mostSubbuffers = 6

  /// The number of sub-buffers that a lap has.
  let lap: Int
  /// The number of loads that a lap is made of.
  var loads: Int { lap / subbuffers }
  /// The number of sub-buffers that a load fills.
  let subbuffers: Int
  /// The number of bytes that an event has besides sequence number and length.
  let payload: UInt32
  /// `true` if other sub-buffers came than were written: an event was larger than the others, since the writer was kept
  /// from writing for so long that its time stamp took more room.
  private(set) var isBroken = false
  /// The number of events that fill the sub-buffers of a load.
  private let eventCount: UInt64
  private var next: UInt64 = 0

  /// For ring buffers of one shape.
  /// - Parameters:
  ///   - lap: after how many hand-overs each sub-buffer had its turn.
  ///   - capabilities: what the source offers.
  init(
    _ backend: any StudiedBackend, _ configuration: RingConfiguration, lap: Int, _ capabilities: Capabilities
  ) {
    let room = configuration.subbufferSize - backend.headerSize
    self.lap = lap
    subbuffers = (1...AccessCountsDrain.mostSubbuffers).last { lap.isMultiple(of: $0) } ?? 1
    // Without sub-buffers a load is one hand-over, and an event has no time stamp that grows.
    let isWhole = capabilities.contains(.partialVisibility) || backend.lacks(.subbuffers) != nil
    let left = isWhole ? 0 : AccessCountsDrain.timeStampRoom
    payload = AccessCountsDrain.payload(filling: room - left, backend)
    eventCount = UInt64(subbuffers * (room / backend.eventSize(payload: payload)))
  }

  /// The bytes left free, so that an event with a full time stamp fits as well.
  private static let timeStampRoom = 16

  /// Of payloads with which a few events fill a sub-buffer the one that fills it best. A partial sub-buffer that is handed
  /// out has to be filled to the last byte: what the kernel's writer leaves free it makes padding, when it begins the next
  /// sub-buffer, and that is handed out once more, without an event.
  private static func payload(filling room: Int, _ backend: any StudiedBackend) -> UInt32 {
    let payloads: ClosedRange<UInt32> = 900...1_000
    return payloads.min { room % backend.eventSize(payload: $0) < room % backend.eventSize(payload: $1) } ?? 900
  }

  /// Reads one load, after which every other begins alike.
  /// - Throws: ``SourceError`` where a call fails or nothing comes.
  mutating func warmUp<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer
  ) throws(SourceError) {
    var none = NoMeter()
    _ = try load(&source, producer, &none)
  }

  /// Reads a lap.
  /// - Throws: ``SourceError`` where a call fails, nothing comes, or something else than the lap.
  mutating func callAsFunction<Source: SubbufferSource & ~Copyable, Meter: AccessCountsMeter & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer, _ meter: inout Meter
  ) throws(SourceError) {
    for _ in 0..<loads {
      try Interruption.check()
      let (handovers, events) = try load(&source, producer, &meter)
      guard handovers == subbuffers, events == eventCount else {
        isBroken = true
        throw SourceError(
          .unavailable, call: "read a load of \(subbuffers) sub-buffers",
          detail: "\(handovers) sub-buffers with \(events) of \(eventCount) events", remedy: "repeat the run")
      }
    }
  }

  /// Writes and reads one load.
  /// - Returns: how many sub-buffers were handed out, and how many events were in them.
  private mutating func load<Source: SubbufferSource & ~Copyable, Meter: AccessCountsMeter & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer, _ meter: inout Meter
  ) throws(SourceError) -> (handovers: Int, events: UInt64) {
    _ = try producer.write(Load(first: next, count: eventCount, payload: payload))
    next += eventCount
    let decoder = source.decoder

    try meter.begin()
    let readiness = try source.wait(1_000)
    try meter.end(.wait)
    guard readiness == .ready else { throw SourceError(call: "wait", detail: "\(readiness) after a load was written") }
    try meter.begin()
    _ = try source.flush()
    try meter.end(.flush)

    var handovers = 0
    var events: UInt64 = 0
    reading: while true {
      try meter.begin()
      switch try source.acquire() {
      case .subbuffer(let subbuffer):
        try meter.end(.acquire)
        handovers += 1
        try meter.begin()
        let count = try countEvents(in: subbuffer, decoder)
        try meter.end(.decode)
        events += count
        try meter.begin()
        try subbuffer.release()
        try meter.end(.release)
      case .nothingYet:
        try meter.end(.acquireOfNothing)
        break reading
      case .finished:
        throw SourceError(call: "acquire", detail: "finished, although its producer still runs")
      }
    }

    try meter.begin()
    _ = try source.lossChannels()
    try meter.end(.lossChannels)
    return (handovers, events)
  }

  private func countEvents(
    in subbuffer: borrowing Subbuffer, _ decoder: some SubbufferDecoder
  ) throws(SourceError) -> UInt64 {
    var count: UInt64 = 0
    do {
      try decoder.forEachSequenceNumber(in: subbuffer) { _ in count += 1 }
    } catch {
      throw SourceError(error)
    }
    return count
  }
}

/// Counts laps of each way of reading a ring buffer: one for the system calls, one for those of the library, and as many as
/// it takes for the shared memory.
struct AccessCountsCounting: AccessCountsVisitor {
  /// The names of the counts in ``AccessCountsResult/notCounted``.
  static let systemCalls = "system calls, by perf"
  static let tracedCalls = "system calls, by ptrace"
  static let libraryCalls = "library calls"
  static let memory = "accesses to the shared memory"

  let backend: any StudiedBackend
  let configuration: RingConfiguration
  private(set) var results: [AccessCountsResult] = []
  /// `true` if a load was not read as it was written, so that something was not counted that another ring buffer would
  /// tell.
  private(set) var isBroken = false

  init(backend: any StudiedBackend, configuration: RingConfiguration) {
    self.backend = backend
    self.configuration = configuration
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer, _ parts: AccessCountsParts
  ) throws(SourceError) {
    var drain = AccessCountsDrain(backend, configuration, lap: parts.lap, source.capabilities)
    var result = AccessCountsResult(
      backend: backend.name, mode: configuration.mode, way: parts.way, setup: setup(drain),
      handovers: UInt64(drain.lap), loads: UInt64(drain.loads))
    try drain.warmUp(&source, producer)

    try result.attempt(AccessCountsCounting.systemCalls) { (result) throws(SourceError) in
      var meter = try CallMeter()
      try meter.start()
      try drain(&source, producer, &meter)
      result.systemCalls = try meter.stop()
    }
    if let library = parts.library {
      try result.attempt(AccessCountsCounting.libraryCalls) { (result) throws(SourceError) in
        var meter = LibraryMeter(library)
        try library.whileCounting { () throws(SourceError) in try drain(&source, producer, &meter) }
        result.library = AccessCountsResult.LibraryCalls(
          functions: library.functions, operations: meter.tally.operations)
      }
    }
    if let unknown = parts.memoryUnknown { result.add(notCounted: AccessCountsCounting.memory, unknown) }
    if !parts.memory.isEmpty {
      try result.attempt(AccessCountsCounting.memory) { (result) throws(SourceError) in
        let watch = SharedMemoryWatch(fields: parts.memory)
        result.memory = try watch(&drain, &source, producer)
      }
    }
    results.append(result)
    isBroken = isBroken || drain.isBroken
  }

  private func setup(_ drain: AccessCountsDrain) -> [Observation] {
    [
      Observation("sub-buffer size", configuration.subbufferSize),
      Observation("sub-buffers", configuration.subbufferCount),
      Observation("payload", drain.payload),
      Observation("sub-buffers of a lap", drain.lap),
      Observation("sub-buffers written at a time", drain.subbuffers),
    ]
  }
}

extension AccessCountsResult {
  /// Counts something; if it cannot be counted, records the reason.
  /// - Throws: ``SourceError`` where a call of the ABI fails.
  fileprivate mutating func attempt(
    _ what: String, _ count: (inout AccessCountsResult) throws(SourceError) -> Void
  ) throws(SourceError) {
    do {
      try count(&self)
    } catch {
      guard error.kind == .unavailable else { throw error }
      add(notCounted: what, error)
    }
  }
}
