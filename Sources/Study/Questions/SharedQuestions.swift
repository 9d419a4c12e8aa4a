import Results

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
    .endToldByPoll, .restAfterEnd, .recordingOffTold,
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

/// Sources that several claims cite. The mails are on linux-kernel.
package enum Cited {
  /// The subject of the thread that compares the two ABIs.
  package static let v11 = "Re: [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the thread that settles the flags of a mapping.
  package static let v22 = "Re: [PATCH v22 2/5] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the thread that introduces reader.read.
  package static let v2 = "Re: [PATCH v2 1/2] ring-buffer: Introducing ring-buffer mapping functions"
  /// The subject of the cover letter that describes the mapping.
  package static let rfc = "[RFC][PATCH 0/2] ring-buffer: Allow user space memorry mapping"
  /// The third posting of the patch that reports losses in the header of a mapped sub-buffer.
  package static let missedEvents = "[PATCH v3] ring-buffer: Have mmapped ring buffer keep track of missed events"
  /// The format of LTTng's packets.
  package static let ctf = "Common Trace Format (CTF) Specification, version 1.8.3, Event Packet Context Description"
}
