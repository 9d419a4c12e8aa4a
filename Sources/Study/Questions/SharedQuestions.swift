extension Claim {
  /// The questions that are asked of every ABI, in the order of the report.
  public static let shared: [Claim] = [
    .held, .partialInvisible, .commitAdvances, .whereItIs, .onceInOrder, .extraSubbuffer,
    .reopened, .deadReader, .consumedAtRelease, .restKept, .releasedIsGone, .killedOutside, .lostBetweenReaders,
    .freeRunning,
    .flagMeansMissed, .countBesideGap, .timesInOrder, .dataSizeWithLoss,
    .metaPageStays, .bytesBehindData, .freshBytes,
    .discardCounted, .receivedPlusDiscarded, .overwriteUncounted, .lossBetweenAcquires, .discardDropsNewest,
    .overwriteDropsOldest, .discardCapacity, .roomAfterRelease, .writerTold, .overwriteBesideUncommitted,
    .lookAhead,
    .restAfterEnd, .recordingOffTold,
    .nothingThere, .pollWhenAllIsRead, .pollinWhenFull,
    .severalReaders,
    .doubleAcquire, .recordingAfterMisuse, .unknownRequest, .unreadableMemory, .absentPage,
    .mappingRestrictions, .mappingStays, .notExecutable, .mappingFlags, .mappingInherited, .debuggerReads,
    .droppedPages, .truncatedMemory, .outsideHeld, .storesRefused,
    .acquireRequest,
    .layoutFor32Bits, .ioctlFor32Bits,
    .clearEmpties, .clearIsShown, .clearIsNoLoss, .clearOfAnother, .recordingOff,
    .oddSize, .sizeLimits, .fewestSubbuffers, .largeSubbuffers, .largeEvent, .eventLength,
  ]
}
