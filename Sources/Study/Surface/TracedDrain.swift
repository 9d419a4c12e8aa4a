import CPerfEvents
import Glibc
import Platform
import SubbufferSource
import SystemPackage
import Workload

/// A drain whose system calls another process counts, by `ptrace(2)`: the second method besides perf.
///
/// This process reports that it is ready, waits until it is traced, and reads; marks show its progress to the other
/// one.
public struct TracedDrain {
  /// The line of the traced process before it reads.
  private static let ready = "ready"
  /// The line that starts its reading.
  private static let go = "go"
  /// More than the whole takes, in seconds: then the traced process ends itself.
  private static let limit: UInt32 = 20

  // MARK: In the traced process

  /// Reads a lap in each way of a back end, with marks.
  /// - Parameters:
  ///   - say: writes a line to the tracer of this process.
  ///   - hear: waits for a line of it.
  /// - Throws: ``SourceError`` where a call fails.
  public static func read(
    _ backend: any StudiedBackend, _ mode: RingConfiguration.Mode, say: (String) -> Void, hear: () -> String?
  ) throws(SourceError) {
    alarm(limit)
    say(ready)
    guard hear() == go else { throw SourceError(.usage, call: "wait to be traced") }
    let configuration = RingConfiguration(mode: mode, producerCPU: backend.producerCPU)
    var visitor = MarkingVisitor(backend: backend, configuration: configuration)
    try backend.withReaderSurface(configuration, &visitor)
    cperf_mark(SurfaceMark.end)
  }

  private struct MarkingVisitor: SurfaceVisitor {
    let backend: any StudiedBackend
    let configuration: RingConfiguration

    mutating func visit<Source: SubbufferSource & ~Copyable>(
      _ source: inout Source, _ producer: any LoadProducer, _ parts: SurfaceParts
    ) throws(SourceError) {
      var drain = SurfaceDrain(backend, configuration, lap: parts.lap, source.capabilities)
      try drain.warmUp(&source, producer)
      cperf_mark(SurfaceMark.way)
      var meter = MarkMeter()
      try drain(&source, producer, &meter)
    }
  }

  // MARK: In the process that traces

  /// Traces a process that calls ``read(_:_:say:hear:)``.
  /// - Returns: the calls of each operation, for each way in the order in which it is read.
  /// - Throws: ``SourceError`` where it cannot be traced, or does not come to its end.
  static func trace(_ process: PipedProcess) throws(SourceError) -> [[SurfaceResult.OperationCalls]] {
    guard try process.nextLine(Milliseconds(limit) * 1_000) == .line(ready) else { throw failed(process) }
    let result = cperf_trace(process.pid)
    if result < 0 { throw SourceError(counting: "ptrace PTRACE_SEIZE", result) }
    guard process.send("\(go)\n") else { throw failed(process) }
    var ways: [CallTally] = []
    var names: [String: UInt64] = [:]
    var call = cperf_call()
    while true {
      let result = cperf_trace_next(process.pid, &call)
      if result < 0 { throw SourceError(counting: "ptrace PTRACE_SYSCALL", result) }
      if result == 0 { throw failed(process) }
      let mark = cperf_mark_of(&call)
      switch mark < 0 ? nil : UInt64(mark) {
      case nil: names[SystemCallName.of(call.number), default: 0] += 1
      case SurfaceMark.way?: ways.append(CallTally())
      case SurfaceMark.begin?: names = [:]
      case SurfaceMark.end?:
        cperf_untrace(process.pid)
        return ways.map(\.operations)
      case let mark?:
        let number = Int(mark &- SurfaceMark.operation)
        if !ways.isEmpty, SurfaceOperation.allCases.indices.contains(number) {
          ways[ways.count - 1].add(SurfaceOperation.allCases[number], names)
        }
      }
    }
  }

  private static func failed(_ process: PipedProcess) -> SourceError {
    let said = process.diagnosticsText
    let detail = "the traced process: \(process.howItEnded().text)" + (said.isEmpty ? "" : "; it said: \(said)")
    return SourceError(call: "trace a reader", detail: detail)
  }
}
