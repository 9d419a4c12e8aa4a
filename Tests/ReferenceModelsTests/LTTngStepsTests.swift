@testable import ReferenceModels
import SubbufferSource
import Testing

/// Single operations on a memory that the test inspects.
@Suite struct LTTngStepsTests {
  private let layout: LTTngLayout
  private var memory: SteppedMemory

  init() throws {
    let attributes = try LTTngModelAttributes(mode: .discard, subbufferSize: 256, subbufferCount: 2)
    layout = LTTngLayout(attributes)
    memory = SteppedMemory(wordCount: attributes.wordCount)
    layout.initialize(&memory)
    var open = OpenForReading(layout: layout)
    _ = open.run(on: &memory)
  }

  private mutating func write(_ sequence: UInt64) {
    var write = WriteEvent(layout, LTTngEvent(sequence: sequence, payloadByteCount: 8))
    _ = write.run(on: &memory)
  }

  /// `LTTNG_UST_RING_BUFFER_GET_RETRY` is 10, and `nr_retry <= 5` is checked after its decrement.
  @Test mutating func aGetBehindAnUncommittedEventSleepsSixTimes() {
    var pending = WriteEvent(layout, LTTngEvent(sequence: 0, payloadByteCount: 8))
    while !pending.isBeforeCommit { _ = pending.step(on: &memory) }
    for sequence in 1..<8 as Range<UInt64> { write(sequence) }
    var get = GetNextSubbuffer(layout)
    var delays = 0
    var result: LTTngReadResult?
    while result == nil {
      if get.isDelaying { delays += 1 }
      result = get.output(on: &memory)
    }
    #expect(result == .nothing)
    #expect(delays == 6)
  }

  @Test mutating func aGetBehindAnEventThatIsCommittedMeanwhileSucceeds() {
    var pending = WriteEvent(layout, LTTngEvent(sequence: 0, payloadByteCount: 8))
    while !pending.isBeforeCommit { _ = pending.step(on: &memory) }
    for sequence in 1..<8 as Range<UInt64> { write(sequence) }
    var get = GetNextSubbuffer(layout)
    while !get.isDelaying { _ = get.step(on: &memory) }
    _ = pending.run(on: &memory)
    #expect(get.run(on: &memory) == .success(0))
  }

  @Test mutating func aFinalizedRingBufferSaysSo() {
    memory.store(1, to: layout.finalized, .relaxed)
    for sequence in 0..<8 as Range<UInt64> { write(sequence) }
    var get = GetNextSubbuffer(layout)
    #expect(get.run(on: &memory) == .success(0))
    var put = PutNextSubbuffer(layout)
    put.run(on: &memory)
    var more = GetNextSubbuffer(layout)
    #expect(more.run(on: &memory) == .finalized)
  }

  /// The end of the committed data before the first hole, for inspection after a crash: `commit_hot[].seq`.
  @Test mutating func theCommitSequenceStopsAtAHole() {
    write(0)
    #expect(memory.readPlain(layout.commitSequence(0)) == 88)
    var pending = WriteEvent(layout, LTTngEvent(sequence: 1, payloadByteCount: 8))
    while !pending.isBeforeCommit { _ = pending.step(on: &memory) }
    write(2)
    #expect(memory.readPlain(layout.commitSequence(0)) == 88)
    #expect(memory.readPlain(layout.commitCount(0)) == 112)
    _ = pending.run(on: &memory)
    #expect(memory.readPlain(layout.commitCount(0)) == 136)
  }

  @Test func aSubbufferIDHasThreeParts() {
    let id = LTTngSubbufferID(subbuffer: 7, in: .overwrite)
    #expect(id.rawValue == 1 << 32 | 7)
    #expect(id.isNotReferenced && !id.referenced.isNotReferenced)
    let delivered = id.referenced.delivered(inLap: 5)
    #expect(delivered.rawValue == 5 << 33 | 1 << 32 | 7)
    #expect(delivered.subbuffer == 7 && delivered.isOfLap(5) && !delivered.isOfLap(4))
    #expect(LTTngSubbufferID(subbuffer: 7, in: .discard).rawValue == 7)
  }

  @Test func attributesThatCannotBeAreRefused() {
    for (size, count) in [(64, 2), (192, 2), (256, 0), (256, 3), (1 << 25, 2), (256, 1 << 13), (-256, 2)] {
      #expect(throws: SourceError.self) {
        try LTTngModelAttributes(mode: .discard, subbufferSize: size, subbufferCount: count)
      }
    }
    #expect(throws: SourceError.self) {
      try LTTngModelAttributes(mode: .overwrite, subbufferSize: 256, subbufferCount: 1)
    }
  }
}
