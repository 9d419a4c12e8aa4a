import CPerfEvents
import SubbufferSource
import SystemPackage

/// The system calls of the calling thread, counted by `perf_event_open(2)` on `raw_syscalls:sys_enter`.
///
/// Where one call ends and the next begins is looked up in memory that the kernel shares, so that looking is no system call.
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
