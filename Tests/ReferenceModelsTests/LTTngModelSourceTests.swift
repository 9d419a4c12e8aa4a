import AllocationCounter
import CTFPackets
import ReferenceModels
import SubbufferSource
import SystemPackage
import Testing

@Suite struct LTTngModelSourceTests {
  /// 12 events fill a sub-buffer to its last byte; each number of events is also tried after 50 laps.
  @Test(arguments: RingMode.allCases, [1, 6, 12, 13])
  func everyEventOnce(_ mode: RingMode, events: Int) throws {
    let channel = try LTTngModelChannel.small(mode)
    var source = try LTTngModelSource(channel.stream())
    var next: UInt64 = 0
    var number: UInt64 = 0
    for _ in 0..<100 {
      let written = try channel.writer.write(first: next, count: events, payload: 0)
      #expect(written.accepted == events)
      #expect(try source.flush() == .flushed)
      let packets = try source.readAll()
      #expect(packets.flatMap(\.sequences) == Array(next..<next + UInt64(events)))
      for packet in packets {
        #expect(packet.number == number && packet.loss == .none)
        number += 1
      }
      next += UInt64(events)
    }
    #expect(number >= 100)
    #expect(channel.writerErrorCount == 0 && channel.readerErrorCount == 0)
  }

  @Test func discardModeCountsWhatItDiscards() throws {
    let channel = try LTTngModelChannel.small(.discard)
    var source = try LTTngModelSource(channel.stream())
    #expect(try channel.writer.write(first: 0, count: 20, payload: 8).discarded == 4)
    // Both packets were ended before the first discard, so the next packet reports it.
    #expect(
      try source.readAll() == [
        LTTngPacket(number: 0, sequences: Array(0..<8), loss: .none),
        LTTngPacket(number: 1, sequences: Array(8..<16), loss: .none),
      ])
    _ = try channel.writer.write(first: 20, count: 1, payload: 8)
    _ = try source.flush()
    #expect(try source.readAll() == [LTTngPacket(number: 2, sequences: [20], loss: .events(4))])
    #expect(
      try source.lossChannels() == [
        LossReading(channel: .subbufferHeader, loss: .events(4), since: .ringBuffer),
        LossReading(channel: .sequenceGap, loss: .none, since: .ringBuffer),
        LossReading(channel: .lastPacket, loss: .events(4), since: .ringBuffer),
        LossReading(channel: .positions, loss: .none, since: .ringBuffer),
      ])
  }

  @Test func overwriteModeTellsOfMissingPackets() throws {
    let channel = try LTTngModelChannel.small(.overwrite)
    var source = try LTTngModelSource(channel.stream())
    #expect(try channel.writer.write(first: 0, count: 32, payload: 8).accepted == 32)
    #expect(
      try source.readAll() == [
        LTTngPacket(number: 2, sequences: Array(16..<24), loss: .packets(2)),
        LTTngPacket(number: 3, sequences: Array(24..<32), loss: .none),
      ])
    let readings = try source.lossChannels()
    #expect(readings.contains(LossReading(channel: .sequenceGap, loss: .packets(2), since: .ringBuffer, marks: 1)))
    #expect(readings.contains(LossReading(channel: .positions, loss: .packets(2), since: .ringBuffer)))
  }

  @Test func aHeldSubbufferStaysWhileTheWriterGoesAround() throws {
    let channel = try LTTngModelChannel.small(.overwrite)
    var source = try LTTngModelSource(channel.stream())
    _ = try channel.writer.write(first: 0, count: 8, payload: 8)
    let held = try source.withNext { subbuffer throws(SourceError) in
      _ = try channel.writer.write(first: 8, count: 80, payload: 8)
      var sequences: [UInt64] = []
      do throws(MalformedSubbuffer) {
        try LTTngModelDecoder().forEachSequenceNumber(in: subbuffer) { sequences.append($0) }
      } catch {
        throw SourceError(error)
      }
      return sequences
    }
    guard case .subbuffer(let sequences) = held else {
      Issue.record("nothing was held")
      return
    }
    #expect(sequences == Array(0..<8))
    #expect(try source.readOne() == LTTngPacket(number: 9, sequences: Array(72..<80), loss: .packets(8)))
    #expect(channel.readerErrorCount == 0)
  }

  /// A flush ends a sub-buffer before its last event is committed. That late commit delivers the packet without
  /// sampling the count of discarded events, so `events_discarded` is 0 there and has its value again in a later
  /// packet.
  @Test func aLateCommitTellsNoDiscardedEvents() throws {
    let channel = try LTTngModelChannel.small(.discard)
    var source = try LTTngModelSource(channel.stream())
    _ = try channel.writer.write(first: 0, count: 20, payload: 8)
    _ = try source.readAll()
    _ = try channel.writer.write(first: 20, count: 1, payload: 8)
    _ = try source.flush()
    #expect(try source.readOne()?.loss == .events(4))

    let pending = try channel.writer.begin(sequence: 21, payload: 8)
    _ = try source.flush()
    pending.commit()
    try source.stream.unsafeGetNextSubbuffer()
    #expect(source.stream.unsafeGetEventsDiscarded() == 0)
    #expect(try source.readOne() == LTTngPacket(number: 3, sequences: [21], loss: .notTold))

    _ = try channel.writer.write(first: 22, count: 1, payload: 8)
    _ = try source.flush()
    #expect(try source.readOne() == LTTngPacket(number: 4, sequences: [22], loss: .none))
    #expect(
      try source.lossChannels().first == LossReading(channel: .subbufferHeader, loss: .events(4), since: .ringBuffer))
  }

  @Test func positionsAreReadAndStay() throws {
    for mode in RingMode.allCases {
      let channel = try LTTngModelChannel.small(mode, subbufferCount: 4)
      var source = try LTTngModelSource(channel.stream())
      _ = try channel.writer.write(first: 0, count: 24, payload: 8)
      let range = try source.snapshot()
      #expect(range == 0..<768)
      for position in stride(from: range.lowerBound, to: range.upperBound, by: 256).reversed() {
        guard case .subbuffer(let subbuffer) = try source.acquire(at: position) else {
          Issue.record("nothing at \(position)")
          return
        }
        let packet = try subbuffer.packet(decoder: LTTngModelDecoder())
        #expect(packet.loss == .notTold && packet.sequences.first == UInt64(position / 256 * 8))
        try subbuffer.release()
      }
      #expect(try source.readAll().map(\.number) == [0, 1, 2])
      #expect(channel.readerErrorCount == 0)
    }
  }

  @Test func waitAndTheEnd() throws {
    let channel = try LTTngModelChannel.small(.discard, subbufferCount: 4)
    var source = try LTTngModelSource(channel.stream())
    #expect(try source.wait(0) == .timedOut)
    _ = try channel.writer.write(first: 0, count: 7, payload: 8)
    #expect(try source.wait(0) == .timedOut)
    _ = try channel.writer.write(first: 7, count: 10, payload: 8)
    #expect(try source.wait(0) == .ready)
    #expect(try source.readOne()?.sequences == Array(0..<8))
    // The pipe is empty, but another sub-buffer is available.
    #expect(try source.wait(0) == .ready)
    #expect(try source.readAll().count == 1)
    #expect(try source.wait(0) == .timedOut)

    channel.writer.close()
    #expect(throws: SourceError.self) { try channel.writer.write(first: 17, count: 1, payload: 8) }
    #expect(try source.readOne() == nil)
    #expect(try source.wait(-1) == .hungUp)
    #expect(try source.readOne()?.sequences == [16])
    for _ in 0..<2 {
      guard case .finished = try source.acquire() else {
        Issue.record("not finished")
        return
      }
    }
    #expect(try source.wait(-1) == .hungUp)
  }

  @Test func aLaterReaderSeesOnlyWhatIsNewAndCannotWait() throws {
    let channel = try LTTngModelChannel.small(.discard)
    do {
      var first = try LTTngModelSource(channel.stream())
      _ = try channel.writer.write(first: 0, count: 30, payload: 8)
      #expect(try first.readOne()?.number == 0)
    }
    var second = try LTTngModelSource(channel.stream())
    let refusal = #expect(throws: SourceError.self) { _ = try second.wait(0) }
    #expect(refusal?.errno == .badFileDescriptor)
    #expect(try second.readAll() == [LTTngPacket(number: 1, sequences: Array(8..<16), loss: .notTold)])
  }

  @Test func nothingIsAllocatedForASubbuffer() throws {
    for mode in RingMode.allCases {
      let channel = try LTTngModelChannel(LTTngModelAttributes(mode: mode, subbufferSize: 256, subbufferCount: 64))
      var source = try LTTngModelSource(channel.stream())
      _ = try channel.writer.write(first: 0, count: 60 * 8, payload: 8)
      var packets = 0
      func read() throws {
        switch try source.acquire() {
        case .subbuffer(let subbuffer):
          packets += 1
          try subbuffer.release()
        case .nothingYet: break
        case .finished: break
        }
      }
      try read()
      let before = allocation_count()
      for _ in 0..<59 { try read() }
      #expect(allocation_count() == before)
      #expect(packets == 60)
    }
  }
}
