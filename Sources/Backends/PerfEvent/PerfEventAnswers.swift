import Results
import Study
import SubbufferSource

/// The answers of perf's ring buffer: of shared questions, and of questions that it alone raises.
package enum PerfEventAnswers {
  /// All answers, in the order of the report.
  package static let all: [Claim] = handOver + consumption + losses + mapping + misuse

  static let document = "Documentation/userspace-api/perf_ring_buffer.rst"
  static let header = "include/uapi/linux/perf_event.h"
}

extension PerfEventAnswers {
  static let handOver = [
    held, partial, commitAdvances, onceInOrder, nothingThere, pollWhenAllIsRead, wrapped,
  ]

  static let held = Claim.held.answered(
    procedure:
      "In overwrite mode write what fits and acquire; write four times as much; compare the bytes of the data.",
    [
      .perfEvent: .documented(
        "the output is paused while it is read, so no byte changes",
        reaching: [.eventsOverwritten("events that were not recorded meanwhile", moreThan: 1_000)]
      ) { seen in
        try .yes(seen.number("bytes of the held data that changed") == 0)
      }
    ])

  static let partial = Claim.partialInvisible.answered(
    procedure: "Write 3 events and acquire.",
    [
      .perfEvent: .documented("an event is visible when data_head was stored after it, with each write") { seen in
        let (written, handedOut) = try (seen.number("events written"), seen.number("events handed out"))
        return Answer(handedOut == written ? "yes" : handedOut == 0 ? "no" : "yes, in part", expected: "yes")
      }
    ])

  static let commitAdvances = Claim.commitAdvances.answered(
    procedure: "Write 4 events and acquire; write 4 more; load data_head while the first 4 are held.",
    [.perfEvent: .documented("data_head covers the 4 events: it is a load", Claim.lateEvents)])

  static let onceInOrder = Claim.onceInOrder.answered(
    procedure: "In discard mode, many times: write from one event to half of what fits, and read everything.",
    [.perfEvent: .assumed("every event once and in order", Claim.everyEventOnce)])

  static let nothingThere = Claim.nothingThere.answered(
    procedure: "Acquire from an empty ring buffer: load data_head and data_tail.",
    [
      .perfEvent: .documented(
        "data_head equals data_tail; there is no call", reaching: [.eventsWritten("events written then")]
      ) { seen in
        let isEqual = try seen["empty: data_head"] == seen["empty: data_tail"]
        let isMore = try seen["not empty: data_head"] != seen["not empty: data_tail"]
        return Answer(
          isEqual && isMore ? "no call, head equals tail" : "another", expected: "no call, head equals tail")
      }
    ])

  static let pollWhenAllIsRead = Claim.pollWhenAllIsRead.answered(
    procedure:
      "With wakeup_events 1 poll an empty ring buffer; write 8 events and poll; read everything, after a poll and without one; poll.",
    [
      .perfEvent: .assumed("not ready: a wake-up is seen by one poll", from: "LTTng-UST") { seen in
        let answer = try Claim.pollOfRead(seen)
        // perf_poll() exchanges the flag for 0, whatever was read.
        let isUnseen = try seen["all is read without a poll before: poll"] != "0"
        return Answer(
          answer == "not ready" && isUnseen ? "not ready, once if unseen" : answer,
          expected: "not ready")
      }
    ])

  static let wrapped = Claim(
    "record-at-end-and-start", .handOver, title: "Does a record go on at the start of the ring buffer?",
    question: "Can one record lie at the end of the ring buffer and at its start, so that a reader has to join it?",
    source: "kernel/events/ring_buffer.c: a record is copied page by page (perf_output_copy); "
      + "tools/perf/util/mmap.c, perf_mmap__read: \"Event straddles the mmap boundary -- header should always be inside "
      + "due to u64 alignment of output.\"",
    procedure:
      "In discard mode write and read events over three laps, and count the records that begin before the end of "
      + "the data and end behind it.",
    reaching: [.writerWrapped { seen in try seen.number("laps") >= 2 }],
    [
      .perfEvent: .documented("yes, the header in one piece") { seen in
        let (records, headers) = try (seen.number("records in two pieces"), seen.number("headers in two pieces"))
        return Answer(
          records == 0 ? "no" : headers == 0 ? "yes, the header in one piece" : "yes, and its header",
          expected: "yes, the header in one piece")
      }
    ])
}

extension PerfEventAnswers {
  static let consumption = [
    consumedAtRelease, endToldByPoll, restAfterEnd, reopened, restKept, killedOutside, lostBetweenReaders,
    severalReaders,
  ]

  static let consumedAtRelease = Claim.consumedAtRelease.answered(
    procedure: "In discard mode write 8 events; acquire them; release them. Record data_tail at each point.",
    [
      .perfEvent: .documented(
        "data_tail reflects the last read data, as the reader stores it",
        reaching: [.eventsDelivered("data_tail after the release")]
      ) { seen in
        let isUnchanged = try seen["data_tail after the acquire"] == seen["data_tail before"]
        return Answer(isUnchanged ? "at the release" : "at the acquire", expected: "at the release")
      }
    ])

  static let endToldByPoll = Claim.endToldByPoll.answered(
    procedure: "Write 8 events and poll. End the writer's process and poll; read everything and poll.",
    [
      .perfEvent: .assumed("POLLHUP when the process has ended, and not before") { seen in
        if try seen["writer lives: poll"].contains("POLLHUP") {
          return Answer("POLLHUP before the end", isExpected: false)
        }
        let isAtOnce = try seen["writer has ended: poll"].contains("POLLHUP")
        let isLater = try seen["all is read: poll"].contains("POLLHUP")
        return Answer(
          isAtOnce ? "POLLHUP at once" : isLater ? "POLLHUP when all is read" : "no POLLHUP",
          expected: "POLLHUP at once")
      }
    ])

  static let restAfterEnd = Claim.restAfterEnd.answered(
    procedure: "Write half of what fits; end the writer's process and poll until it is reported; read everything.",
    [.perfEvent: .assumed("yes: the ring buffer stays as long as it is mapped", Claim.allAreThere)])

  static let reopened = Claim.reopened.answered(
    procedure:
      "In discard mode write 8 events; a reader reads them and leaves, the event stays open; write 4 more; a second "
      + "reader reads from data_tail on.",
    [
      .perfEvent: .documented("exactly the 4 new events: data_tail reflects the last read data") { seen in
        try .yes(seen["second reader: events"] == "8 … 11 (4)")
      }
    ])

  static let restKept = Claim.restKept.answered(
    procedure:
      "In discard mode fill the data; a reader takes a part, stores data_tail and leaves; a second reads the rest.",
    [.perfEvent: .documented("the two together get every event once", Claim.bothGetAll)])

  static let killedOutside = Claim.killedOutside.answered(
    procedure: "Write half of what fits; kill the writer while it waits; read everything.",
    [.perfEvent: .assumed("every event is delivered", Claim.deliveredOfKilled)])

  static let lostBetweenReaders = Claim.lostBetweenReaders.answered(
    procedure:
      "In discard mode a reader reads everything and leaves; write three times what fits; a second reader reads "
      + "everything, one event more is written and read.",
    [
      .perfEvent: .documented("PERF_RECORD_LOST has the number of missing events") { seen in
        try Answer(
          seen.report("reported to the second", of: seen.number("events missing between the two readers")),
          expected: "exact")
      }
    ])

  static let severalReaders = Claim.severalReaders.answered(
    procedure: "In discard mode write 8 events; two readers of the same event read, each from data_tail on.",
    [
      .perfEvent: .assumed(
        "each gets the events; there is one data_tail, which the last of them stores",
        reaching: [.eventsWritten()]
      ) { seen in
        let (first, second) = try (seen["first reader: events"], seen["second reader: events"])
        return Answer(first == second ? "both get them, one data_tail" : "each gets some", isExpected: first == second)
      }
    ])
}

extension PerfEventAnswers {
  static let losses = [
    discardDropsNewest, overwriteDropsOldest, discardCounted, overwriteUncounted, receivedPlusDiscarded,
    lossBetweenAcquires, writerTold, roomAfterRelease, lostAtEnd, backwardHasLost, backwardLostOrder, readerLoses,
    pauseWaits,
  ]

  static let discardDropsNewest = Claim.discardDropsNewest.answered(
    procedure: "Write three times what fits; read everything.",
    [.perfEvent: .documented("the new ones: \"the kernel will not over-write unread data\"", Claim.newestLost)])

  static let overwriteDropsOldest = Claim.overwriteDropsOldest.answered(
    procedure: "Write three times what fits; read everything.",
    [.perfEvent: .documented("the oldest ones", Claim.oldestLost)])

  static let discardCounted = Claim.discardCounted.answered(
    procedure: "Write three times what fits; read everything; write one event more and read it; read(2) the event.",
    [
      .perfEvent: .documented("PERF_RECORD_LOST, with the next event, and PERF_FORMAT_LOST have the number") { seen in
        let lost = try seen.lost
        let records = try seen.report("reported by PERF_RECORD_LOST, one event later", of: lost)
        let count = try seen.report("lost by read(2)", of: lost)
        return Answer(records == "exact" ? count : records, expected: "exact")
      }
    ])

  static let overwriteUncounted = Claim.overwriteUncounted.answered(
    procedure: "Write three times what fits; read everything; read(2) the event.",
    [
      .perfEvent: .documented(
        "no: \"In this mode, it will not generate the PERF_RECORD_LOST records.\"; data_head shows that some were lost"
      ) { seen in
        let lost = try seen.lost
        let isExact = try ["reported by PERF_RECORD_LOST, one event later", "lost by read(2)"].contains {
          try seen.report($0, of: lost) == "exact"
        }
        let isShown = try seen["reported by data_head"] == Loss.some.text
        return Answer(isExact ? "exact" : isShown ? "flag only" : "no indication", isExpected: !isExact)
      }
    ])

  static let receivedPlusDiscarded = Claim.receivedPlusDiscarded.answered(
    procedure: "Three times: write twice what fits, then read everything; read(2) the event.",
    [
      .perfEvent: .documented("received plus PERF_FORMAT_LOST is the sum") { seen in
        let isSum = try seen.number("lost by read(2)") == seen.lost
        return Answer(isSum ? "yes" : "no", expected: "yes")
      }
    ])

  static let lossBetweenAcquires = Claim.lossBetweenAcquires.answered(
    procedure:
      "In overwrite mode write twice what fits, acquire and release; write three times what fits, and acquire.",
    [
      .perfEvent: .assumed(
        "data_head shows that events were overwritten, and not how many", reaching: []
      ) { seen in
        let reported = try seen["reported with the second"]
        return Answer(
          reported == "events lost, number unknown" ? "flag only" : reported == "none" ? "no indication" : reported,
          expected: "flag only")
      }
    ])

  static let writerTold = Claim.writerTold.answered(
    procedure: "Write twice what fits without a reader; count the writes that failed.",
    [
      .perfEvent: .assumed(
        "no: the writer calls a function, and the kernel records the call",
        reaching: [.eventsDropped("lost by read(2)")]
      ) { seen in
        let failed = try seen.number("writes that failed")
        return Answer(Claim.learned(failed), expected: "no")
      }
    ])

  static let roomAfterRelease = Claim.roomAfterRelease.answered(
    procedure: "Write twice what fits; write again; acquire and write again; store data_tail and write again.",
    [
      .perfEvent: .documented("the store of data_tail, all of what was read") { seen in
        let all = try seen.number("events that fit")
        let answer =
          switch try (
            seen.number("events recorded while it is full"), seen.number("events recorded after the acquire"),
            seen.number("events recorded after the store of data_tail")
          ) {
          case (0, 0, let after) where after >= all - 1: "store of data_tail, all"
          case (0, 0, 1...): "store of data_tail, a part"
          case (0, 1..., _): "the acquire"
          default: "none, it is not full"
          }
        return Answer(answer, expected: "store of data_tail, all")
      }
    ])

  static let lostAtEnd = Claim(
    "lost-record-without-later-event", .losses, title: "A loss after the last event that was recorded",
    question:
      "When everything was read and nothing is written any more: does the stream have a record of the last loss?",
    source:
      "\(document): the kernel \"generates the PERF_RECORD_LOST records in the next time when it finds a space in the "
      + "ring buffer\"; kernel/events/ring_buffer.c, __perf_output_begin, writes it before the next record",
    procedure:
      "In discard mode write twice what fits; read everything; count the records of lost events. Write one event; "
      + "read it, and count again.",
    reaching: [.eventsLost("events lost")],
    [
      .perfEvent: .documented("not before the next event") { seen in
        let lost = try seen.number("events lost")
        switch try (seen.number("reported when everything is read"), seen.number("reported with the next event")) {
        case (0, lost): return Answer("with the next event, exact", expected: "with the next event, exact")
        case (lost, _): return Answer("at once", isExpected: false)
        case (0, 0): return Answer("never", isExpected: false)
        default: return Answer("with another number", isExpected: false)
        }
      }
    ])

  static let backwardHasLost = Claim(
    "lost-records-when-overwriting", .losses, title: "Records of lost events in a ring buffer that overwrites",
    question: "Does a ring buffer that overwrites its oldest events get a record of those that were lost otherwise?",
    source: "\(document), of the overwritable ring buffer: \"In this mode, it will not generate the PERF_RECORD_LOST "
      + "records.\"",
    procedure:
      "In overwrite mode (write_backward, mapped read-only) pause the output, write 8 events and resume it; write "
      + "one more and read everything.",
    reaching: [.eventsLost("events written while it was paused")],
    [
      .perfEvent: .documented("no") { seen in
        switch try seen.number("events in records of lost events") {
        case 0: return Answer("no", expected: "no")
        case try seen.number("events written while it was paused"):
          return Answer("yes, of events during a pause", expected: "no")
        default: return Answer("yes, with another number", expected: "no")
        }
      }
    ])

  static let backwardLostOrder = Claim(
    "lost-record-after-its-event", .losses, title: "The place of a record of lost events among the others",
    question:
      "For a reader that visits the records from the oldest to the newest: does a record of lost events come before "
      + "the first event after the loss?",
    source:
      "kernel/events/ring_buffer.c, __perf_output_begin: the two are one reservation, the record of lost events first; "
      + "with write_backward a reservation lies before the one before it",
    procedure:
      "In overwrite mode write 4 events; pause the output, write 8 events and resume it; write 4 more. Note the "
      + "types and sequence numbers in the order of the addresses.",
    reaching: [.eventsLost("events written while it was paused")],
    [
      .perfEvent: .assumed("no, after it: the order of the addresses is the reverse of time but for this") { seen in
        let order = try seen["records by address"]
        switch order {
        case "15, 14, 13, lost 8, 12, 3, 2, 1, 0": return Answer("no, after it", expected: "no, after it")
        case "15, 14, 13, 12, lost 8, 3, 2, 1, 0": return Answer("yes", isExpected: false)
        default: return Answer("another order", isExpected: false)
        }
      }
    ])

  static let readerLoses = Claim(
    "reader-causes-loss", .losses, title: "Does reading cause a loss?",
    question: "In overwrite mode, are events lost because a reader is reading, although there is room?",
    source: "\(document): the overwritable ring buffer is read with the output paused (tools/perf/util/evlist.c, "
      + "perf_evlist__toggle_bkw_mmap); kernel/events/ring_buffer.c, __perf_output_begin: `if (unlikely(rb->paused))`",
    procedure: "In overwrite mode write 8 events and acquire; write 8 more; release; write 8 more and read everything.",
    reaching: [.subbufferHeld { seen in try seen["events of the first acquire"] == "0 … 7 (8)" }],
    [
      .perfEvent: .assumed("yes: those that are written while it holds a part") { seen in
        switch try seen["events of the later acquires"] {
        case "16 … 23 (8)": return Answer("yes, while it holds", expected: "yes, while it holds")
        case "8 … 23 (16)": return Answer("no", isExpected: false)
        default: return Answer("another loss", isExpected: false)
        }
      }
    ])
}

extension PerfEventAnswers {
  static let pauseWaits = Claim(
    "pause-waits-for-writes", .losses, title: "Does the pause wait for a write that has begun?",
    question:
      "In overwrite mode, when the ioctl that pauses the output has returned: is no record being written any more, so "
      + "that all that data_head names can be read?",
    source:
      "\(document): the overwritable ring buffer is read with the output paused; undocumented whether the ioctl waits; "
      + "kernel/events/internal.h, rb_toggle_paused, stores a flag",
    procedure:
      "In overwrite mode another CPU writes events of 3,000 bytes without a pause. When all of the ring "
      + "buffer is overwritten: pause the output; load data_head; note the sizes of the records; load data_head again after 10 "
      + "µs; resume the output. Repeat until data_head has moved or a record is broken, up to 200,000 times or 8 s.",
    reaching: [
      .writerWrapped { seen in try seen.number("pauses with a full ring buffer") > 0 }
    ],
    [
      .perfEvent: .assumed("yes: data_head stays, and every record is whole") { seen in
        let (moved, broken) = try (
          seen.number("times that data_head moved later"), seen.number("times with a broken record")
        )
        if moved > 0 || broken > 0 { return Answer("no", expected: "yes") }
        guard try seen.number("pauses with a full ring buffer") >= 200_000 else {
          throw Undecided("no write was met by a pause in the time of the probe")
        }
        return Answer("yes", expected: "yes")
      }
    ])
}

extension PerfEventAnswers {
  static let mapping = [
    storesRefused, mappingRestrictions, mappingStays, notExecutable, mappingFlags, mappingInherited, debuggerReads,
  ]

  static let storesRefused = Claim.storesRefused.answered(
    procedure:
      "In discard mode, with the ring buffer mapped for reading and writing, store another value into the first byte "
      + "of the data: by process_vm_writev, and by a store through another writable mapping. Check whether the byte has "
      + "changed.",
    [.perfEvent: .assumed("no: there is no way to change the byte", from: "kernel", Claim.stores)])

  static let mappingRestrictions = Claim.mappingRestrictions.answered(
    procedure:
      "Map the event for reading, as a control, and then in each of the ways that are to be refused. It is to be "
      + "mapped for writing: of that the answer is expected.",
    [
      .perfEvent: .assumed("writable ones only are accepted, since the reader stores data_tail") { seen in
        let answer = try Claim.refusedMappings(seen)
        return Answer(answer.text, expected: "writable accepted")
      }
    ])

  static let mappingStays = Claim.mappingStays.answered([
    .perfEvent: .assumed("no: mprotect and mremap refuse both", from: "kernel", Claim.laterMappings)
  ])

  static let notExecutable = Claim.notExecutable.answered([
    .perfEvent: .assumed("no: mprotect refuses, as assumed of the kernel", Claim.madeExecutable)
  ])

  static let mappingFlags = Claim.mappingFlags.answered([
    .perfEvent: .assumed("dc, de and dd are set; wr, mw and io are not", from: "kernel", Claim.vmFlags)
  ])

  static let mappingInherited = Claim.mappingInherited.answered([
    .perfEvent: .assumed("no: a load in the child raises a signal", from: "kernel") { seen in
      let signal = try seen.signal("load in its child")
      return Answer(signal == "0" ? "yes" : "no: \(signal)", isExpected: signal != "0")
    }
  ])

  static let debuggerReads = Claim.debuggerReads.answered([
    .perfEvent: .assumed("yes: all bytes are read, and they equal the mapping", from: "kernel", Claim.debuggerRead)
  ])
}

extension PerfEventAnswers {
  static let misuse = [tailAhead, tailBackwards]

  /// The kernel's room is `CIRC_SPACE(head, tail, size)` of include/linux/circ_buf.h: (tail - head - 1) & (size - 1).
  private static let room =
    "kernel/events/ring_buffer.c, ring_buffer_has_space: CIRC_SPACE(head, tail, data_size) >= size; "
    + "data_tail is loaded from the control page at each write, and not checked"

  static let tailAhead = Claim(
    "tail-beyond-head", .misuse, title: "data_tail beyond data_head",
    question: "If a reader stores a data_tail that is beyond data_head: what does the writer believe?",
    source: "\(header), data_tail: \"should be written by userspace to reflect the last read data\"; \(room)",
    procedure:
      "In discard mode, on an empty ring buffer, store data_tail half of data_size beyond data_head; write twice what "
      + "fits; compare data_head with what one lap is.",
    reaching: [.eventsWritten("events written")],
    [
      .perfEvent: .assumed("that only half of the ring buffer is free: it loses events, and no error is reported") {
        seen in
        let (moved, size) = try (seen.number("bytes that data_head moved"), seen.number("data_size"))
        let answer =
          moved == 0
          ? "nothing is written"
          : moved <= size / 2 ? "less is free, no error" : moved <= size ? "no effect" : "more is free"
        return Answer(answer, expected: "less is free, no error")
      }
    ])

  static let tailBackwards = Claim(
    "tail-moved-back", .misuse, title: "data_tail moved back to what was read",
    question: "If a reader stores a data_tail that it stored before, are the events after it valid again?",
    source: "\(header), data_tail: \"should be written by userspace to reflect the last read data\"; \(room)",
    procedure:
      "In discard mode write 8 events and read them; store data_tail 0 again, and read once more; write twice what "
      + "fits and read everything.",
    reaching: [.allRead { seen in try seen["events of the first reading"] == "0 … 7 (8)" }],
    [
      .perfEvent: .assumed("yes, until the writer comes round: it takes the data for unread") { seen in
        let again = try seen["events of the second reading"] == "0 … 7 (8)"
        let gaps = try seen.number("gaps between the events read later")
        let answer = again ? gaps == 0 ? "yes, and the writer keeps them" : "yes, then events are missing" : "no"
        return Answer(answer, expected: "yes, and the writer keeps them")
      }
    ])
}
