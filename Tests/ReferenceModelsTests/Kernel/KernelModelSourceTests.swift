import KernelLosses
import ReferenceModels
import SubbufferSource
import Testing

@Suite struct KernelModelSourceTests {
  typealias Variant = KernelModelParameters.Variant

  @Test(arguments: Variant.allCases, RingMode.allCases)
  func whatFitsIsDeliveredOnceAndInOrder(_ variant: Variant, _ mode: RingMode) throws {
    let ring = try KernelModelRing.make(variant, mode)
    var source = try KernelModelSource(ring)
    var sequences: [UInt64] = []
    for round in 0..<20 as Range<UInt64> {
      #expect(
        ring.write(first: round * 13, count: 13, payload: 16) == KernelModelRing.Written(attempted: 13, refused: 0))
      sequences += try source.all().flatMap(\.sequences)
    }
    #expect(sequences == Array(0..<260))
    #expect(try source.next() == nil)
    #expect(ring.stats.entries == 0 && ring.stats.readEvents == 260)
  }

  @Test func aPartialSubbufferIsHandedOutAgainFromWhereItEnded() throws {
    let ring = try KernelModelRing.make()
    var source = try KernelModelSource(ring)
    ring.write(first: 0, count: 3, payload: 16)
    let first = try #require(try source.next())
    ring.write(first: 3, count: 2, payload: 16)
    let second = try #require(try source.next())
    #expect(first.sequences == [0, 1, 2] && second.sequences == [3, 4])
    #expect(first.number == second.number)
  }

  @Test func heldBytesStayAsTheyAreWhileTheWriterGoesAround() throws {
    let ring = try KernelModelRing.make()
    var source = try KernelModelSource(ring)
    ring.write(first: 0, count: 25, payload: 16)
    switch try source.acquire() {
    case .subbuffer(let subbuffer):
      let before = subbuffer.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
      ring.write(first: 25, count: 1_000, payload: 16)
      let after = subbuffer.withBytes { bytes in bytes.withUnsafeBytes { Array($0) } }
      #expect(before == after && before.count == 336)
      try subbuffer.release()
    case .nothingYet: Issue.record("nothing to read")
    case .finished: Issue.record("nothing to read")
    }
  }

  @Test func discardDropsTheNewestAndRefusesThem() throws {
    let ring = try KernelModelRing.make(.asMerged, .discard)
    var source = try KernelModelSource(ring)
    #expect(ring.write(first: 0, count: 100, payload: 16) == KernelModelRing.Written(attempted: 100, refused: 60))
    let seen = try source.all()
    #expect(seen.flatMap(\.sequences) == Array(0..<40))
    #expect(seen.allSatisfy { $0.loss == .notTold })
    #expect(ring.stats.droppedEvents == 60 && ring.stats.overrun == 0)
    let channels = try source.lossChannels()
    #expect(channels.first { $0.channel == .statsDroppedEvents }?.loss == .events(60))
    #expect(channels.first { $0.channel == .metaPageOverrun }?.loss == Loss.none)
    #expect(channels.first { $0.channel == .subbufferHeader }?.loss == .notTold)
  }

  @Test func asMergedTheHeaderTellsTheNumberWhereThereIsRoom() throws {
    // Events of 40 bytes leave 16 bytes at the end of a sub-buffer.
    let ring = try KernelModelRing.make(size: 16 + 3 * 40 + 16)
    var source = try KernelModelSource(ring)
    ring.write(first: 0, count: 100, payload: 24)
    let seen = try source.all()
    // All sub-buffers except the last one are full.
    #expect(seen.map(\.sequences) == [[90, 91, 92], [93, 94, 95], [96, 97, 98], [99]])
    #expect(seen.map(\.loss) == [.events(90), .none, .none, .none])
    #expect(seen[0].channel == .subbufferHeader)
    let channels = try source.lossChannels()
    #expect(channels.first { $0.channel == .metaPageOverrun }?.loss == .events(90))
    #expect(channels.first { $0.channel == .subbufferHeader }?.loss == .events(90))
    #expect(channels.first { $0.channel == .metaPageLostEvents }?.loss == Loss.none)
  }

  @Test func asMergedOnlyTheFlagTellsWhereThereIsNoRoom() throws {
    let ring = try KernelModelRing.make()
    var source = try KernelModelSource(ring)
    ring.write(first: 0, count: 100, payload: 16)
    let seen = try source.all()
    #expect(seen.first?.sequences.first == 60)
    #expect(seen.first?.loss == .atMost(60))
    #expect(try source.lossChannels().first { $0.channel == .metaPageOverrun }?.loss == .events(60))
  }

  /// Clause 9: the source reports a loss once, by `overrun`, although the meta page repeats it with each exchange.
  @Test func asPostedInV11TheMetaPageRepeatsALossAndTheSourceDoesNot() throws {
    let ring = try KernelModelRing.make(.asPostedInV11)
    var source = try KernelModelSource(ring)
    ring.write(first: 0, count: 100, payload: 16)
    let first = try source.all()
    #expect(first.flatMap(\.sequences) == Array(60..<100))
    #expect(first.map(\.loss) == [.events(60), .none, .none, .none])
    #expect(first.allSatisfy { $0.channel == .metaPageOverrun })
    // Nothing is lost from here on.
    ring.write(first: 100, count: 10, payload: 16)
    #expect(try source.all().map(\.loss) == [.none])
    // Then 5 sub-buffers are overwritten.
    ring.write(first: 110, count: 90, payload: 16)
    #expect(try source.next()?.loss == .events(50))
    let channels = try source.lossChannels()
    #expect(channels.first { $0.channel == .metaPageLostEvents }?.loss == .some)
    #expect(channels.first { $0.channel == .metaPageOverrun }?.loss == .events(110))
    #expect(channels.first { $0.channel == .subbufferHeader }?.loss == .notTold)
  }

  /// Payloads at which an event is rounded up, fills a sub-buffer, or no longer fits.
  @Test(
    arguments: [
      (payload: 0, events: 20), (1, 13), (8, 13), (9, 10), (16, 10), (136, 2), (144, 2), (145, 1), (304, 1),
    ] as [(payload: UInt32, events: UInt64)])
  func boundarySizes(_ payload: UInt32, _ events: UInt64) throws {
    let ring = try KernelModelRing.make()
    var source = try KernelModelSource(ring)
    #expect(ring.write(first: 0, count: 3 * events, payload: payload).refused == 0)
    let seen = try source.all()
    #expect(seen.map { UInt64($0.sequences.count) } == [events, events, events])
    #expect(seen.flatMap(\.sequences) == Array(0..<3 * events))
  }

  @Test(arguments: [305, 4096, UInt32.max])
  func anEventLargerThanASubbufferIsRefused(_ payload: UInt32) throws {
    let ring = try KernelModelRing.make()
    var source = try KernelModelSource(ring)
    #expect(ring.write(first: 0, count: 2, payload: payload).refused == 2)
    #expect(ring.write(first: 2, count: 1, payload: 304).refused == 0)
    #expect(try source.all().flatMap(\.sequences) == [2])
    #expect(ring.stats.droppedEvents == 0)
  }

  @Test(arguments: [(31, 2), (24, 2), (33, 2), (1 << 20 + 8, 2), (4096, 1), (4096, 1 << 21), (-8, 2)])
  func parametersOutOfRangeAreRefused(_ size: Int, _ count: Int) {
    #expect(throws: SourceError.self) { try KernelModelRing.make(size: size, count: count) }
  }
}
