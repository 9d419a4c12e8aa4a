import Results
import Study

/// The answers of the shared ring to shared questions. Each expectation is a promise of README.md.
public enum SharedRingAnswers {
  /// All answers, in the order of the report.
  public static let all: [Claim] = [
    held, partial, commitAdvances, onceInOrder, extraSubbuffer,
    reopened, deadReader, restKept, killedOutside, lostBetweenReaders,
    discardCounted, overwriteCounted, lossBetweenAcquires, discardDropsNewest, overwriteDropsOldest, writerTold,
  ]

  static let held = Claim.held.answered([
    .sharedRing: .documented(
      "promise 1: the writer does not write into the reader's sub-buffer",
      reaching: [.eventsOverwritten("events overwritten meanwhile", moreThan: 1_000)]
    ) { seen in
      try .yes(seen.number("bytes of the held sub-buffer that changed") == 0)
    }
  ])

  static let partial = Claim.partialInvisible.answered(
    procedure: "Write 3 events and acquire.",
    [
      .sharedRing: .documented("promise 2: the events of a partial sub-buffer too") { seen in
        let (written, handedOut) = try (seen.number("events written"), seen.number("events handed out"))
        return Answer(handedOut == written ? "yes" : handedOut == 0 ? "no" : "yes, in part", expected: "yes")
      }
    ])

  static let commitAdvances = Claim.commitAdvances.answered(
    procedure: "Write 4 events and acquire; write 4 more; load the commit word of the held sub-buffer.",
    [.sharedRing: .documented("promise 2: the commit word covers the 4 events", Claim.lateEvents)])

  static let onceInOrder = Claim.onceInOrder.answered(
    procedure: "Many times: write from one event to two sub-buffers of events, and read everything.",
    [.sharedRing: .documented("promise 3: every event once and in order", Claim.everyEventOnce)])

  static let extraSubbuffer = Claim.extraSubbuffer.answered([
    .sharedRing: .documented("promise 1: one more than the writer's, in both modes") { seen in
      try Answer(seen.inBothModes { mode in try Claim.extra(seen, mode) }, expected: "yes")
    }
  ])

  static let reopened = Claim.reopened.answered(
    procedure: "Write 8 events; a reader acquires and leaves; write 4 more; a second reader acquires.",
    [
      .sharedRing: .documented("promise 7: exactly the 4 new events") { seen in
        try .yes(seen["second reader: events"] == "8 … 11 (4)")
      }
    ])

  static let deadReader = Claim.deadReader.answered(
    procedure: "Write 8 events; a reader in another process acquires and is killed; a second reader acquires.",
    [
      .sharedRing: .documented(
        "promise 7: no, an event is consumed at the acquire",
        reaching: [.subbufferHeld { seen in try seen["first reader, killed: its acquire"] == "0" }]
      ) { seen in
        try .yes(seen["second reader: events"] != "none", expected: false)
      }
    ])

  static let restKept = Claim.restKept.answered(
    procedure: "Write three and a half sub-buffers; a reader acquires one and leaves; a second reads the rest.",
    [.sharedRing: .documented("promise 7: the two together get every event once", Claim.bothGetAll)])

  static let killedOutside = Claim.killedOutside.answered(
    procedure: "Write two and a half sub-buffers; kill the writer while it waits; read everything.",
    [.sharedRing: .documented("promise 8: every event is delivered", Claim.deliveredOfKilled)])

  static let lostBetweenReaders = Claim.lostBetweenReaders.answered(
    procedure: "A reader reads everything and leaves; overwrite the ring buffer twice; a second reads everything.",
    [
      .sharedRing: .documented("promises 5 and 7: the number of missing events") { seen in
        try Answer(
          seen.report("told to the second", of: seen.number("events missing between the two readers")),
          expected: "exact")
      }
    ])

  static let discardCounted = Claim.discardCounted.answered(
    procedure: "Write three times what fits; read everything; write one event and read it.",
    [.sharedRing: .documented("promise 5: the counter and the headers are exact", countsAreExact)])

  static let overwriteCounted = Claim.overwriteUncounted.answered(
    procedure: "Write three times what fits; read everything; write one event and read it.",
    [.sharedRing: .documented("promise 5: the counter and the headers are exact", countsAreExact)])

  private static let countsAreExact: Expectation.Judge = { seen in
    let lost = try seen.lost
    let counter = try seen.report("lost", of: lost)
    let headers = try seen.report("told with the sub-buffers, one event later", of: lost)
    return Answer(counter == "exact" ? headers : counter, expected: "exact")
  }

  static let lossBetweenAcquires = Claim.lossBetweenAcquires.answered([
    .sharedRing: .documented("promise 5: the number of events missing between them") { seen in
      try Answer(
        seen.report("told with the second", of: seen.number("events missing between the two")), expected: "exact")
    }
  ])

  static let discardDropsNewest = Claim.discardDropsNewest.answered(
    procedure: "Write three times what fits; read everything.",
    [.sharedRing: .documented("promise 4: the new ones, and no others", Claim.newestLost)])

  static let overwriteDropsOldest = Claim.overwriteDropsOldest.answered(
    procedure: "Write three times what fits; read everything.",
    [.sharedRing: .documented("promise 4: the oldest, and no others", Claim.oldestLost)])

  static let writerTold = Claim.writerTold.answered(
    procedure: "Write twice what fits; compare the failed writes with the counter of lost events.",
    [
      .sharedRing: .documented(
        "promise 4: each write of a dropped event fails with ENOBUFS", reaching: [.eventsDropped("lost")]
      ) { seen in
        let (failed, lost) = try (seen.number("writes that failed"), seen.number("lost"))
        let answer = try failed == lost ? "yes: \(seen["errno of the first"])" : Claim.learned(failed)
        return Answer(answer, expected: "yes: ENOBUFS")
      }
    ])
}
