import LTTngBackend
import Results
import Study

/// The answers that LTTng-UST alone gives: its writers are processes, which a debugger stops inside a write.
package enum LTTngUSTAnswers {
  /// All answers, in the order of the report.
  package static let all: [Claim] = [
    stopsThatBlock, killedAtEachStop, othersAtEachStop, dropsAtEachStop, resumedAtEachStop, readPastStop,
    fixedUpAtEachStop,
  ]

  static let stops =
    "PTRACE_SINGLESTEP finds them in the memory that the reader maps: writes of an event that fits into its "
    + "sub-buffer, one that fills it, and one that exceeds it, so that the write ends the sub-buffer and begins the "
    + "next"

  static let oneThread =
    "the model's writer can be stopped before its commit only; the live ring buffer is stopped at every change"

  static let stoppedBeforeCommit = Mark(
    "writer-stopped-before-commit", "the writer was stopped between reserve and commit"
  ) { seen in try seen.number("stops, before the commit") > 0 }

  static let stoppedAfterCommit = Mark(
    "writer-stopped-after-commit", "the writer was stopped after the commit"
  ) { seen in try seen.number("stops, after the commit") > 0 }

  static let stopsThatBlock = Claim(
    "stops-that-block-the-reader", .losses, title: "Stops of a writer that block the reader",
    question:
      "If a writer is stopped after any change that its write makes in the shared memory: at which of these points "
      + "can the reader not get the committed events of the same sub-buffer?",
    source: "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Application is stopped (SIGSTOP) "
      + "between reserve and commit ring buffer operations. Could eventually be resumed by SIGCONT.\" … \"Handling "
      + "long-term unavailability situations is handled by failing to get the sub-buffer.\"; commit 044fb42c, in "
      + "2.15.0: \"Before making a reservation, a producer needs to take the ownership of the targeted sub-buffer\" "
      + "… \"the producer needs to add a padding hole to the sub-buffer and then deliver it\"",
    procedure: "In both modes, have a process stopped at each point of a write (\(stops)). At each point "
      + "flush_buffer(stream, 1), and read until a get is refused; restore the memory and step on.",
    notModelled: oneThread,
    reaching: [stoppedBeforeCommit, stoppedAfterCommit],
    [
      .lttngUST: .documented("at those between the reservation and the commit, and at no other") { seen in
        try Answer(blockingStops(seen), expected: "between reserve and commit")
      },
      .lttngUST2_15: .documented(
        "from the stop that takes the ownership of the sub-buffer to its release or delivery (044fb42c)"
      ) { seen in try Answer(blockingStops(seen), expected: "from ownership to delivery") },
    ])

  static func blockingStops(_ seen: Evidence) throws -> String {
    func count(_ phase: String) throws -> Int64 { try seen.number("blocking stops, \(phase)") }
    if try count("after the delivery") > 0 { return "even after the delivery" }
    let isAlways = try count("before the commit") == seen.number("stops, before the commit")
    if try count("before the reservation") > 0 {
      return isAlways ? "from ownership to delivery" : "before the reservation"
    }
    if try count("after the commit") > 0 {
      return isAlways ? "from reserve to delivery" : "at some, until the delivery"
    }
    if isAlways { return "between reserve and commit" }
    return try count("before the commit") > 0 ? "some between reserve and commit" : "none"
  }

  static let killedAtEachStop = Claim(
    "killed-at-each-stop", .losses, title: "Reported loss of a writer killed at any point",
    question:
      "If a writer is killed after any change that its write makes in the shared memory: are committed events of the "
      + "same sub-buffer lost, and are they counted?",
    source:
      "a question; lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"Application is killed (SIGTERM, "
      + "SIGINT, SIGKILL) between reserve and commit ring buffer operation.\"; lttng-concepts(7), Discard mode: "
      + "\"LTTng increments a count of lost event records when an event record is lost and saves this count to the "
      + "trace\"",
    procedure: "In discard mode, with two processes on one ring buffer, kill one with SIGKILL at a point of a write "
      + "(\(stops)); each point on a new ring buffer. Have the other write a sub-buffer's worth; "
      + "flush_buffer(stream, 1), and read.",
    notModelled: oneThread,
    reaching: [.eventsLost("kills after which committed events are lost")],
    [
      .lttngUST: .assumed("events_discarded counts what is lost") { seen in
        try Answer(
          seen.report("most events reported after these", of: seen.number("most committed events lost")),
          expected: "exact")
      }
    ])

  static let othersAtEachStop = Claim(
    "others-at-each-stop", .losses, title: "Events of others next to a stopped writer",
    question:
      "Two processes share a ring buffer (per-user buffers), and one is stopped after any change that its write makes "
      + "in the shared memory: can the events of the other be read?",
    source:
      "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"all further events will be discarded in the "
      + "buffers, and no further buffer data will be readable by the consumer daemon. … Note that this only affects "
      + "per-UID tracing.\"; commit 044fb42c, in 2.15.0: \"It also adds an additional store release for releasing "
      + "the ownership of the sub-buffer after committing.\"",
    procedure:
      "In both modes, have a process stopped at each point of a write (\(stops)), without the one that fills. At "
      + "each point another process writes 6 of 8 sub-buffers' worth, the reader reads; the same again; "
      + "flush_buffer(stream, 1), and read. Restore the memory and step on.",
    notModelled: oneThread,
    reaching: [stoppedBeforeCommit, stoppedAfterCommit],
    [
      .lttngUST: .documented(
        "between the reservation and the commit none of them, and after a lap they are discarded; after the commit all"
      ) { seen in try Answer(othersRead(seen), expected: "no, until the commit") },
      .lttngUST2_15: .documented("none of them between the reservation and the release of the sub-buffer") { seen in
        try Answer(othersRead(seen), expected: "no, until the release")
      },
    ])

  static func othersRead(_ seen: Evidence) throws -> String {
    func count(_ phase: String) throws -> Int64 { try seen.number("stops that others do not pass, \(phase)") }
    if try count("after the release") > 0 { return "no, not even afterwards" }
    if try count("before the commit") < seen.number("stops, before the commit") {
      return try count("before the commit") == 0 ? "yes" : "at some stops"
    }
    return try count("after the commit") > 0 ? "no, until the release" : "no, until the commit"
  }

  static let dropsAtEachStop = Claim(
    "drops-at-each-stop", .losses, title: "Drops next to a stopped writer while there is room",
    question:
      "Two processes share a ring buffer that has room, and one is stopped after any change that its write makes in "
      + "the shared memory: does the other drop events?",
    source: "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"we can end up in a situation where the "
      + "producer will fill the ring buffer and try to write into the same sub-buffer again (which has a missing "
      + "commit). This is handled by the producer … discarding all further events until the situation is resolved\"",
    procedure:
      "In both modes, have a process stopped at each point of a write (\(stops)), without the one that fills. In "
      + "discard mode 5 of 8 sub-buffers are empty. At each point another process writes a sub-buffer's worth; read "
      + "the counts of lost events in the memory. Restore the memory and step on.",
    notModelled: oneThread,
    reaching: [
      Mark("writer-stopped", "the writer was stopped inside a write") { seen in try seen.number("stops") > 0 }
    ],
    [
      .lttngUST: .documented("none: only when it comes to the same sub-buffer again") { seen in
        let (most, written) = try (seen.number("most events dropped"), seen.number("events of the other"))
        let answer = most == 0 ? "none" : most >= written * 9 / 10 ? "nearly all, at some stops" : "some, at some stops"
        return Answer(answer, expected: "none")
      }
    ])

  static let resumedAtEachStop = Claim(
    "resumed-at-each-stop", .losses, title: "Lost events when a stopped writer resumes",
    question:
      "A writer is stopped after any change that its write makes in the shared memory, another process writes twice "
      + "what fits, and the writer resumes: is every event either read once or counted?",
    source:
      "lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: \"The application causing the unbalance has "
      + "been delayed for a long time, but will eventually try to increment the commit counter … This situation can "
      + "cause events to be discarded until the application resumes its operations.\"; lttng-concepts(7), Discard "
      + "mode: \"LTTng increments a count of lost event records when an event record is lost\"",
    procedure:
      "In overwrite mode, for an event that fills its sub-buffer, and in discard mode for one that exceeds it: read "
      + "every full sub-buffer, stop a process at a point of its write (\(stops)), each point on a new ring buffer. Have another process write twice what fits; resume; read; have the other write 4 more; "
      + "flush_buffer(stream, 1), and read.",
    notModelled: oneThread,
    reaching: [.eventsLost("stops after which events were lost")],
    [
      .lttngUST: .documented("every event is read once, or part of the last packet's events_discarded") { seen in
        let wrong = try seen.number("stops with a wrong account")
        let answer = try wrong == 0 ? "yes" : wrong == seen.number("stops") ? "no" : "not at every stop"
        return Answer(answer, expected: "yes")
      }
    ])

  static let fixedUpAtEachStop = Claim(
    "fixed-up-at-each-stop", .losses, title: "Recovery of a killed writer's sub-buffers",
    question:
      "If a writer was killed after any change that its write makes in the shared memory, and the consumer completes "
      + "its sub-buffers: can the committed events be read, and do other processes go on?",
    source:
      "lttng-ust, commit 11c22feb, in 2.15.0: \"This has the effect of being able to destroy a tracing session and "
      + "get the full trace even when producers crashed while emitting events.\"; include/lttng/ust-ctl.h, "
      + "lttng_ust_ctl_fixup_stalled_stream: \"Only sub-buffer owned by dead owners (or without any owner) can be "
      + "fixed up by this function.\"",
    procedure: "In discard mode, with two processes on one ring buffer, kill one with SIGKILL at a point of a write "
      + "(\(stops)), without the one that fills; each point on a new ring buffer. "
      + "lttng_ust_ctl_fixup_stalled_stream from the consumed to the produced position with the owner of the killed; flush_buffer(stream, 1), and read. Have the other write 6 "
      + "of 8 sub-buffers' worth; if it drops most of them, call it again and repeat.",
    notModelled: oneThread,
    reaching: [
      Mark("writer-killed", "the writer was killed inside a write") { seen in try seen.number("kills") > 0 }
    ],
    [
      .lttngUST: .doesNotApply(
        to: "lttng_ust_ctl_fixup_stalled_stream", "LTTng-UST has it since 2.15; killed-at-each-stop asks what is lost"),
      .lttngUST2_15: .documented("the committed events are read, and others go on, at every point") { seen in
        let kills = try seen.number("kills")
        let losing = try seen.number("kills after which committed events are lost")
        let blocking = try seen.number("kills after which others do not go on")
        let answer =
          if losing == 0, blocking == 0 {
            "at every point"
          } else {
            max(losing, blocking) == kills ? "at none" : "not at every point"
          }
        return Answer(answer, expected: "at every point")
      },
    ])

  static let readPastStop = Claim(
    "read-past-a-stopped-writer", .losses, title: "Reading past a stopped writer's sub-buffer",
    question:
      "Another process fills the ring buffer while a writer is stopped inside a write: does get_subbuf return the "
      + "full sub-buffers after that of the stopped one?",
    source:
      "lttng-tools 2.13, src/common/ust-consumer/ust-consumer.c, snapshot_channel, on -EAGAIN of get_subbuf: \"UST "
      + "consumer get subbuf failed. Skipping it.\"; lttng-ust, ring_buffer_frontend.c, lib_ring_buffer_get_subbuf: "
      + "\"no further buffer data will be readable by the consumer daemon\"",
    procedure:
      "In both modes, have a process stopped at each point of a write of an event that exceeds its sub-buffer, "
      + "before its commit. At each point another process writes what fills the ring buffer; get_subbuf and "
      + "put_subbuf at each position from the consumed to the produced. Restore the memory and step on.",
    notModelled: oneThread,
    reaching: [
      Mark("subbuffers-refused", "full sub-buffers followed a refused one") { seen in
        try seen.number("full sub-buffers after the refused ones") > 0
      }
    ],
    [
      .lttngUST: .assumed("yes, as the consumer daemon expects when it records a snapshot") { seen in
        let (later, read) = try (
          seen.number("full sub-buffers after the refused ones"), seen.number("of these got by get_subbuf")
        )
        return Answer(read == later ? "yes" : read == 0 ? "no" : "not all", expected: "yes")
      }
    ])
}
