import CTFPackets
import LTTngUSTABI
import SubbufferSource
import SystemPackage
import Testing
import Workload

@Suite(.enabled(if: testsRun, "LTTng-UST cannot run here"), .serialized, .timeLimit(.minutes(10)))
struct LTTngUSTSourceTests {
  @Test func `Discard mode with room delivers every event once, in order, and tells of no loss`() throws {
    let traced = try TracedProcess(.roomy)
    var source = try traced.source()
    let own = ChannelAttributes.readerSubbuffers(.discard)
    #expect(source.geometry == Geometry(subbufferSize: 4096, subbufferCount: 64 + own, readerSubbuffers: own))
    try traced.write(2000)
    traced.producer.end()
    let seen = try readToEnd(&source)
    #expect(seen.sequence == Array(0..<2000))
    #expect(seen.numbers == Array(0..<UInt64(seen.numbers.count)))
    #expect(seen.losses.allSatisfy { $0 == .none })
    let readings = try source.lossChannels()
    #expect(readings.allSatisfy { $0.loss == Loss.none })
  }

  @Test func `Discard mode with too little room tells exactly how many events it discarded`() throws {
    let traced = try TracedProcess(.tight(.discard))
    var source = try traced.source()
    let truth = try traced.write(10_000)
    #expect(truth.refused == 0)
    traced.producer.end()
    let seen = try readToEnd(&source)
    #expect(seen.discarded > 0)
    #expect(UInt64(seen.sequence.count) + seen.discarded == truth.produced)
    #expect(seen.missingPackets == 0)
    // The writer kept the oldest events.
    #expect(seen.sequence == Array(0..<UInt64(seen.sequence.count)))
    let readings = try source.lossChannels()
    #expect(
      readings.first == LossReading(channel: .subbufferHeader, loss: .events(seen.discarded), since: .ringBuffer))
  }

  @Test func `Reading beside the writer, delivered and discarded events still add up`() throws {
    let traced = try TracedProcess(.tight(.discard))
    var source = try traced.source()
    try traced.producer.start(Load(first: 0, count: 200_000, payload: 32))
    var seen = Seen()
    var truth: Truth?
    while truth == nil {
      #expect(try !readAvailable(&source, into: &seen))
      truth = try traced.producer.truth(within: 0)
      if truth == nil { _ = try source.wait(1) }
    }
    traced.producer.end()
    let rest = try readToEnd(&source)
    let delivered = UInt64(seen.sequence.count + rest.sequence.count)
    #expect(delivered + seen.discarded + rest.discarded == truth?.produced)
    let all = seen.sequence + rest.sequence
    #expect(zip(all, all.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// A flush in parallel with the writer can leave 0 as the count of a packet; how often is random.
  @Test func `Flushed beside the writer, no packet tells more losses than there were, and all of them add up`() throws {
    let traced = try TracedProcess(.tight(.discard))
    var source = try traced.source()
    try traced.producer.start(Load(first: 0, count: 500_000, payload: 32))
    var seen = Seen()
    var truth: Truth?
    while truth == nil {
      _ = try source.flush()
      #expect(try !readAvailable(&source, into: &seen))
      truth = try traced.producer.truth(within: 0)
    }
    traced.producer.end()
    // Nothing is written to the stream any more, so the last count is final.
    let rest = try readToEnd(&source)
    let lost = try #require(truth).produced - UInt64(seen.sequence.count + rest.sequence.count)
    var told: UInt64 = 0
    for case .events(let count) in seen.losses + rest.losses {
      try #require(count <= lost - told)
      told += count
    }
    #expect(told == lost)
    #expect(try source.lossChannels().map(\.loss) == [.counted(lost), .none, .counted(lost), .none])
  }

  @Test func `Overwrite mode keeps the newest events and shows the lost packets as a gap`() throws {
    let traced = try TracedProcess(.tight(.overwrite))
    var source = try traced.source()
    #expect(source.geometry == Geometry(subbufferSize: 4096, subbufferCount: 5, readerSubbuffers: 1))
    let truth = try traced.write(10_000)
    traced.producer.end()
    let seen = try readToEnd(&source)
    #expect(seen.missingPackets > 0)
    #expect(seen.losses.first == .packets(seen.missingPackets))
    #expect(seen.numbers.first == seen.missingPackets)
    #expect(seen.discarded == 0)
    #expect(UInt64(seen.sequence.count) < truth.produced)
    #expect(seen.sequence.last == truth.produced - 1)
    #expect(zip(seen.sequence, seen.sequence.dropFirst()).allSatisfy { $0 + 1 == $1 })
    let readings = try source.lossChannels()
    #expect(
      readings.contains(
        LossReading(channel: .sequenceGap, loss: .packets(seen.missingPackets), since: .ringBuffer, marks: 1)))
    #expect(
      readings.contains(LossReading(channel: .positions, loss: .packets(seen.missingPackets), since: .ringBuffer)))
    #expect(
      source.totalLoss(of: readings)
        == TotalLoss(
          .packets(seen.missingPackets), from: [.sequenceGap, .subbufferHeader], since: .ringBuffer))
  }

  @Test func `A sub-buffer that is held stays as it is while the writer wraps around it`() throws {
    for mode in [RingMode.discard, .overwrite] {
      let traced = try TracedProcess(.tight(mode))
      var source = try traced.source()
      try traced.write(200)
      var before: [UInt8] = []
      var after: [UInt8] = []
      var failure: (any Error)?
      let visited = try source.withNext { subbuffer throws(SourceError) in
        before = copy(of: subbuffer)
        do { try traced.write(10_000, from: 200) } catch { failure = error }
        after = copy(of: subbuffer)
      }
      guard case .subbuffer = visited else {
        Issue.record("nothing to hold in \(mode) mode")
        continue
      }
      #expect(failure == nil)
      #expect(before.count > PacketHeader.byteCount)
      #expect(before == after)
    }
  }

  @Test func `A partial sub-buffer is invisible until it is flushed`() throws {
    let traced = try TracedProcess(.roomy)
    var source = try traced.source()
    try traced.write(3)
    var seen = Seen()
    #expect(try !readAvailable(&source, into: &seen))
    #expect(seen.numbers.isEmpty)
    let flush = try source.flush()
    #expect(flush == .flushed)
    #expect(try !readAvailable(&source, into: &seen))
    #expect(seen.sequence == [0, 1, 2])
    // After a flushed sub-buffer there is nothing to flush.
    _ = try source.flush()
    #expect(try !readAvailable(&source, into: &seen))
    #expect(seen.numbers == [0])
  }

  @Test func `A flush before the first event loses nothing, and hands out an empty sub-buffer up to 2.14`() throws {
    let traced = try TracedProcess(.roomy)
    var source = try traced.source()
    var seen = Seen()
    #expect(try !readAvailable(&source, into: &seen))
    _ = try source.flush()
    _ = try source.flush()
    #expect(try !readAvailable(&source, into: &seen))
    let empty = series < .from2_15 ? 1 : 0
    #expect(seen.sizes == Array(repeating: PacketHeader.byteCount, count: empty))
    #expect(seen.losses == Array(repeating: .none, count: empty))
    try traced.write(3)
    _ = try source.flush()
    #expect(try !readAvailable(&source, into: &seen))
    #expect(seen.sequence == [0, 1, 2])
    #expect(seen.numbers == Array(0...UInt64(empty)))
  }

  @Test func `The switch timer makes a partial sub-buffer visible and wakes the reader`() throws {
    var attributes = ChannelAttributes.roomy
    attributes.switchTimer = 1000
    let traced = try TracedProcess(attributes)
    var source = try traced.source()
    try traced.write(3)
    var seen = Seen()
    while seen.sequence.count < 3 {
      let readiness = try source.wait(patience)
      try #require(readiness == .ready)
      #expect(try !readAvailable(&source, into: &seen))
    }
    #expect(seen.sequence == [0, 1, 2])
    traced.producer.end()
    #expect(try readToEnd(&source).sequence.isEmpty)
  }

  @Test func `The writer wakes the reader when a sub-buffer is full`() throws {
    let traced = try TracedProcess(.roomy)
    var source = try traced.source()
    let early = try source.wait(0)
    #expect(early == .timedOut)
    try traced.write(200)
    let ready = try source.wait(patience)
    #expect(ready == .ready)
    var seen = Seen()
    #expect(try !readAvailable(&source, into: &seen))
    #expect(!seen.numbers.isEmpty)
    let later = try source.wait(0)
    #expect(later == .timedOut)
  }

  @Test func `When the process is gone, what is left is handed out, and finished is final`() throws {
    let traced = try TracedProcess(.roomy)
    var source = try traced.source()
    try traced.write(5)
    traced.producer.end()
    var seen = Seen()
    // The source reports the end only after the hang-up.
    #expect(try !readAvailable(&source, into: &seen))
    let readiness = try source.wait(patience)
    #expect(readiness == .hungUp)
    #expect(try readAvailable(&source, into: &seen))
    #expect(seen.sequence == [0, 1, 2, 3, 4])
    for _ in 0..<3 { #expect(try readAvailable(&source, into: &seen)) }
    let again = try source.wait(patience)
    #expect(again == .hungUp)
    #expect(seen.sequence.count == 5)
  }

  @Test(arguments: [RingMode.discard, .overwrite])
  func `A process that is killed while it writes leaves what can be read, in order, and an end`(
    mode: RingMode
  ) throws {
    for _ in 0..<5 {
      let traced = try TracedProcess(.tight(mode))
      var source = try traced.source()
      try traced.producer.start(Load(first: 0, count: 100_000_000, payload: 32))
      let readiness = try source.wait(patience)
      #expect(readiness == .ready)
      traced.producer.end()
      let seen = try readToEnd(&source)
      #expect(!seen.sequence.isEmpty)
      #expect(zip(seen.sequence, seen.sequence.dropFirst()).allSatisfy { $0 < $1 })
      #expect(zip(seen.numbers, seen.numbers.dropFirst()).allSatisfy { $0 < $1 })
    }
  }

  @Test func `The session may go before the source`() throws {
    func openAndLeave() throws -> LTTngUSTSource {
      let traced = try TracedProcess(.roomy)
      let source = try traced.source()
      try traced.write(5)
      return source
    }
    var source = try openAndLeave()
    #expect(try readToEnd(&source).sequence == [0, 1, 2, 3, 4])
  }

  @Test(arguments: [
    (EventHeader.compact, UInt32(0)), (.compact, 30), (.compact, 31), (.compact, 70_000),
    (.large, 0), (.large, 65_534), (.large, 65_535), (.large, 70_000),
  ])
  func `Both forms of event header are read, extended or not`(form: EventHeader, id: UInt32) throws {
    let traced = try TracedProcess(.roomy, eventHeader: form, eventID: id)
    #expect(traced.session.eventID == id)
    var source = try traced.source()
    #expect(source.decoder.sequenceTypeID == id)
    try traced.write(500, payload: 0)
    try traced.write(500, from: 500, payload: 100)
    traced.producer.end()
    #expect(try readToEnd(&source).sequence == Array(0..<1000))
  }

  @Test func `A writer that may block discards nothing`() throws {
    var attributes = ChannelAttributes.tight(.discard)
    attributes.blockingTimeout = -1
    let traced = try TracedProcess(attributes, environment: USTListener.blockingEnvironment)
    var source = try traced.source()
    try traced.producer.start(Load(first: 0, count: 2000, payload: 32))
    var seen = Seen()
    while try traced.producer.truth(within: 0) == nil {
      #expect(try !readAvailable(&source, into: &seen))
      _ = try source.wait(1)
    }
    traced.producer.end()
    let rest = try readToEnd(&source)
    #expect(seen.sequence + rest.sequence == Array(0..<2000))
    #expect(seen.discarded + rest.discarded == 0)
  }

  @Test func `A stopped session records nothing, and a restarted one does`() throws {
    let traced = try TracedProcess(.roomy)
    var source = try traced.source()
    try traced.write(3)
    try traced.session.stop()
    try traced.write(3, from: 3)
    try traced.session.restart()
    try traced.write(3, from: 6)
    try traced.session.waitQuiescent()
    traced.producer.end()
    #expect(try readToEnd(&source).sequence == [0, 1, 2, 6, 7, 8])
  }

  @Test func `A second reader is told of no loss that never was, and that it cannot wait`() throws {
    let traced = try TracedProcess(.roomy)
    try traced.write(500)
    do {
      var first = try traced.source()
      #expect(try first.flush() == .flushed)
      while case .subbuffer = try first.withNext({ _ throws(SourceError) in }) {}
    }
    try traced.write(5, from: 500)
    var second = try traced.source()
    let error = #expect(throws: SourceError.self) { try second.wait(0) }
    #expect(error?.errno == .badFileDescriptor)
    #expect(try second.flush() == .flushed)
    var losses: [Loss] = []
    while case .subbuffer = try second.withNext({ subbuffer throws(SourceError) in losses.append(subbuffer.loss) }) {}
    #expect(losses == [.notTold])
    let told = try second.lossChannels()
    #expect(told.allSatisfy { !$0.loss.saysLost })
  }
}
