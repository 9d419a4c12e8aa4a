import Study

extension KernelAnswers {
  static let reopened = Claim.reopened.answered([
    .kernel: .assumed("as in v2: the second reader gets exactly the 4 new events, from reader.read on") { seen in
      try .yes(seen["second reader: events"] == "8 … 11 (4)")
    }
  ])

  static let deadReader = Claim.deadReader.answered([
    .kernel: .documented(
      "no, the acquire has consumed them: from reader.read on the next reader gets none",
      reaching: [.subbufferHeld { seen in try !seen["first reader: after its acquire"].hasPrefix("id 0,") }]
    ) { seen in
      try .yes(seen["second reader: events"] != "none", expected: false)
    }
  ])

  static let consumedAtRelease = Claim.consumedAtRelease.answered([
    .kernel: .assumed(
      "meta.read does not count the events of a held sub-buffer before the next ioctl", from: "LTTng",
      reaching: [.eventsDelivered("consumed after the release")]
    ) { seen in
      let isUnchanged = try seen.number("consumed after the acquire") == seen.number("consumed before")
      return Answer(isUnchanged ? "at the release" : "at the acquire", expected: "at the release")
    }
  ])

  static let restKept = Claim.restKept.answered([
    .kernel: .assumed("the two together get every event once", Claim.bothGetAll)
  ])

  static let releasedIsGone = Claim.releasedIsGone.answered([
    .kernel: .documented("no: its bytes change", reaching: [.eventsOverwritten("events overwritten since")]) { seen in
      let isOverwritten = try seen.number("bytes of the released sub-buffer that changed") > 0
      return Answer(isOverwritten ? "no, overwritten" : "yes", expected: "no, overwritten")
    }
  ])

  static let idsAnew = Claim(
    "ids-anew-at-mapping", .consumption, title: "When are sub-buffer ids assigned?",
    question:
      "Does the reader sub-buffer keep its id at a second mapping, and is it 0 when all mappings are gone and the "
      + "ring buffer is mapped again?",
    source: "V. Donnefort, [PATCH v11 2/5] ring-buffer: Introducing ring-buffer mapping functions, 2024-01-11: \"each "
      + "subbuf of the ring-buffer, ordered following their unique ID, assigned during the first mapping.\"",
    procedure: "Map, write two and a half sub-buffers and acquire two; map a second time; unmap both; map again.",
    reaching: [
      .subbufferHeld { seen in try seen.number("reader.id before") != 0 }
    ],
    [
      .kernel: .assumed("the same id in a second mapping; 0 after all mappings were gone") { seen in
        let before = try seen.number("reader.id before")
        let isKept = try seen.number("reader.id in a mapping beside it") == before
        let isReset = try seen.number("reader.id when mapped anew") == 0
        let answer = !isKept ? "at each mapping" : isReset ? "at each first mapping" : "once"
        return Answer(answer, expected: "at each first mapping")
      }
    ])

  static let killedOutside = Claim.killedOutside.answered([
    .kernel: .assumed("every event is delivered", Claim.deliveredOfKilled)
  ])

  static let kernelWrites =
    "write(2) reserves and commits in the kernel; a signal acts on the return to user space"

  static let lostBetweenReaders = Claim.lostBetweenReaders.answered([
    .kernel: .assumed("the header of the first sub-buffer after the gap contains the number of missing events") {
      seen in
      try Answer(
        seen.report("told to the second", of: seen.number("events missing between the two readers")),
        expected: "exact")
    },
    .kernelV11: .assumed("reader.lost_events is the number of missing events") { seen in
      try Answer(
        seen.report("reader.lost_events", of: seen.number("events missing between the two readers")),
        expected: "exact")
    },
  ])
}
