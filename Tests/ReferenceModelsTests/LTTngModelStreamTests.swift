import Glibc
import ReferenceModels
import SubbufferSource
import SystemPackage
import Testing

@Suite struct LTTngModelStreamTests {
  @Test func aFilledSubbufferIsHandedOut() throws {
    let channel = try LTTngModelChannel.small(.discard)
    let stream = try channel.stream()
    #expect(stream.unsafeGetNextSubbufferResult() == -EAGAIN)
    #expect(try channel.writer.write(first: 5, count: 7, payload: 8).accepted == 7)
    #expect(stream.unsafeGetNextSubbufferResult() == -EAGAIN)
    #expect(try channel.writer.write(first: 12, count: 1, payload: 8).accepted == 1)

    try stream.unsafeGetNextSubbuffer()
    #expect(stream.unsafeGetMmapReadOffset() == 0)
    #expect(stream.unsafeGetSubbufferSize() == 256)
    #expect(stream.unsafeGetContentSize() == 256 * 8)
    #expect(stream.unsafeGetPacketSize() == 256 * 8)
    #expect(stream.unsafeGetSequenceNumber() == 0)
    #expect(stream.unsafeGetEventsDiscarded() == 0)
    #expect(stream.unsafeGetTimestampBegin() < stream.unsafeGetTimestampEnd())
    #expect(stream.unsafeGetTimestampEnd() < stream.getCurrentTimestamp())
    #expect(stream.getInstanceID() == 3)
    let words = stream.getMmapBase().assumingMemoryBound(to: UInt64.self)
    #expect(words[0] == 0xC1FC_1FC1)
    #expect(words[7] == 3)
    #expect(UInt32(truncatingIfNeeded: words[8]) == 16)
    #expect(words[9] == 5)

    stream.unsafePutNextSubbuffer()
    #expect(stream.unsafeGetNextSubbufferResult() == -EAGAIN)
    stream.snapshotSamplePositions()
    #expect(stream.snapshotGetConsumed() == 256)
    #expect(stream.snapshotGetProduced() == 256)
    #expect(channel.writerErrorCount == 0 && channel.readerErrorCount == 0)
  }

  @Test func theMemoryHasTheReadersSubbufferInOverwriteModeOnly() throws {
    for (mode, count) in [(RingMode.discard, 4), (.overwrite, 5)] {
      let channel = try LTTngModelChannel.small(mode, subbufferCount: 4)
      let stream = try channel.stream()
      #expect(stream.getMmapLength() == UInt(256 * count))
      #expect(stream.getMaxSubbufferSize() == 256)
      #expect(channel.attributes.geometry.subbufferCount == count)
    }
  }

  @Test func aPacketIsPaddedToPages() throws {
    let channel = try LTTngModelChannel(LTTngModelAttributes(mode: .discard, subbufferSize: 16384, subbufferCount: 2))
    let stream = try channel.stream()
    _ = try channel.writer.write(first: 0, count: 253, payload: 0)
    stream.flushBuffer(producerActive: true)
    try stream.unsafeGetNextSubbuffer()
    #expect(stream.unsafeGetContentSize() == (64 + 253 * 16) * 8)
    #expect(stream.unsafeGetPacketSize() == 8192 * 8)
    #expect(stream.unsafeGetSubbufferSize() == 64 + 253 * 16)
    #expect(stream.unsafeGetPaddedSubbufferSize() == 8192)
  }

  /// The header of the first packet is written when the ring buffer is made; those of the others with their first event.
  @Test func anActiveFlushEndsWhatWasBegun() throws {
    let channel = try LTTngModelChannel.small(.discard)
    let stream = try channel.stream()
    stream.flushBuffer(producerActive: true)
    try stream.unsafeGetNextSubbuffer()
    #expect(stream.unsafeGetContentSize() == 64 * 8)
    stream.unsafePutNextSubbuffer()

    stream.flushBuffer(producerActive: true)
    #expect(stream.unsafeGetNextSubbufferResult() == -EAGAIN)

    stream.flushBuffer(producerActive: false)
    try stream.unsafeGetNextSubbuffer()
    #expect(stream.unsafeGetSequenceNumber() == 1)
    #expect(stream.unsafeGetContentSize() == 64 * 8)
  }

  @Test func aFlushOfAFullRingBufferDoesNothing() throws {
    let channel = try LTTngModelChannel.small(.discard)
    let stream = try channel.stream()
    let written = try channel.writer.write(first: 0, count: 20, payload: 8)
    #expect(written.accepted == 16 && written.discardedFull == 4 && written.discarded == 4)
    stream.flushBuffer(producerActive: false)
    stream.snapshotSamplePositions()
    #expect(stream.snapshotGetProduced() == 512)
  }

  @Test func anEventThatNoSubbufferHasRoomForIsCounted() throws {
    let channel = try LTTngModelChannel.small(.overwrite)
    let stream = try channel.stream()
    let written = try channel.writer.write(first: 0, count: 2, payload: 256)
    #expect(written.accepted == 0 && written.discardedBig == 2)
    stream.flushBuffer(producerActive: false)
    try stream.unsafeGetNextSubbuffer()
    #expect(stream.unsafeGetEventsDiscarded() == 2)
  }

  @Test func clearingLeavesNothingToRead() throws {
    for mode in RingMode.allCases {
      let channel = try LTTngModelChannel.small(mode)
      let stream = try channel.stream()
      _ = try channel.writer.write(first: 0, count: 11, payload: 8)
      stream.clearBuffer()
      #expect(stream.unsafeGetNextSubbufferResult() == -EAGAIN)
      stream.snapshotSamplePositions()
      #expect(stream.snapshotGetConsumed() == 512 && stream.snapshotGetProduced() == 512)
      // Writing continues after the cleared data.
      _ = try channel.writer.write(first: 11, count: 8, payload: 8)
      try stream.unsafeGetNextSubbuffer()
      #expect(stream.unsafeGetSequenceNumber() == 2)
    }
  }

  @Test func positionsAreReadWithoutConsuming() throws {
    for mode in RingMode.allCases {
      let channel = try LTTngModelChannel.small(mode, subbufferCount: 4)
      let stream = try channel.stream()
      #expect(throws: SourceError.self) { try stream.snapshot() }
      _ = try channel.writer.write(first: 0, count: 25, payload: 8)
      try stream.snapshot()
      #expect(stream.snapshotGetConsumed() == 0 && stream.snapshotGetProduced() == 768)
      for round in 0..<2 {
        for number in [2, 0, 1] as [UInt64] {
          // A position within the sub-buffer serves as well as its beginning.
          try stream.unsafeGetSubbuffer(at: UInt(number) * 256 + (round == 0 ? 0 : 40))
          #expect(stream.unsafeGetSequenceNumber() == number)
          stream.unsafePutSubbuffer()
        }
      }
      stream.snapshotSamplePositions()
      #expect(stream.snapshotGetConsumed() == 0 && stream.snapshotGetProduced() == 768 + 64 + 24)
      #expect(channel.readerErrorCount == 0)
    }
  }

  @Test func aPositionThatWasConsumedIsRefused() throws {
    let channel = try LTTngModelChannel.small(.discard)
    let stream = try channel.stream()
    _ = try channel.writer.write(first: 0, count: 16, payload: 8)
    try stream.unsafeGetNextSubbuffer()
    stream.unsafePutNextSubbuffer()
    #expect(stream.unsafeGetSubbufferResult(at: 0) == -EAGAIN)
    #expect(stream.unsafeGetSubbufferResult(at: 256) == 0)
  }

  @Test func oneReaderAtATime() throws {
    let channel = try LTTngModelChannel.small(.discard)
    do {
      let stream = try channel.stream()
      let refusal = #expect(throws: SourceError.self) { _ = try channel.stream() }
      #expect(refusal?.errno == .resourceBusy)
      #expect(stream.getWaitDescriptor() >= 0)
    }
    let second = try channel.stream()
    #expect(second.getWaitDescriptor() < 0 && second.getWakeupDescriptor() < 0)
  }

  /// The last commit delivers a sub-buffer, not the event that fills it.
  @Test func anUncommittedEventHoldsItsSubbufferBack() throws {
    let channel = try LTTngModelChannel.small(.discard)
    let stream = try channel.stream()
    let pending = try channel.writer.begin(sequence: 0, payload: 8)
    _ = try channel.writer.write(first: 1, count: 7, payload: 8)
    stream.snapshotSamplePositions()
    #expect(stream.snapshotGetProduced() == 256)
    var request = pollfd(fd: stream.getWaitDescriptor(), events: Int16(POLLIN), revents: 0)
    #expect(poll(&request, 1, 0) == 0)
    pending.commit()
    #expect(poll(&request, 1, 0) == 1)
    #expect(stream.unsafeGetNextSubbufferResult() == 0)
    #expect(stream.unsafeGetContentSize() == 256 * 8)
  }

  /// An uncommitted event of the previous lap makes the writer discard, also in overwrite mode.
  @Test func anUncommittedEventStopsTheWriterWhenItComesAround() throws {
    let channel = try LTTngModelChannel.small(.overwrite)
    let pending = try channel.writer.begin(sequence: 0, payload: 8)
    let written = try channel.writer.write(first: 1, count: 20, payload: 8)
    #expect(written.accepted == 15 && written.discardedWrap == 5)
    let refusal = #expect(throws: SourceError.self) { _ = try channel.writer.begin(sequence: 0, payload: 8) }
    #expect(refusal?.errno == .ioError)
    pending.commit()
    #expect(try channel.writer.write(first: 21, count: 1, payload: 8).accepted == 1)
  }
}
