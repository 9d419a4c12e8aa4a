import CPerfEvents
import FoundationEssentials
import Glibc
import Platform
import Results
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
    _ backend: any StudiedBackend, _ mode: RingMode, say: (String) -> Void, hear: () -> String?
  ) throws(SourceError) {
    alarm(limit)
    say(ready)
    guard hear() == go else { throw SourceError(.usage, call: "wait to be traced") }
    let configuration = RingConfiguration(mode: mode, producerCPU: backend.producerCPU)
    var visitor = MarkingVisitor(backend: backend, configuration: configuration)
    try backend.withCountedReader(configuration, &visitor)
    cperf_mark(AccessCountsMark.end)
  }

  private struct MarkingVisitor: AccessCountsVisitor {
    let backend: any StudiedBackend
    let configuration: RingConfiguration

    mutating func visit<Source: SubbufferSource & ~Copyable>(
      _ source: inout Source, _ producer: any LoadProducer, _ parts: AccessCountsParts
    ) throws(SourceError) {
      var drain = AccessCountsDrain(backend, configuration, lap: parts.lap, source.capabilities)
      try drain.warmUp(&source, producer)
      cperf_mark(AccessCountsMark.way)
      var meter = MarkMeter()
      try drain(&source, producer, &meter)
    }
  }

  // MARK: In the process that traces

  /// Traces a process that calls ``read(_:_:say:hear:)``.
  /// - Returns: the calls of each operation, for each way in the order in which it is read.
  /// - Throws: ``SourceError`` where it cannot be traced, or does not come to its end.
  static func trace(_ process: PipedProcess) throws(SourceError) -> [[AccessCountsResult.OperationCalls]] {
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
      case AccessCountsMark.way?: ways.append(CallTally())
      case AccessCountsMark.begin?: names = [:]
      case AccessCountsMark.end?:
        cperf_untrace(process.pid)
        return ways.map(\.operations)
      case let mark?:
        let number = Int(mark &- AccessCountsMark.operation)
        if !ways.isEmpty, ReaderOperation.allCases.indices.contains(number) {
          ways[ways.count - 1].add(ReaderOperation.allCases[number], names)
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

/// The system calls of the calling thread, counted by `perf_event_open(2)` on `raw_syscalls:sys_enter`.
///
/// The border between two calls is looked up in memory that the kernel shares, so that looking makes no system call.
struct ThreadCalls: ~Copyable {
  private let calls: UnsafeMutablePointer<cperf_calls>

  /// Opens the counter; it does not count yet.
  /// - Throws: ``SourceError`` where the tracepoint is not to be had or perf is not permitted.
  init() throws(SourceError) {
    let tracepoint = try Tracepoint.identifier("raw_syscalls/sys_enter")
    var opened = cperf_calls()
    let result = cperf_calls_open(&opened, tracepoint)
    if result < 0 { throw SourceError(counting: "perf_event_open of raw_syscalls:sys_enter", result) }
    calls = .allocate(capacity: 1)
    calls.initialize(to: opened)
  }

  deinit {
    cperf_calls_close(calls)
    calls.deallocate()
  }

  /// Counts from now on.
  func start() throws(SourceError) { try check(cperf_calls_start(calls), "ioctl PERF_EVENT_IOC_ENABLE") }

  /// Counts no more. The call that does it is the last that is counted.
  func stop() throws(SourceError) { try check(cperf_calls_stop(calls), "ioctl PERF_EVENT_IOC_DISABLE") }

  /// The position of the newest record.
  var position: UInt64 { cperf_calls_position(calls) }

  /// The number of calls that the counter has counted.
  func count() throws(SourceError) -> UInt64 {
    var count: UInt64 = 0
    try check(cperf_calls_count(calls, &count), "read of a perf counter")
    return count
  }

  /// The names of the calls between two positions, and how often each was made.
  /// - Throws: ``SourceError`` where records are lost or not as expected.
  func names(from begin: UInt64, to end: UInt64) throws(SourceError) -> [String: UInt64] {
    var names: [String: UInt64] = [:]
    var position = begin
    var call = cperf_call()
    while position < end {
      let result = cperf_calls_next(calls, &position, &call)
      try check(result, "read records of raw_syscalls:sys_enter")
      if result == 1 { names[SystemCallName.of(call.number), default: 0] += 1 }
    }
    return names
  }

  private func check(_ result: Int32, _ call: String) throws(SourceError) {
    if result < 0 { throw SourceError(counting: call, result) }
  }
}

/// Names of system calls.
enum SystemCallName {
  /// The name by a number; the number itself where the name is not known.
  static func of(_ number: Int64) -> String {
    cperf_call_name(number).map { String(cString: $0) } ?? "system call \(number)"
  }
}

/// Tracepoints of the running kernel.
enum Tracepoint {
  /// The mount points of tracefs, on its own or below debugfs.
  private static let directories = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]

  /// The number by which perf knows a tracepoint.
  /// - Throws: ``SourceError`` of kind `unavailable` where it cannot be read.
  static func identifier(_ name: String) throws(SourceError) -> UInt64 {
    for directory in directories {
      let path = "\(directory)/events/\(name)/id"
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
      if let number = UInt64(text.prefix { $0.isNumber }) { return number }
    }
    throw SourceError(
      .unavailable, call: "read \(directories[0])/events/\(name)/id", detail: "the file is missing or not readable",
      remedy: "run as root on a kernel with CONFIG_FTRACE_SYSCALLS, with tracefs mounted: "
        + "mount -t tracefs nodev \(directories[0])")
  }
}

extension SourceError {
  /// A failure to count.
  /// - Parameter result: the negative errno.
  init(counting call: String, _ result: Int32) {
    let code = Errno(rawValue: -result)
    let remedy =
      switch code {
      case .permissionDenied, .notPermitted:
        "run as root, or with CAP_PERFMON: sysctl kernel.perf_event_paranoid says what others may"
      case .noSpace: "stop other debuggers and perf: the debug registers of this CPU are in use"
      case .noSuchFileOrDirectory, .notSupportedOnSocket, .notSupported:
        "this kernel or virtual machine has no such counter"
      case .noBufferSpace: "report it: the records did not fit into their ring buffer"
      default: ""
      }
    self.init(.unavailable, call: call, errno: code, remedy: remedy)
  }
}
