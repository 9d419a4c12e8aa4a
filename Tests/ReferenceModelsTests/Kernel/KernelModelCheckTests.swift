import ReferenceModels
import SubbufferSource
import Testing

@Suite struct KernelModelCheckTests {
  @Test(arguments: KernelModelParameters.Variant.allCases, RingMode.allCases)
  func theDesignHolds(_ variant: KernelModelParameters.Variant, _ mode: RingMode) {
    let check = variant.check(mode, seed: 1, schedules: 200)
    #expect(check.violations.isEmpty, "\(check.violations.prefix(3))")
    #expect(check.schedules == 200)
    // 40 events in each run: the ring buffers are small enough for losses, the reader is fast enough for exchanges.
    #expect(check.deliveredEvents + check.lostEvents == 200 * 40)
    #expect(check.lostEvents > 1_000 && check.exchanges > 1_000)
  }

  @Test(arguments: KernelModelParameters.Variant.allCases, RingMode.allCases)
  func `the design holds with writers that interrupt others before their commit`(
    _ variant: KernelModelParameters.Variant, _ mode: RingMode
  ) {
    // Fewer and more than a ring buffer of the shapes takes.
    for nested in [1, 4, 20] as [UInt64] {
      let check = variant.check(mode, seed: 1, schedules: 200, nested: nested)
      #expect(check.violations.isEmpty, "\(nested) nested: \(check.violations.prefix(3))")
      #expect(check.deliveredEvents + check.lostEvents == 200 * 40)
    }
  }

  /// Seeds from 200 schedules in which the writer commits between two loads of the reader.
  @Test(arguments: [(KernelModelParameters.Variant.asMerged, UInt64(171)), (.asPostedInV11, 16)])
  func `a commit of an interrupted writer between two loads of the reader loses a sub-buffer`(
    _ variant: KernelModelParameters.Variant, _ seed: UInt64
  ) {
    let overtaken = variant.check(.overwrite, seed: seed, schedules: 1, nested: 4, letsReaderBeOvertaken: true)
    #expect(overtaken.violations.count == 1)
    #expect(variant.check(.overwrite, seed: seed, schedules: 1, nested: 4).violations.isEmpty)
  }

  /// Seeds from 20,000 schedules in which the reader makes several calls between two loads of the writer.
  @Test(arguments: [(KernelModelParameters.Variant.asMerged, UInt64(8839)), (.asPostedInV11, 8934)])
  func aWriterThatIsOvertakenGoesAstray(_ variant: KernelModelParameters.Variant, _ seed: UInt64) {
    let overtaken = variant.check(.overwrite, seed: seed, schedules: 1, letsWriterBeOvertaken: true)
    #expect(overtaken.violations.count == 1)
    #expect(variant.check(.overwrite, seed: seed, schedules: 1).violations.isEmpty)
  }

  @Test func theSameSeedFindsTheSame() {
    let first = KernelModelParameters.Variant.asMerged.check(.overwrite, seed: 7, schedules: 20)
    #expect(first == KernelModelParameters.Variant.asMerged.check(.overwrite, seed: 7, schedules: 20))
    #expect(first != KernelModelParameters.Variant.asMerged.check(.overwrite, seed: 8, schedules: 20))
  }

  @Test func aViolationIsMadeAgainByItsSeed() throws {
    let makeMemory = { KernelBrokenMemory(wordCount: $0, defect: .noCompare) }
    let check = KernelModelParameters.Variant.asMerged.check(.overwrite, seed: 1, schedules: 50, makeMemory)
    let violation = try #require(check.violations.last)
    let again = KernelModelParameters.Variant.asMerged.check(
      .overwrite, seed: violation.seed, schedules: 1, makeMemory)
    #expect(again.violations == [violation])
  }

  @Test func aWriterThatPushesTheHeadWithoutTheUpdateFlagIsCaught() {
    let check = KernelModelParameters.Variant.asMerged.check(.overwrite, seed: 1, schedules: 50) {
      KernelBrokenMemory(wordCount: $0, defect: .noUpdateFlag)
    }
    #expect(!check.violations.isEmpty)
  }

  @Test(arguments: RingMode.allCases)
  func aCompareExchangeThatDoesNotCompareIsCaught(_ mode: RingMode) {
    let check = KernelModelParameters.Variant.asMerged.check(mode, seed: 1, schedules: 50) {
      KernelBrokenMemory(wordCount: $0, defect: .noCompare)
    }
    // In discard mode the writer never moves the head, and only the reader exchanges a pointer.
    #expect(check.violations.isEmpty == (mode == .discard))
  }

  @Test func aLostStoreIsCaughtInBothModes() {
    for mode in RingMode.allCases {
      let check = KernelModelParameters.Variant.asMerged.check(mode, seed: 1, schedules: 50) {
        KernelBrokenMemory(wordCount: $0, defect: .lostStores)
      }
      #expect(!check.violations.isEmpty)
    }
  }
}
