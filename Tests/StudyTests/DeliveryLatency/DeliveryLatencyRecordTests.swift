import Results
@testable import Study
import Testing
import Workload

@Suite struct DeliveryLatencyRecordTests {
  @Test func agesAreThoseOfWhatWasHeld() throws {
    var record = DeliveryLatencyRecord(first: 100, count: 3)
    record.add(99, stamp: 1_000, heldAt: 5_000)
    #expect(record.seen == 0)
    record.add(100, stamp: 2_000, heldAt: 5_000)
    #expect(!record.isComplete)
    record.add(102, stamp: 4_000, heldAt: 5_000)
    #expect(record.isComplete)
    #expect(record.seen == 2)

    // A load that begins two events earlier, at 700 ns: the two events are due at 2700 and 4700 ns.
    let load = Load(first: 98, count: 10, payload: 0, rate: 1_000_000)
    let ages = record.ages(load, begin: 700, place: 7)
    let age = try #require(ages.age)
    #expect((age.place, age.minimum, age.maximum, age.distribution.count) == (7, 1_000, 3_000, 2))
    let intended = try #require(ages.intended)
    #expect((intended.minimum, intended.maximum) == (300, 2_300))
    // No hand-over was recorded.
    #expect(ages.youngest == nil)
    #expect(ages.ahead == 0)
  }

  @Test func anEventBehindTheRecordedOnesCompletes() {
    var record = DeliveryLatencyRecord(first: 0, count: 3)
    record.add(3, stamp: 1, heldAt: 2)
    #expect(record.isComplete)
    #expect(record.seen == 0)
  }

  @Test func whatComesTwiceIsCountedAndKeepsItsFirstAge() throws {
    var record = DeliveryLatencyRecord(first: 0, count: 2)
    record.add(0, stamp: 10, heldAt: 30)
    record.add(0, stamp: 10, heldAt: 90)
    #expect((record.seen, record.repeated) == (1, 1))
    #expect(record.ages(Load(first: 0, count: 2, payload: 0), begin: 0, place: 1).age?.maximum == 20)
  }

  @Test func aTimeStampInTheFutureIsCounted() throws {
    var record = DeliveryLatencyRecord(first: 0, count: 1)
    record.add(0, stamp: 31, heldAt: 30)
    let ages = record.ages(Load(first: 0, count: 1, payload: 0), begin: 0, place: 1)
    #expect(ages.ahead == 1)
    #expect(ages.age?.maximum == 0)
  }

  @Test func whatIsNeitherSeenNorLeftIsLost() {
    var counts = DeliveryLatencyCounts()
    (counts.events, counts.seen, counts.left) = (10, 6, 1)
    #expect(counts.lost == 3)
    (counts.nanoseconds, counts.cpu, counts.waits) = (500_000_000, 125_000_000, 7)
    #expect(counts.cpuShare == 0.25)
    #expect(counts.perSecond(counts.waits) == 14)
    #expect(DeliveryLatencyCounts().perSecond(7) == 0)
  }
}
