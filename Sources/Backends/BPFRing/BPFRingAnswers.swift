import BPFRingABI
import HeadTailBackend
import Results
import Study
import SubbufferSource

/// The answers of the BPF ring buffer: of shared questions, and of questions that it alone raises.
package enum BPFRingAnswers {
  /// All answers, in the order of the report.
  package static let all: [Claim] = handOver + losses + mapping + misuse

  static let document = "Documentation/bpf/ringbuf.rst"
  static let code = "kernel/bpf/ringbuf.c"
}

extension BPFRingAnswers {
  static let handOver = [
    pollWhenAllIsRead, endToldByPoll, wrapped, unfinishedHides, pollUnfinished, discardedRecord, adaptiveWakeup,
  ]

  static let pollWhenAllIsRead = Claim.pollWhenAllIsRead.answered(
    procedure: "Poll an empty ring buffer; write 8 events and poll; read everything and poll.",
    [
      .bpfRing: .assumed("not ready: poll compares the two positions") { seen in
        try Answer(Claim.pollOfRead(seen), expected: "not ready")
      }
    ])

  static let endToldByPoll = Claim.endToldByPoll.answered(
    procedure: "Write 8 events and poll. End the writer's process and poll; read everything and poll.",
    [
      .bpfRing: .assumed("no: the map belongs to no process that writes") { seen in
        let names = ["writer lives: poll", "writer has ended: poll", "all is read: poll"]
        let isTold = try names.contains { try seen[$0].contains("POLLHUP") }
        return Answer(isTold ? "POLLHUP" : "no POLLHUP", expected: "no POLLHUP")
      }
    ])

  static let wrapped = HeadTailQuestions.wrapped.answered([
    .bpfRing: .documented("no, for a reader: the data are mapped twice in succession") { seen in
      let (records, joined) = try (seen.number("records over the end"), seen.number("of them read in one piece"))
      return Answer(
        records == 0 ? "no record" : joined == records ? "no, mapped twice" : "yes", expected: "no, mapped twice")
    }
  ])

  static let unfinishedHides = Claim(
    "record-behind-unfinished", .handOver, title: "A record behind one that is not submitted",
    question:
      "A writer has reserved room and not submitted its record; another writer submits one behind it: can a reader have "
      + "that one?",
    source:
      "\(document): \"All records become available to consumer in the order of reservations, but only after all previous "
      + "records where already committed. It is thus possible for slow producers to temporarily hold off submitted records, "
      + "that were reserved later.\"",
    procedure:
      "A program on one CPU reserves a record and reads the clock \(clockReadings) times before it submits it; when the "
      + "producer's position has moved, a program on another CPU outputs one. Note the header of that one, poll and acquire, and "
      + "note the header of the first; acquire again at the end. Repeat until the first is still unfinished then, up to 100 "
      + "times.",
    reaching: [BPFRingAnswers.isMet],
    [
      .bpfRing: .documented("no: the reader stops at the first record with the busy bit") { seen in
        let (meanwhile, later) = try (
          seen.number("events handed out meanwhile"), seen.number("events handed out later")
        )
        let answer = meanwhile == 0 && later == 2 ? "no, not before" : meanwhile > 0 ? "yes" : "never"
        return Answer(answer, expected: "no, not before")
      }
    ])

  static let pollUnfinished = Claim(
    "poll-of-unfinished", .readiness, title: "poll where the only record is not submitted",
    question: "Is a ring buffer ready to read whose first record is reserved and not submitted?",
    source:
      "\(code), ringbuf_map_poll_kern: EPOLLIN where producer_pos differs from consumer_pos, and reserving moves producer_pos",
    procedure: "The same as for a record behind one that is not submitted.",
    reaching: [BPFRingAnswers.isMet],
    [
      .bpfRing: .assumed("not ready: poll(2), POLLIN: \"There is data to read.\"") { seen in
        let isReady = try seen["poll meanwhile"].contains("POLLIN")
        return Answer(isReady ? "ready, nothing to read" : "not ready", expected: "not ready")
      }
    ])

  /// The readings of the clock between a reservation and its submission: some milliseconds. The verifier of the kernel follows
  /// a million instructions at most.
  static let clockReadings: Int32 = 250_000

  /// The second record was submitted while the first was not.
  private static let isMet = Mark("unfinished-met", "a submitted record lay behind one that was not") { seen in
    let (first, second) = try (seen["first record meanwhile"], seen["second record meanwhile"])
    return first == "busy" && second == "submitted"
  }

  static let discardedRecord = Claim(
    "discarded-record", .handOver, title: "Do discarded records take room?",
    question: "A program reserves a record and discards it: does it take room until a reader has passed over it?",
    source:
      "\(document): \"Discard just marks a record as discarded, and such records are supposed to be ignored by consumer "
      + "code.\"",
    procedure:
      "A program discards each record with an odd sequence number. Write twice what fits without a reader; read everything.",
    reaching: [.eventsDelivered("records handed out")],
    [
      .bpfRing: .documented("yes: the reader has to pass over them") { seen in
        let (handedOut, discarded) = try (
          seen.number("records handed out"), seen.number("records with the discard bit")
        )
        return Answer(
          discarded == 0 ? "no" : abs(discarded - handedOut) <= 1 ? "yes, as much as others" : "yes",
          expected: "yes, as much as others")
      }
    ])

  static let adaptiveWakeup = Claim(
    "wakeup-only-if-caught-up", .readiness, title: "Which records wake up a reader?",
    question: "Without flags, does each record wake up a reader, or only one that the reader is to read next?",
    source:
      "\(document): bpf_ringbuf_commit() \"will send a notification of new record being available after commit only if "
      + "consumer has already caught up right up to the record being committed\"; \(code), bpf_ringbuf_commit: "
      + "`cons_pos == rec_pos`",
    procedure:
      "Wait with epoll, edge-triggered, which reports wake-ups. Write 8 events one by one; read all; write one; take "
      + "none; write one more. Note after each step whether there was a wake-up.",
    reaching: [.eventsWritten("events written")],
    [
      .bpfRing: .documented("only the record that the reader is to read next") { seen in
        let steps = try ["first", "second to eighth", "after all was read", "behind an unread one"].map {
          try seen["wake-up: \($0)"]
        }
        let answer =
          switch steps {
          case ["yes", "no", "yes", "no"]: "the next one to read"
          case ["yes", "yes", "yes", "yes"]: "each"
          default: "others: \(steps.joined(separator: ", "))"
          }
        return Answer(answer, expected: "the next one to read")
      }
    ])
}

extension BPFRingAnswers {
  static let losses = [discardCounted, receivedPlusDiscarded, lostBetweenReaders, writerTold, lossAtEnd]

  static let discardCounted = Claim.discardCounted.answered(
    procedure:
      "Write three times what fits; read everything; write one event more and read it; load the count that the program "
      + "keeps itself.",
    [
      .bpfRing: .documented("no report: \"reservation fails, no blocking\", and the ring buffer has no count") { seen in
        let reported = try seen.number("reported in the ring buffer, one event later")
        return Answer(reported == 0 ? "no indication" : "reported", expected: "no indication")
      }
    ])

  static let receivedPlusDiscarded = Claim.receivedPlusDiscarded.answered(
    procedure:
      "Three times: write twice what fits, then read everything; load the count that the program keeps itself.",
    [
      .bpfRing: .assumed("yes, with the program's own count: each refusal is a return value of bpf_ringbuf_output") {
        seen in
        let isSum = try seen.number("lost by the count") == seen.lost
        return Answer(isSum ? "yes, by the program" : "no", expected: "yes, by the program")
      }
    ])

  static let lostBetweenReaders = Claim.lostBetweenReaders.answered(
    procedure:
      "A reader reads everything and leaves; write three times what fits; a second reader reads everything, one event more "
      + "is written and read.",
    [
      .bpfRing: .documented(
        "nothing: the ring buffer has no count", reaching: [.eventsLost("events missing between the two readers")]
      ) {
        seen in
        let reported = try seen.number("reported to the second")
        return Answer(reported == 0 ? "no indication" : "reported", expected: "no indication")
      }
    ])

  static let writerTold = Claim.writerTold.answered(
    procedure: "Write twice what fits without a reader; count the refusals of bpf_ringbuf_output, in the program.",
    [
      .bpfRing: .documented(
        "the program does: bpf_ringbuf_output fails", reaching: [.eventsDropped("lost by the count")]
      ) { seen in
        let (failed, refused) = try (seen.number("writes that failed"), seen.number("lost by the count"))
        return Answer(
          failed > 0 ? Claim.learned(failed) : refused > 0 ? "yes, the program" : Claim.learned(0),
          expected: "yes, the program")
      }
    ])

  static let lossAtEnd = HeadTailQuestions.lossAtEnd.answered([
    .bpfRing: .documented("never: there is no such record") { seen in
      try Answer(HeadTailQuestions.reportedLater(seen), expected: "never")
    }
  ])
}

extension BPFRingAnswers {
  static let mapping = [storesRefused, mappingRestrictions]

  static let storesRefused = Claim.storesRefused.answered(
    procedure:
      "Store another value into the first byte of the data: by process_vm_writev, and by a store through another mapping "
      + "that is asked to be writable. Check whether the byte has changed.",
    [.bpfRing: .documented("no: the data can be mapped read-only only (ringbuf_map_mmap_kern)", Claim.stores)])

  static let mappingRestrictions = Claim.mappingRestrictions.answered(
    procedure: "Map the whole map for reading, as a control, and then in each of the ways that are to be refused.",
    [
      .bpfRing: .assumed("writable and private writable ones are refused, but for the first page", from: "kernel") {
        seen in try Claim.refusedMappings(seen)
      }
    ])
}

extension BPFRingAnswers {
  static let misuse = [tailAhead]

  static let tailAhead = HeadTailQuestions.tailAhead.answered([
    .bpfRing: .assumed(
      "that it has no room: kernel/bpf/ringbuf.c, `new_prod_pos - cons_pos > rb->mask`, of numbers without a sign; no error "
        + "is reported"
    ) { seen in
      try Answer(HeadTailQuestions.believed(seen), expected: "nothing is written")
    }
  ])
}
