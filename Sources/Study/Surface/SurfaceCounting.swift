import SubbufferSource
import Workload

/// Counts laps of each way of reading a ring buffer: one for the system calls, one for those of the library, and as many as
/// it takes for the shared memory.
struct SurfaceCounting: SurfaceVisitor {
  /// The names of the counts in ``SurfaceResult/notCounted``.
  static let systemCalls = "system calls, by perf"
  static let tracedCalls = "system calls, by ptrace"
  static let libraryCalls = "library calls"
  static let memory = "accesses to the shared memory"

  let backend: any StudiedBackend
  let configuration: RingConfiguration
  private(set) var results: [SurfaceResult] = []
  /// `true` if a load was not read as it was written, so that something was not counted that another ring buffer would
  /// tell.
  private(set) var isBroken = false

  init(backend: any StudiedBackend, configuration: RingConfiguration) {
    self.backend = backend
    self.configuration = configuration
  }

  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer, _ parts: SurfaceParts
  ) throws(SourceError) {
    var drain = SurfaceDrain(backend, configuration, lap: parts.lap, source.capabilities)
    var result = SurfaceResult(
      backend: backend.name, mode: configuration.mode.rawValue, way: parts.way, setup: setup(drain),
      handovers: UInt64(drain.lap), loads: UInt64(drain.loads))
    try drain.warmUp(&source, producer)

    try result.attempt(SurfaceCounting.systemCalls) { (result) throws(SourceError) in
      var meter = try CallMeter()
      try meter.start()
      try drain(&source, producer, &meter)
      result.systemCalls = try meter.stop()
    }
    if let library = parts.library {
      try result.attempt(SurfaceCounting.libraryCalls) { (result) throws(SourceError) in
        var meter = LibraryMeter(library)
        try library.whileCounting { () throws(SourceError) in try drain(&source, producer, &meter) }
        result.library = SurfaceResult.LibraryCalls(functions: library.functions, operations: meter.tally.operations)
      }
    }
    if let unknown = parts.memoryUnknown { result.add(notCounted: SurfaceCounting.memory, unknown) }
    if !parts.memory.isEmpty {
      try result.attempt(SurfaceCounting.memory) { (result) throws(SourceError) in
        let watch = SharedMemoryWatch(fields: parts.memory)
        result.memory = try watch(&drain, &source, producer)
      }
    }
    results.append(result)
    isBroken = isBroken || drain.isBroken
  }

  private func setup(_ drain: SurfaceDrain) -> [Observation] {
    [
      Observation("sub-buffer size", configuration.subbufferSize),
      Observation("sub-buffers", configuration.subbufferCount),
      Observation("payload", drain.payload),
      Observation("sub-buffers of a lap", drain.lap),
      Observation("sub-buffers written at a time", drain.subbuffers),
    ]
  }
}

extension SurfaceResult {
  /// Counts something; if it cannot be counted, records the reason.
  /// - Throws: ``SourceError`` where a call of the ABI fails.
  fileprivate mutating func attempt(
    _ what: String, _ count: (inout SurfaceResult) throws(SourceError) -> Void
  ) throws(SourceError) {
    do {
      try count(&self)
    } catch {
      guard error.kind == .unavailable else { throw error }
      add(notCounted: what, error)
    }
  }
}
