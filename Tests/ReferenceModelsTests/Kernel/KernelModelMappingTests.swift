import ReferenceModels
import SubbufferSource
import Testing

/// The one-to-one layer.
@Suite struct KernelModelMappingTests {
  typealias Variant = KernelModelParameters.Variant

  /// As in the kernel's own map_test.c: 16 markers, one ioctl, and a second one that changes nothing.
  @Test(arguments: Variant.allCases) func theFirstCallTakesThePageWithID1(_ variant: Variant) throws {
    let ring = try KernelModelRing.make(variant, size: 4096)
    let mapping = try KernelModelMapping(ring, nonBlocking: true)
    #expect(mapping.readerID == 0 && mapping.readerRead == 0)
    ring.write(first: 0, count: 16, payload: 16)
    for _ in 0..<2 {
      let result = mapping.unsafeGetReader()
      #expect(result == 0)
      let meta = mapping.metaPage
      #expect(meta.entries == 16 && meta.overrun == 0 && meta.read == 16)
      #expect(meta.readerID == 1 && meta.readerRead == 16 * 32 && meta.subbufferCount == 5)
    }
    let addresses = (mapping.unsafeSubbuffer(4), mapping.unsafeSubbuffer(5))
    #expect(addresses.0 != nil && addresses.1 == nil)
    let commits = (mapping.commitWord(1), mapping.commitWord(5))
    #expect(commits == (16 * 32, nil))
  }

  @Test func entriesOfTheMetaPageAreAllThatWereWritten() throws {
    let ring = try KernelModelRing.make()
    let mapping = try KernelModelMapping(ring, nonBlocking: true)
    ring.write(first: 0, count: 100, payload: 16)
    _ = mapping.unsafeGetReader()
    let meta = mapping.metaPage
    let stats = ring.stats
    #expect(meta.entries == 100 && meta.overrun == 60 && meta.read == 10)
    #expect(stats.entries == 30 && stats.overrun == 60 && stats.readEvents == 10)
    #expect(meta.readerLostEvents == 0 && meta.subbufsTouched == nil)
  }

  @Test func asPostedInV11TheMetaPageCountsSubbuffers() throws {
    let ring = try KernelModelRing.make(.asPostedInV11)
    let mapping = try KernelModelMapping(ring, nonBlocking: true)
    ring.write(first: 0, count: 100, payload: 16)
    _ = mapping.unsafeGetReader()
    let meta = mapping.metaPage
    #expect(meta.subbufsTouched == 9 && meta.subbufsLost == 6 && meta.subbufsRead == 1)
    #expect(meta.readerLostEvents == 60 && meta.flags == nil)
    let commit = mapping.commitWord(meta.readerID)
    #expect(commit == 320)
  }

  @Test func aSecondMappingSharesAndAnewFirstOneGivesNewIDs() throws {
    let ring = try KernelModelRing.make()
    try useAndClose(ring)
    // All mappings were closed: the reader's sub-buffer is 0 again, and the read events are still in it.
    let mapping = try KernelModelMapping(ring, nonBlocking: true)
    #expect(mapping.readerID == 0 && mapping.readerRead == 320)
    let address = mapping.unsafeSubbuffer(0)
    let start = try #require(address)
    #expect(start.load(fromByteOffset: 24, as: UInt64.self) == 10)
    ring.write(first: 20, count: 5, payload: 16)
    let result = mapping.unsafeGetReader()
    #expect(result == 0)
    #expect(mapping.readerID == 1 && mapping.readerRead == 160)
  }

  /// Reads two sub-buffers with 20 events through two mappings by turns.
  private func useAndClose(_ ring: KernelModelRing) throws {
    let first = try KernelModelMapping(ring, nonBlocking: true)
    let second = try KernelModelMapping(ring, nonBlocking: true)
    ring.write(first: 0, count: 20, payload: 16)
    _ = first.unsafeGetReader()
    let addresses = (first.unsafeSubbuffer(1), second.unsafeSubbuffer(1))
    #expect(second.readerID == 1 && addresses.0 == addresses.1)
    _ = second.unsafeGetReader()
    #expect(first.readerID == 2)
  }

  @Test func pollSaysReadyFromTheWatermarkOn() throws {
    let ring = try KernelModelRing.make()
    let mapping = try KernelModelMapping(ring, nonBlocking: true)
    #expect(ring.bufferPercent == 50)
    // 50 percent of four sub-buffers are reached with one full sub-buffer and one event in the next.
    ring.write(first: 0, count: 10, payload: 16)
    #expect(try isReady(mapping) == false)
    ring.write(first: 10, count: 1, payload: 16)
    #expect(try isReady(mapping) == true)
    try ring.setBufferPercent(100)
    #expect(try isReady(mapping) == false)
    ring.write(first: 11, count: 20, payload: 16)
    #expect(try isReady(mapping) == true)
    #expect(throws: SourceError.self) { try ring.setBufferPercent(101) }
  }

  @Test func pollAtZeroPercentSaysReadyWithOneEvent() throws {
    let ring = try KernelModelRing.make()
    try ring.setBufferPercent(0)
    let mapping = try KernelModelMapping(ring, nonBlocking: true)
    #expect(try isReady(mapping) == false)
    ring.write(first: 0, count: 1, payload: 16)
    #expect(try isReady(mapping) == true)
    _ = mapping.unsafeGetReader()
    #expect(try isReady(mapping) == false)
  }

  @Test func pollIsNotReadyWhileTheWriterIsOnTheReadersSubbuffer() throws {
    let ring = try KernelModelRing.make()
    try ring.setBufferPercent(1)
    let mapping = try KernelModelMapping(ring, nonBlocking: true)
    ring.write(first: 0, count: 1, payload: 16)
    _ = mapping.unsafeGetReader()
    ring.write(first: 1, count: 1, payload: 16)
    // The only event is in the sub-buffer that the reader already holds.
    #expect(try isReady(mapping) == false)
    try ring.setBufferPercent(0)
    #expect(try isReady(mapping) == true)
  }

  private func isReady(_ mapping: borrowing KernelModelMapping) throws -> Bool { try mapping.poll(0) != 0 }
}
