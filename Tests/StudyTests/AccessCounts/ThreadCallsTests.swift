import Foundation
import Results
@testable import Study
import SubbufferSource
import Testing

/// The counter of system calls, tested with known numbers of calls.
@Suite struct ThreadCallsTests {
  @Test(arguments: [0, 1, 7, 300]) func countsWhatIsCalled(times: Int) throws {
    try Counters.requireCallCounts()
    let operations = try ThreadCallsTests.operations(times)
    let acquire = try #require(operations.first { $0.operation == .acquire })
    #expect(acquire.times == 1)
    #expect(acquire.calls == (times == 0 ? [] : [.init(name: "getppid", count: UInt64(times))]))
    #expect(operations.first { $0.operation == .release }?.calls == [.init(name: "getpid", count: 1)])
    #expect(operations.first { $0.operation == .decode }?.calls == [])
  }

  @Test func moreThanItsRingBufferHoldsIsAnErrorAndNoNumber() throws {
    try Counters.requireCallCounts()
    var failure: SourceError?
    do throws(SourceError) {
      _ = try ThreadCallsTests.operations(20_000)
    } catch {
      failure = error
    }
    #expect(failure?.kind == .unavailable)
  }

  @Test func anUnknownTracepointIsSaidWithItsRemedy() {
    var failure: SourceError?
    do throws(SourceError) {
      _ = try Tracepoint.identifier("raw_syscalls/no_such")
    } catch {
      failure = error
    }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.remedy.contains("tracefs") == true)
  }

  /// Makes `times` calls in one operation, one in the next, one between operations, and none in the last.
  private static func operations(_ times: Int) throws(SourceError) -> [AccessCountsResult.OperationCalls] {
    var meter = try CallMeter()
    try meter.start()
    meter.begin()
    for _ in 0..<times { _ = getppid() }
    meter.end(.acquire)
    meter.begin()
    _ = getpid()
    meter.end(.release)
    _ = getppid()
    meter.begin()
    meter.end(.decode)
    return try meter.stop()
  }
}

/// Ends a test on a machine that does not permit counting: as skipped if `ABI_COMPARE_ALLOW_SKIP=1` is set, else as
/// failed.
enum Counters {
  static func requireCallCounts() throws {
    try require { () throws(SourceError) in _ = try CallMeter() }
  }

  static func requireWatchpoints() throws {
    let word = Word()
    try require { () throws(SourceError) in _ = try Watchpoints([(word.address, 8, .accesses)]) }
  }

  private static func require(_ count: () throws(SourceError) -> Void) throws {
    do throws(SourceError) {
      try count()
    } catch {
      if ProcessInfo.processInfo.environment["ABI_COMPARE_ALLOW_SKIP"] == "1" { try Test.cancel("\(error)") }
      throw error
    }
  }
}
