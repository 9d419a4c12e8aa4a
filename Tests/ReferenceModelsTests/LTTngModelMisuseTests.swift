import Glibc
import ReferenceModels
import SubbufferSource
import Testing

/// Effects of calls in the wrong order. The model has no code for these cases: they follow from the steps.
@Suite struct LTTngModelMisuseTests {
  @Test func aSecondGetInOverwriteModeSwapsTheSubbufferAway() throws {
    let channel = try LTTngModelChannel.small(.overwrite)
    let stream = try channel.stream()
    _ = try channel.writer.write(first: 0, count: 8, payload: 8)
    #expect(stream.unsafeGetNextSubbufferResult() == 0)
    #expect(stream.unsafeGetMmapReadOffset() == 0)
    #expect(channel.readerErrorCount == 0)
    #expect(stream.unsafeGetNextSubbufferResult() == 0)
    // The reader's own sub-buffer, to which nothing was written.
    #expect(stream.unsafeGetMmapReadOffset() == 512)
    #expect(stream.unsafeGetSubbufferSize() == 0)
    #expect(channel.readerErrorCount == 1)
    // A third get brings the first sub-buffer back.
    #expect(stream.unsafeGetNextSubbufferResult() == 0)
    #expect(stream.unsafeGetMmapReadOffset() == 0)
    #expect(stream.unsafeGetSequenceNumber() == 0)
    // The writer counts no error.
    #expect(channel.writerErrorCount == 0)
    #expect(try channel.writer.write(first: 8, count: 8, payload: 8).accepted == 8)
  }

  @Test func aSecondGetInDiscardModeGivesTheSameSubbuffer() throws {
    let channel = try LTTngModelChannel.small(.discard)
    let stream = try channel.stream()
    _ = try channel.writer.write(first: 0, count: 8, payload: 8)
    for _ in 0..<2 {
      #expect(stream.unsafeGetNextSubbufferResult() == 0)
      #expect(stream.unsafeGetMmapReadOffset() == 0)
      #expect(stream.unsafeGetSequenceNumber() == 0)
    }
    #expect(channel.readerErrorCount == 0)
  }

  @Test func aPutWithoutGetSkipsASubbuffer() throws {
    for mode in RingMode.allCases {
      let channel = try LTTngModelChannel.small(mode)
      let stream = try channel.stream()
      _ = try channel.writer.write(first: 0, count: 16, payload: 8)
      // The put uses the position of the last snapshot, and no snapshot was taken.
      stream.unsafePutNextSubbuffer()
      #expect(channel.readerErrorCount == 1)
      #expect(stream.unsafeGetNextSubbufferResult() == 0)
      #expect(stream.unsafeGetSequenceNumber() == 1)
      stream.unsafePutNextSubbuffer()
      // The snapshot is still that of the last get: nothing more is skipped.
      stream.unsafePutNextSubbuffer()
      stream.snapshotSamplePositions()
      #expect(stream.snapshotGetConsumed() == 512)
      #expect(channel.readerErrorCount == 2)
    }
  }

  /// On an empty ring buffer the put moves the consumed position beyond the write offset. Each reservation pushes it
  /// further, and in discard mode the ring buffer counts as full from the next sub-buffer on.
  @Test func aPutWithoutGetOnAnEmptyRingBufferEndsIt() throws {
    let discard = try LTTngModelChannel.small(.discard)
    let stream = try discard.stream()
    stream.unsafePutNextSubbuffer()
    stream.snapshotSamplePositions()
    #expect(stream.snapshotGetConsumed() == 256 && stream.snapshotGetProduced() == 64)
    let written = try discard.writer.write(first: 0, count: 20, payload: 8)
    #expect(written.accepted == 8 && written.discardedFull == 12)
    stream.snapshotSamplePositions()
    #expect(stream.snapshotGetConsumed() == 256 + 8 * 256)

    let overwrite = try LTTngModelChannel.small(.overwrite)
    let other = try overwrite.stream()
    other.unsafePutNextSubbuffer()
    #expect(try overwrite.writer.write(first: 0, count: 20, payload: 8).accepted == 20)
    other.snapshotSamplePositions()
    #expect(other.snapshotGetConsumed() > other.snapshotGetProduced())
  }

  @Test func aPutByPositionWithoutGetDoesNothing() throws {
    for mode in RingMode.allCases {
      let channel = try LTTngModelChannel.small(mode)
      let stream = try channel.stream()
      _ = try channel.writer.write(first: 0, count: 8, payload: 8)
      stream.unsafePutSubbuffer()
      #expect(channel.readerErrorCount == 1)
      #expect(stream.unsafeGetNextSubbufferResult() == 0)
      #expect(stream.unsafeGetSequenceNumber() == 0)
    }
  }

  @Test func aReaderThatGoesWithoutPutLeavesItsSubbuffer() throws {
    for mode in RingMode.allCases {
      let channel = try LTTngModelChannel.small(mode)
      do {
        let stream = try channel.stream()
        _ = try channel.writer.write(first: 0, count: 8, payload: 8)
        try stream.unsafeGetNextSubbuffer()
      }
      // The next reader's get is a second get of the same sub-buffer.
      let next = try channel.stream()
      #expect(next.unsafeGetNextSubbufferResult() == 0)
      #expect(next.unsafeGetSubbufferSize() == (mode == .discard ? 256 : 0))
      #expect(channel.readerErrorCount == (mode == .discard ? 0 : 1))
    }
  }
}
