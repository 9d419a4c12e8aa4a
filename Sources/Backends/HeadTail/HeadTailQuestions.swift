import Results
import Study
import SubbufferSource

/// The questions that every ring buffer with a head and a tail is asked, and the answers that are judged alike.
package enum HeadTailQuestions {
  /// The head is "data_head" of perf and "producer_pos" of BPF.
  private static let positions =
    "include/uapi/linux/perf_event.h, data_tail: \"should be written by userspace to reflect the last read data\"; "
    + "Documentation/bpf/ringbuf.rst: \"consumer counter shows up to which logical position consumer consumed the data\""

  package static let lossAtEnd = Claim(
    "lost-record-without-later-event", .losses, title: "A loss after the last event that was recorded",
    question:
      "When everything was read and nothing is written any more: does the ring buffer report the last loss?",
    source:
      "Documentation/userspace-api/perf_ring_buffer.rst: the kernel \"generates the PERF_RECORD_LOST records in the next "
      + "time when it finds a space in the ring buffer\"; kernel/events/ring_buffer.c, __perf_output_begin, writes it before "
      + "the next record; kernel/bpf/ringbuf.c has no such record",
    procedure:
      "In discard mode write twice what fits; read everything; add up the reported losses. Write one event; read it, and "
      + "add up again.",
    reaching: [.eventsLost("events lost")], [:])

  package static let tailAhead = Claim(
    "tail-beyond-head", .misuse, title: "The reader's position beyond the writer's",
    question: "If a reader stores a position that is beyond the writer's: what does the writer believe?",
    source: positions,
    procedure:
      "In discard mode, on an empty ring buffer, store half the size of the data as the reader's position; write twice what "
      + "fits; compare the writer's position with what one lap is.",
    reaching: [.eventsWritten("events written")], [:])

  package static let tailBackwards = Claim(
    "tail-moved-back", .misuse, title: "The reader's position moved back to what was read",
    question: "If a reader stores a position that it stored before, are the events after it valid again?",
    source: positions,
    procedure:
      "In discard mode write 8 events and read them; store the reader's position 0 again, and read once more; write twice "
      + "what fits and read everything.",
    reaching: [.allRead { seen in try seen["events of the first reading"] == "0 … 7 (8)" }], [:])

  package static let wrapped = Claim(
    "record-at-end-and-start", .handOver, title: "Does a record go on at the start of the ring buffer?",
    question: "Can one record lie at the end of the ring buffer and at its start, so that a reader has to join it?",
    source: "kernel/events/ring_buffer.c: a record is copied page by page (perf_output_copy); "
      + "tools/perf/util/mmap.c, perf_mmap__read: \"Event straddles the mmap boundary -- header should always be inside "
      + "due to u64 alignment of output.\"; Documentation/bpf/ringbuf.rst: the data are mapped \"twice contiguously "
      + "back-to-back in the virtual memory\"",
    procedure:
      "In discard mode write and read events over three laps, and count the records that begin before the end of "
      + "the data and end behind it.",
    reaching: [.writerWrapped { seen in try seen.number("laps") >= 2 }], [:])
}

extension HeadTailQuestions {
  /// The answers that are the same of each such ring buffer.
  package static let answers: [Claim] = [
    Claim.partialInvisible.answered(
      procedure: "Write 3 events and acquire.",
      [
        .headTail: .documented("an event is visible when the head was stored after it, with each write") { seen in
          let (written, handedOut) = try (seen.number("events written"), seen.number("events handed out"))
          return Answer(handedOut == written ? "yes" : handedOut == 0 ? "no" : "yes, in part", expected: "yes")
        }
      ]),
    Claim.commitAdvances.answered(
      procedure: "Write 4 events and acquire; write 4 more; load the head while the first 4 are held.",
      [.headTail: .documented("the head covers the 4 events: it is a load", Claim.lateEvents)]),
    Claim.onceInOrder.answered(
      procedure: "In discard mode, many times: write from one event to half of what fits, and read everything.",
      [.headTail: .assumed("every event once and in order", Claim.everyEventOnce)]),
    Claim.nothingThere.answered(
      procedure: "Acquire from an empty ring buffer: load head and tail.",
      [
        .headTail: .documented(
          "the head equals the tail; there is no call", reaching: [.eventsWritten("events written then")]
        ) { seen in
          let isEqual = try seen["empty: head"] == seen["empty: tail"]
          let isMore = try seen["not empty: head"] != seen["not empty: tail"]
          return Answer(
            isEqual && isMore ? "no call, head equals tail" : "another", expected: "no call, head equals tail")
        }
      ]),
    Claim.consumedAtRelease.answered(
      procedure: "In discard mode write 8 events; acquire them; release them. Record the tail at each point.",
      [
        .headTail: .documented(
          "the tail reflects what was read, as the reader stores it",
          reaching: [.eventsDelivered("tail after the release")]
        ) { seen in
          let isUnchanged = try seen["tail after the acquire"] == seen["tail before"]
          return Answer(isUnchanged ? "at the release" : "at the acquire", expected: "at the release")
        }
      ]),
    Claim.restAfterEnd.answered(
      procedure: "Write half of what fits; end the writer's process; poll; read everything.",
      [.headTail: .assumed("yes: the ring buffer stays as long as it is mapped", Claim.allAreThere)]),
    Claim.reopened.answered(
      procedure:
        "In discard mode write 8 events; a reader reads them and leaves, the ring buffer stays; write 4 more; a second "
        + "reader reads from the tail on.",
      [
        .headTail: .documented("exactly the 4 new events: the tail reflects what was read") { seen in
          try .yes(seen["second reader: events"] == "8 … 11 (4)")
        }
      ]),
    Claim.restKept.answered(
      procedure:
        "In discard mode fill the data; a reader takes a part, stores the tail and leaves; a second reads the rest.",
      [.headTail: .documented("the two together get every event once", Claim.bothGetAll)]),
    Claim.killedOutside.answered(
      procedure: "Write half of what fits; kill the writer while it waits; read everything.",
      [.headTail: .assumed("every event is delivered", Claim.deliveredOfKilled)]),
    Claim.severalReaders.answered(
      procedure: "In discard mode write 8 events; two readers of the same ring buffer read, each from the tail on.",
      [
        .headTail: .assumed(
          "each gets the events; there is one tail, which the last of them stores", reaching: [.eventsWritten()]
        ) { seen in
          let (first, second) = try (seen["first reader: events"], seen["second reader: events"])
          return Answer(first == second ? "both get them, one tail" : "each gets some", isExpected: first == second)
        }
      ]),
    Claim.discardDropsNewest.answered(
      procedure: "Write three times what fits; read everything.",
      [.headTail: .documented("the new ones: unread data is not overwritten", Claim.newestLost)]),
    Claim.roomAfterRelease.answered(
      procedure: "Write twice what fits; write again; acquire and write again; store the tail and write again.",
      [
        .headTail: .documented("the store of the tail, all of what was read") { seen in
          let all = try seen.number("events that fit")
          let answer =
            switch try (
              seen.number("events recorded while it is full"), seen.number("events recorded after the acquire"),
              seen.number("events recorded after the store of the tail")
            ) {
            case (0, 0, let after) where after >= all - 1: "store of the tail, all"
            case (0, 0, 1...): "store of the tail, a part"
            case (0, 1..., _): "the acquire"
            default: "none, it is not full"
            }
          return Answer(answer, expected: "store of the tail, all")
        }
      ]),
    Claim.mappingStays.answered([
      .headTail: .assumed("no: mprotect and mremap refuse both", from: "kernel", Claim.laterMappings)
    ]),
    Claim.notExecutable.answered([
      .headTail: .assumed("no: mprotect refuses, as assumed of the kernel", Claim.madeExecutable)
    ]),
    Claim.mappingFlags.answered([
      .headTail: .assumed("dc, de and dd are set; wr, mw and io are not", from: "kernel", Claim.vmFlags)
    ]),
    Claim.mappingInherited.answered([
      .headTail: .assumed("no: a load in the child raises a signal", from: "kernel") { seen in
        let signal = try seen.signal("load in its child")
        return Answer(signal == "0" ? "yes" : "no: \(signal)", isExpected: signal != "0")
      }
    ]),
    Claim.debuggerReads.answered([
      .headTail: .assumed("yes: all bytes are read, and they equal the mapping", from: "kernel", Claim.debuggerRead)
    ]),
    tailBackwards.answered([
      .headTail: .assumed("yes, until the writer comes round: it takes the data for unread") { seen in
        let again = try seen["events of the second reading"] == "0 … 7 (8)"
        let gaps = try seen.number("gaps between the events read later")
        let answer = again ? gaps == 0 ? "yes, and the writer keeps them" : "yes, then events are missing" : "no"
        return Answer(answer, expected: "yes, and the writer keeps them")
      }
    ]),
  ]

  /// The reaction of a writer that finds a reader's position beyond its own.
  package static let believed: @Sendable (Evidence) throws -> String = { seen in
    let (moved, size) = try (seen.number("bytes that the head moved"), seen.number("size of the data"))
    return moved == 0
      ? "nothing is written"
      : moved <= size / 2 ? "less is free, no error" : moved <= size ? "no effect" : "more is free"
  }

  /// When a loss after the last event is reported.
  package static let reportedLater: @Sendable (Evidence) throws -> String = { seen in
    let lost = try seen.number("events lost")
    return switch try (seen.number("reported when everything is read"), seen.number("reported with the next event")) {
    case (0, lost): "with the next event, exact"
    case (lost, _): "at once"
    case (0, 0): "never"
    default: "with another number"
    }
  }
}
