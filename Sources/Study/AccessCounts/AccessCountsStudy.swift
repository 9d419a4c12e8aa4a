import Platform
import Results
import SubbufferSource
import Workload

/// The access counts of a complete reader of an ABI: counts the calls and accesses of a lap, in each way of reading it.
public struct AccessCountsStudy: Sendable {
  /// A process of this program that calls ``TracedDrain/read(_:_:say:hear:)``.
  package typealias Traced =
    @Sendable (any StudiedBackend, RingMode) throws(SourceError) -> PipedProcess

  /// The command of the process whose system calls ptrace counts; `nil` if ptrace is not used.
  package var traced: Traced?

  /// Describes a study.
  package init(traced: Traced?) {
    self.traced = traced
  }

  /// The number of times that it is begun again where a load was not read as it was written.
  private static let attempts = 3

  /// Counts on one back end in one mode.
  /// - Returns: a result for each way of reading; none of a back end that has no live reader.
  /// - Throws: ``SourceError`` where a call fails that is not one of counting.
  public func callAsFunction(
    on backend: any StudiedBackend, _ mode: RingMode
  ) throws(SourceError) -> [AccessCountsResult] {
    let configuration = RingConfiguration(mode: mode, producerCPU: backend.producerCPU)
    var results: [AccessCountsResult] = []
    for _ in 0..<AccessCountsStudy.attempts {
      var counting = AccessCountsCounting(backend: backend, configuration: configuration)
      try backend.withCountedReader(configuration, &counting)
      results = counting.results
      if !counting.isBroken { break }
    }
    return results.isEmpty ? [] : try traced(backend, mode, results)
  }

  private func traced(
    _ backend: any StudiedBackend, _ mode: RingMode, _ results: [AccessCountsResult]
  ) throws(SourceError) -> [AccessCountsResult] {
    guard let traced else { return results }
    var results = results
    var failure: SourceError?
    for _ in 0..<AccessCountsStudy.attempts {
      do {
        let ways = try TracedDrain.trace(try traced(backend, mode))
        for (index, calls) in zip(results.indices, ways) { results[index].tracedCalls = calls }
        return results
      } catch {
        try Interruption.check()
        failure = error
        // If tracing is not permitted, it will not be the next time either.
        if error.kind == .unavailable { break }
      }
    }
    if let failure {
      for index in results.indices { results[index].add(notCounted: AccessCountsCounting.tracedCalls, failure) }
    }
    return results
  }
}

extension AccessCountsResult {
  /// Records the reason why something was not counted.
  mutating func add(notCounted what: String, _ error: SourceError) {
    notCounted.append(NotCounted(what: what, reason: error.reason, remedy: error.remedy))
  }
}

/// The parts of an open ring buffer that are needed to count a reader's accesses.
public struct AccessCountsParts {
  /// The way: `mapping`, `read(2)`.
  public var way: String
  /// After how many hand-overs each sub-buffer had its turn.
  public var lap: Int
  /// The memory that the reader shares with the writer, word by word, the sub-buffers' events left out; empty where there is
  /// none.
  public var memory: [SharedField]
  /// Why ``memory`` is not known, where it is there.
  public var memoryUnknown: SourceError?
  /// The functions of a library that the reader calls; `nil` where it calls the kernel itself.
  public var library: AccessCountsLibrary?

  /// Describes a way of reading.
  public init(
    way: String, lap: Int, memory: [SharedField] = [], memoryUnknown: SourceError? = nil,
    library: AccessCountsLibrary? = nil
  ) {
    self.way = way
    self.lap = lap
    self.memory = memory
    self.memoryUnknown = memoryUnknown
    self.library = library
  }
}

/// A library whose calls can be counted.
public protocol AccessCountsLibrary {
  /// The functions that it offers a reader.
  var functions: [String] { get }

  /// Calls `body` while calls are counted.
  /// - Throws: what `body` throws, and ``SourceError`` where they cannot be.
  func whileCounting(_ body: () throws(SourceError) -> Void) throws(SourceError)

  /// The number of times that the calling thread has called each of ``functions`` while calls were counted.
  var counts: [UInt64] { get }
}

/// Something that counts what a reader touches, on each way of reading a ring buffer.
public protocol AccessCountsVisitor {
  /// Reads in one way, on a ring buffer of its own.
  /// - Throws: ``SourceError`` where a call fails.
  mutating func visit<Source: SubbufferSource & ~Copyable>(
    _ source: inout Source, _ producer: any LoadProducer, _ parts: AccessCountsParts
  ) throws(SourceError)
}
