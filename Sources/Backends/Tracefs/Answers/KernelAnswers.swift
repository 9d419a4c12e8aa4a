import Results
import Study

/// The answers of the kernel's mapped ring buffer: expectations and judges, and the questions that it alone is asked.
package enum KernelAnswers {
  /// All answers, in the order of the report.
  package static let all: [Claim] =
    [
      firstAcquire, held, sameID, partialInvisible, commitAdvances, followWithoutAcquire, readIsEndOfData, pastRead,
      restBeforeNext, whereItIs, onceInOrder, extraSubbuffer, caughtUpWithUncommitted,
      reopened, deadReader, consumedAtRelease, restKept, releasedIsGone, idsAnew, killedOutside, lostBetweenReaders,
      counters, lostEvents, entriesInBuffer, entriesBalance, overrunIsLost, readIsDelivered, subbufsNotNeeded,
      freeRunning,
      lossToldTwice, countWhereRoom, flagMeansMissed, countBesideGap, countsSumUp, commitHighBits, flagStays,
      timesInOrder, dataSizeWithLoss,
      metaPageStays, lostEventsSinceSwap, lostEventsCleared, releasedIsEmpty, flagOfLastLap, bytesBehindData,
      freshBytes,
      discardCounted, receivedPlusDiscarded, overwriteUncounted, lossBetweenAcquires, discardDropsNewest,
      overwriteDropsOldest, discardCapacity, roomAfterRelease, writerTold, overwriteBesideUncommitted,
      lossBeforeUncommitted,
      lookAhead,
      restAfterEnd, recordingOffTold,
      readyAtPercent, nothingThere, pollWhenAllIsRead, nonBlockingIgnoresPercent, blockingAcquire, pollThenAcquire,
      requestZeroWakes, tracingOffWakes, pollinWhenFull,
      severalReaders, readersTakeTurns, readersInterleave, readBesideMapping,
      doubleAcquire, recordingAfterMisuse, unmappedAcquire, foreignAcquire, acquireAfterUnmapping, unknownRequest,
      unreadableMemory, absentPage,
      resizeWhileMapped, refusedResize, snapshotWhileMapped, spliceWhileMapped, spliceLeavesLoss, removalWhileMapped,
      refusedMapping,
      mappingRestrictions, firstMapping, mappingStays, notExecutable, mappingOffset, mappingFlags, mappingInherited,
      debuggerReads, droppedPages, mappingOutlives, aliasingCaches, truncatedMemory, outsideHeld, storesRefused,
      unmapInPart, forkedMapping, persistentMapping,
      toldLength, fieldsInPlace, olderReader, lengthsDiffer, paddingIsZero, lastWords, headerPageType, acquireRequest,
      layoutFor32Bits, ioctlFor32Bits,
      clearEmpties, clearIsShown, clearIsNoLoss, clearOfAnother, clockClears, overwriteToggled, recordingOff,
      orderUnderReader, removedOption,
      oddSize, sizeLimits, fewestSubbuffers, countIncludesReader, largeSubbuffers, largeEvent, markerSize, eventLength,
    ]
}
