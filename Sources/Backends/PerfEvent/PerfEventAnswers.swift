import HeadTailBackend
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
  static let handOver = [held, pollWhenAllIsRead, wrapped]

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

}

extension PerfEventAnswers {
  static let wrapped = HeadTailQuestions.wrapped.answered([
    .perfEvent: .documented("yes, the header in one piece") { seen in
      let (records, headers) = try (seen.number("records in two pieces"), seen.number("headers in two pieces"))
      return Answer(
        records == 0 ? "no" : headers == 0 ? "yes, the header in one piece" : "yes, and its header",
        expected: "yes, the header in one piece")
    }
  ])

  static let lostAtEnd = HeadTailQuestions.lossAtEnd.answered([
    .perfEvent: .documented("not before the next event") { seen in
      try Answer(HeadTailQuestions.reportedLater(seen), expected: "with the next event, exact")
    }
  ])

  static let tailAhead = HeadTailQuestions.tailAhead.answered([
    .perfEvent: .assumed("that only half of the ring buffer is free: it loses events, and no error is reported") {
      seen in try Answer(HeadTailQuestions.believed(seen), expected: "less is free, no error")
    }
  ])
}

extension PerfEventAnswers {
  static let consumption = [endToldByPoll, lostBetweenReaders]

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

}

extension PerfEventAnswers {
  static let losses = [
    overwriteDropsOldest, discardCounted, overwriteUncounted, receivedPlusDiscarded, lossBetweenAcquires, writerTold,
    lostAtEnd, backwardHasLost, backwardLostOrder, readerLoses, pauseWaits,
  ]

  static let overwriteDropsOldest = Claim.overwriteDropsOldest.answered(
    procedure: "Write three times what fits; read everything.",
    [.perfEvent: .documented("the oldest ones", Claim.oldestLost)])

  static let discardCounted = Claim.discardCounted.answered(
    procedure: "Write three times what fits; read everything; write one event more and read it; read(2) the event.",
    [
      .perfEvent: .documented("PERF_RECORD_LOST, with the next event, and PERF_FORMAT_LOST have the number") { seen in
        let lost = try seen.lost
        let records = try seen.report("reported in the ring buffer, one event later", of: lost)
        let count = try seen.report("lost by the count", of: lost)
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
        let isExact = try ["reported in the ring buffer, one event later", "lost by the count"].contains {
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
        let isSum = try seen.number("lost by the count") == seen.lost
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
        reaching: [.eventsDropped("lost by the count")]
      ) { seen in
        let failed = try seen.number("writes that failed")
        return Answer(Claim.learned(failed), expected: "no")
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
  static let mapping = [storesRefused, mappingRestrictions]

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
}

extension PerfEventAnswers {
  static let misuse = [tailAhead]
}
