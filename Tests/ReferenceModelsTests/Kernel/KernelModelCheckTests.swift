import ReferenceModels
import Testing

@Suite struct KernelModelCheckTests {
  @Test(arguments: KernelModelParameters.Variant.allCases, KernelModelParameters.Mode.allCases)
  func theDesignHolds(_ variant: KernelModelParameters.Variant, _ mode: KernelModelParameters.Mode) {
    let check = variant.check(mode, seed: 1, schedules: 200)
    #expect(check.violations.isEmpty, "\(check.violations.prefix(3))")
    #expect(check.schedules == 200)
    // 40 events in each run: the ring buffers are small enough for losses, the reader is fast enough for exchanges.
    #expect(check.deliveredEvents + check.lostEvents == 200 * 40)
    #expect(check.lostEvents > 1_000 && check.exchanges > 1_000)
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

  @Test(arguments: KernelModelParameters.Mode.allCases)
  func aCompareExchangeThatDoesNotCompareIsCaught(_ mode: KernelModelParameters.Mode) {
    let check = KernelModelParameters.Variant.asMerged.check(mode, seed: 1, schedules: 50) {
      KernelBrokenMemory(wordCount: $0, defect: .noCompare)
    }
    // In discard mode the writer never moves the head, and only the reader exchanges a pointer.
    #expect(check.violations.isEmpty == (mode == .discard))
  }

  @Test func aLostStoreIsCaughtInBothModes() {
    for mode in KernelModelParameters.Mode.allCases {
      let check = KernelModelParameters.Variant.asMerged.check(mode, seed: 1, schedules: 50) {
        KernelBrokenMemory(wordCount: $0, defect: .lostStores)
      }
      #expect(!check.violations.isEmpty)
    }
  }
}
