@testable import Study
import SubbufferSource
import Testing

/// Hardware watchpoints, tested on memory with known accesses.
@Suite(.serialized) struct WatchpointsTests {
  @Test(arguments: [0, 1, 5, 1_000]) func countsReadsAndWrites(times: Int) throws {
    try Counters.requireWatchpoints()
    let word = Word()
    var meter = try WatchMeter([
      (word.address, 8, .accesses), (word.address, 8, .writes), (word.address + 8, 8, .accesses),
      (word.address + 8, 8, .writes),
    ])
    try meter.begin()
    for _ in 0..<times { _ = word.load() }
    try meter.end(.acquire)
    try meter.begin()
    for _ in 0..<times { word.store(8) }
    _ = word.load(16)
    try meter.end(.release)
    let count = UInt64(times)
    let counts = meter.steps.map(\.counts)
    #expect(counts == [[count, 0, 0, 0], [0, 0, count, count]])
    let totals = meter.totals
    #expect(totals == [count, 0, count, count])
  }

  /// The two halves of a word are watched separately.
  @Test func watchesNoMoreThanItIsTold() throws {
    try Counters.requireWatchpoints()
    let word = Word()
    let watchpoints = try Watchpoints([(word.address, 4, .accesses), (word.address + 4, 4, .accesses)])
    word.storeHalf(4)
    let behindHalf = try watchpoints.counts()
    _ = word.load()
    let behindWhole = try watchpoints.counts()
    #expect(behindHalf == [0, 1])
    #expect(behindWhole == [1, 2])
  }

  /// Hardware watchpoints count known accesses correctly; the emulated ones of a virtual machine do not, and are not
  /// used.
  @Test func knownAccessesAreCountedAsMade() throws {
    try Counters.requireWatchpoints()
    try Watchpoints.check()
  }

  @Test func moreThanThereAreIsATypedError() throws {
    try Counters.requireWatchpoints()
    let word = Word()
    let held = try Watchpoints((0..<Watchpoints.most).map { (word.address + UInt(8 * $0), 8, .accesses) })
    var failure: SourceError?
    do throws(SourceError) {
      _ = try Watchpoints([(word.address, 8, .accesses)])
    } catch {
      failure = error
    }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.errno == .noSpace)
    #expect(failure?.remedy.isEmpty == false)
    let counts = try held.counts()
    #expect(counts == [0, 0, 0, 0])
  }
}
