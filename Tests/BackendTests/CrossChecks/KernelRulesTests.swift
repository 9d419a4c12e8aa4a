@testable import Study
import Testing
import TracefsABI
@testable import TracefsBackend
import Workload

/// A rule explains only the differences that the data of the runs support.
@Suite struct KernelRulesTests {
  private func reading(
    produced: UInt64, delivered: Range<UInt64>, overrun: UInt64 = 0, dropped: UInt64 = 0, missed: UInt64 = 0
  ) -> KernelReading {
    KernelReading(
      truth: Truth(produced: produced, accepted: produced, refused: 0, firstErrno: 0, begin: 0, end: 0),
      events: delivered.map { TimedEvent(sequence: $0, time: 0) }, missed: KernelReading.Missed(counted: missed),
      stats: CPUStats(
        entries: 0, overrun: overrun, commitOverrun: 0, droppedEvents: dropped, readEvents: UInt64(delivered.count)))
  }

  @Test func twoRunsHaveToAddUpEach() {
    let ours = reading(produced: 10, delivered: 4..<10, overrun: 4, missed: 4)
    let theirs = reading(produced: 10, delivered: 5..<10, overrun: 5, missed: 5)
    #expect(KernelRules.twoRuns(ours, theirs) != nil)
    #expect(KernelRules.twoTellings(ours, theirs) != nil)
    #expect(KernelRules.twoRuns(ours, ours) == nil)
    #expect(KernelRules.twoTellings(ours, ours) == nil)
    let short = reading(produced: 10, delivered: 6..<10, overrun: 5, missed: 5)
    #expect(KernelRules.twoRuns(ours, short) == nil)
    #expect(KernelRules.twoTellings(ours, short) == nil)
  }

  @Test func droppedEventsHaveToBeAllThatWasLost() {
    let dropped = reading(produced: 10, delivered: 0..<6, dropped: 4)
    #expect(KernelRules.dropped(dropped, counted: 0) != nil)
    #expect(KernelRules.dropped(dropped, counted: 0, 1) == nil)
    #expect(KernelRules.dropped(reading(produced: 10, delivered: 0..<5, dropped: 4), counted: 0) == nil)
    #expect(KernelRules.dropped(reading(produced: 10, delivered: 0..<6, overrun: 4), counted: 0) == nil)
    #expect(KernelRules.dropped(reading(produced: 10, delivered: 0..<6, dropped: 4, missed: 4), counted: 0) == nil)
    #expect(KernelRules.dropped(reading(produced: 10, delivered: 0..<10), counted: 0) == nil)
  }
}
