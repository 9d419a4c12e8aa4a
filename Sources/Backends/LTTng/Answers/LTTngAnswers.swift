import Results
import Study

/// The answers of LTTng's ring buffer, of both tracers: expectations and judges, and the questions that it alone is asked.
package enum LTTngAnswers {
  /// All answers, in the order of the report.
  package static let all: [Claim] =
    [
      held, partialInvisible, commitAdvances, whereItIs, onceInOrder, extraSubbuffer,
      reopened, deadReader, consumedAtRelease, restKept, releasedIsGone, killedOutside, killedInside, killedInsideTold,
      lostBetweenReaders,
      freeRunning,
      flagMeansMissed, countBesideGap, countBesideGapOfFull, countStays, timesInOrder, packetNumbers, packetSize,
      dataSizeWithLoss, idsOfEmpty, populatedIDs, populatedNumber, populatedCount,
      metaPageStays, bytesBehindData, freshBytes,
      discardCounted, receivedPlusDiscarded, overwriteUncounted, gapTimesEvents, lossBetweenAcquires,
      discardDropsNewest, overwriteDropsOldest, discardCapacity, roomAfterRelease, writerTold, countNeverFalls,
      countOfLate, overwriteBesideUncommitted,
      positions, snapshotRepeatable, snapshotNeedsFull, snapshotWhileWritten, samplesAnywhere, lookAhead, outOfBounds,
      positionOverwritten, positionHeld, consumedOnlyForward,
      finalized, endToldByPoll, restAfterEnd, recordingOffTold, flushOfEmpty, flushOfNew, finalFlushOfNew,
      populateOfNew, flushOnlyWithEvents,
      nothingThere, pollWhenAllIsRead, wakeUpForEach, switchTimer, readTimer, pollinWhenFull,
      severalReaders,
      doubleAcquire, releaseWithoutAcquire, putOnEmpty, putOnPartial, putTwice, putNextAfterGetAt, getAtWhileHeld,
      sampleWhileHeld, clearWhileHeld, unalignedPosition, recordingAfterMisuse, gettersWithoutGet, unknownRequest,
      unreadableMemory, absentPage,
      mappingRestrictions, mappingStays, notExecutable, mappingFlags, mappingInherited, debuggerReads, droppedPages,
      truncatedMemory, outsideHeld, releasedPage, storesRefused,
      acquireRequest,
      layoutFor32Bits, ioctlFor32Bits,
      clearEmpties, clearIsShown, clearIsNoLoss, clearOfAnother, recordingOff,
      oddSize, sizeLimits, fewestSubbuffers, largeSubbuffers, largeEvent, eventLength,
    ]
}
