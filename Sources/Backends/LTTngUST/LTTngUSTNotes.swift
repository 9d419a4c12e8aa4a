import LTTngBackend
import Results
import Study

/// The explanations of answers.
enum LTTngUSTNotes {
  private static let frontend = "lttng-ust 2.13.5, src/common/ringbuffer/ring_buffer_frontend.c"
  private static let unreported = "master of 2026-07-14; list archives"

  /// LTTng's ring buffer in user space.
  static let all: [Note] = [
    Note(
      "release-on-empty", .lttngUST, answer: "all later events are lost", .s1,
      "One put on an empty ring buffer loses all later events",
      cause: CitedText(
        "lib_ring_buffer_put_next_subbuf() moves the consumed position even if lib_ring_buffer_put_subbuf() warned and "
          + "returned. It is then beyond the producer, and the unsigned difference to it counts as a full ring buffer",
        source: frontend),
      consequence: "Events are lost from then on in both modes, without a packet and without a count.",
      workaround: "Call put_next_subbuf only after a successful get.",
      status: CitedText("No report found; unchanged. Fix: return if put_subbuf did", source: unreported),
      reproducer: "put-without-get.c"),
    Note(
      "release-on-empty", .lttngUST2_15, answer: "overwrite: invalid memory; discard: all lost", .s1,
      "One put on an empty ring buffer: invalid memory, or all events lost",
      cause: CitedText(
        "lib_ring_buffer_put_next_subbuf() moves the consumed position beyond the producer. In overwrite mode "
          + "lib_ring_buffer_reserve_push_reader() then sets it to buf_size before the producer, below 0 (570d7352); in "
          + "discard mode the first sub-buffer counts as full",
        source: "lttng-ust 2.15.0, src/common/ringbuffer/frontend_internal.h"),
      consequence:
        "get hands out sub-buffers that were never written, or no event is recorded any more, without a count.",
      workaround: "Call put_next_subbuf only after a successful get.",
      status: CitedText("No report found; unchanged. Fix: return if put_subbuf did", source: unreported),
      reproducer: "put-without-get.c"),
    Note(
      "release-on-partial", .lttngUST, answer: "all later events are lost", .s1,
      "One put beside a partial sub-buffer loses all events",
      cause: CitedText(
        "As on an empty ring buffer: the consumed position is then beyond the producer. Every recorded event moves it one "
          + "sub-buffer further, in both modes",
        source: "lttng-ust 2.13.5, src/common/ringbuffer/frontend_internal.h"),
      consequence:
        "The events of the partial sub-buffer and all later ones are lost, without a packet and without a count.",
      workaround: "Call put_next_subbuf only after a successful get.",
      status: CitedText("No report found; another fault since 2.15.0 (570d7352)", source: unreported),
      reproducer: "put-on-partial.c"),
    Note(
      "release-on-partial", .lttngUST2_15, answer: "overwrite: invalid memory; discard: kills writer", .s1,
      "One put beside a partial sub-buffer aborts the traced process",
      cause: CitedText(
        "lib_ring_buffer_put_next_subbuf() moves the consumed position beyond the producer, and the unsigned difference counts "
          + "as a full ring buffer in lib_ring_buffer_reserve_push_reader(). In discard mode the next event fails "
          + "assert(config->mode == RING_BUFFER_OVERWRITE); in overwrite mode the consumed position is set below 0",
        source: "lttng-ust 2.15.0, src/common/ringbuffer/frontend_internal.h"),
      consequence:
        "A fault of the reader ends the traced application with SIGABRT, or get hands out memory without a packet.",
      workaround: "Call put_next_subbuf only after a successful get.",
      status: CitedText("No report found; unchanged. Fix: return if put_subbuf did", source: unreported),
      reproducer: "put-on-partial.c"),
    Note(
      "dead-reader-events-again", .lttngUST2_15, answer: "invalid memory", .s1,
      "After a dead reader get returns invalid memory",
      cause: CitedText(
        "lib_ring_buffer_release_read() does not put. update_read_sb_index() left the reader's empty sub-buffer with the "
          + "same offset in the writer's table, and the next get takes that one; since f8767b70 in discard mode, too",
        source: "lttng-ust 2.15.0, src/common/ringbuffer/backend_internal.h"),
      consequence: "A consumer that replaces a dead one reads garbage, and the held events are lost.",
      workaround: "Check the magic number after each get; without it put, and go on.",
      status: .unreported(source: unreported), reproducer: "dead-reader.c"),
    Note(
      "dead-reader-events-again", .lttngUST, answer: "overwrite: invalid memory; discard: yes", .s1,
      "After a dead reader, in overwrite mode, get returns invalid memory",
      cause: CitedText(
        "lib_ring_buffer_release_read() does not put. update_read_sb_index() left the reader's empty sub-buffer with the "
          + "same offset in the writer's table, and the next get takes that one",
        source: "\(frontend), backend_internal.h"),
      consequence: "A consumer that replaces a dead one reads garbage, and the held events are lost in overwrite mode.",
      workaround: "Check the magic number after each get; without it put, and go on.",
      status: .unreported(source: unreported), reproducer: "dead-reader.c"),
    Note(
      "writer-killed-inside-told", .lttngUST, answer: "reports 0 (wrong)", .s1,
      "A writer killed inside a write: committed events lost, 0 reported",
      cause: CitedText(
        "lib_ring_buffer_get_subbuf() needs the commit count of the whole sub-buffer; a comment there has “no further "
          + "buffer data will be readable by the consumer daemon”", source: frontend),
      consequence: "Events that other writers committed to the same sub-buffer are lost, and events_discarded stays 0.",
      workaround: "Use per-PID buffers, or begin a new session.",
      status: CitedText(
        "2.15.0 adds owners of sub-buffers and lttng_ust_ctl_fixup_stalled_stream: see fixed-up-at-each-stop",
        source: "lttng-ust 2.15.0"),
      reproducer: "uncommitted.c"),
    Note(
      "killed-at-each-stop", .lttngUST, answer: "reports 0 (wrong)", .s1,
      "A writer killed inside its commit: committed events lost, 0 reported",
      cause: CitedText(
        "The write that completes a sub-buffer delivers it: lib_ring_buffer_check_deliver_slow() sets cc_sb to 1 more than "
          + "the old count, fills in the packet header, and sets cc_sb to the new count. Nobody else delivers it after a kill "
          + "from the reservation to that store, although every event is committed", source: frontend),
      consequence: "All events of the sub-buffer are lost, those of other processes as well; events_discarded stays 0.",
      workaround: "Use per-PID buffers, or begin a new session.",
      status: CitedText(
        "2.15.0 adds owners of sub-buffers and lttng_ust_ctl_fixup_stalled_stream: see fixed-up-at-each-stop",
        source: "lttng-ust 2.15.0")),
    Note(
      "fixed-up-at-each-stop", .lttngUST2_15, answer: "not at every point", .s1,
      "A process killed before its reservation stops all others for good",
      cause: CitedText(
        "It has taken the ownership of the sub-buffer after the produced position. "
          + "lttng_ust_ctl_fixup_stalled_stream() goes back from the produced position, and returns at once if "
          + "everything is read. The others see the owner and drop, so the produced position does not move",
        source: "lttng-ust 2.16.0, src/lib/lttng-ust-ctl/ustctl.c; ring_buffer_frontend.c, "
          + "lib_ring_buffer_try_reserve_slow"),
      consequence:
        "With per-user buffers no process records an event on that CPU any more, and no packet reports the loss. The "
        + "call repairs every other point, and this one only after a flush and before everything is read.",
      workaround: "Flush before the call, and read after it.",
      status: .unreported(source: unreported)),
    Note(
      "drops-at-each-stop", .lttngUST2_15, answer: "nearly all, at some stops", .s1,
      "A process stopped before its reservation makes all others drop events",
      cause: CitedText(
        "A writer takes the ownership of the next sub-buffer before it reserves. lib_ring_buffer_try_reserve_slow() "
          + "of another one then finds an owner there and drops the event as for a wrap-around, although the "
          + "sub-buffer is empty and nothing is reserved in it (044fb42c)",
        source: "lttng-ust 2.15.0, src/common/ringbuffer/ring_buffer_frontend.c"),
      consequence:
        "With per-user buffers every process on the CPU drops every event until that one resumes, in both modes and "
        + "with empty sub-buffers; after its death, too (fixed-up-at-each-stop). Up to 2.14 none drops.",
      workaround: "Use per-process buffers.",
      status: .unreported(source: unreported)),
    Note(
      "stops-that-block-the-reader", .lttngUST, answer: "from reserve to delivery", .s3,
      "The documentation omits stops after the commit",
      cause: CitedText(
        "Between the last addition to the commit count and the second store to cc_sb the sub-buffer is committed and not "
          + "delivered: lib_ring_buffer_check_deliver_slow() is not reentrant by another process", source: frontend),
      consequence: "The comment in lib_ring_buffer_get_subbuf() names stops between reserve and commit only.",
      workaround: "Read later sub-buffers by get_subbuf until the process resumes.",
      status: .unreported(source: unreported)),
    Note(
      "truncated-memory", .lttngUST, answer: "endless SIGBUS in the reader", .s1,
      "Truncating the memory file makes get loop for ever",
      cause: CitedText(
        "After siglongjmp sigbus_begin() evaluates to false, so the access is tried again and again",
        source: "lttng-ust 2.13.5, src/lib/lttng-ust-ctl/ustctl.c"),
      consequence: "A consumer hangs if the traced process truncates the file that both share.",
      workaround: "Seal the memory files against shrinking.",
      status: CitedText(
        "Fixed in 2.13.10 (2c87cde2), 2.14.1 (d21c1d1e) and 2.15.0 (8e0efccd): “sigbus handling: statement with no "
          + "effect”", source: "lttng-ust, tags"), reproducer: "truncate-memory.c"),
    Note(
      "sample-while-held", .lttngUST, answer: "yes, unread events too", .s2,
      "Sampling positions between get and put consumes an unread sub-buffer",
      cause: CitedText(
        "lttng_ust_ctl_snapshot_sample_positions() stores into cons_snapshot, from which "
          + "lib_ring_buffer_put_next_subbuf() computes the new consumed position",
        source: "lttng-ust 2.13.5, src/lib/lttng-ust-ctl/ustctl.c"),
      consequence: "A consumer loses a sub-buffer; only the gap of packet_seq_num shows it.",
      workaround: "Sample only while nothing is held.",
      status: .unreported(source: unreported),
      reproducer: "put-without-get.c"),
    Note(
      "release-without-acquire", .lttngUST, answer: "skips an unread sub-buffer", .s2,
      "A put without a get skips an unread sub-buffer",
      cause: CitedText(
        "lib_ring_buffer_put_next_subbuf() moves the consumed position whether or not a sub-buffer was held",
        source: frontend),
      consequence: "A consumer loses one sub-buffer; only the gap of packet_seq_num shows it.",
      workaround: "Call put_next_subbuf only after a successful get.",
      status: .unreported(source: unreported),
      reproducer: "put-without-get.c"),
    Note(
      "discarded-count-never-falls", .lttngUST, answer: "yes", .s2,
      "events_discarded of a packet can be 0 or that of a later one",
      cause: CitedText(
        "client_buffer_end() writes the count of the event that happens to complete the sub-buffer; an event that did not "
          + "end it has 0", source: "lttng-ust 2.13.5, src/common/ringbuffer-clients/template.h"),
      consequence: "A consumer that takes a fall for a wrap reports nearly 2^64 losses, as babeltrace2 does.",
      workaround: "Use the running maximum, and take a fall for “not reported”.",
      status: CitedText(
        "Fixed in 2.14.0 (1f8630c4) and 2.15.0 (f17f3fdf); not in 2.13.10", source: "lttng-ust, tags"),
      reproducer: "uncommitted.c"),
    Note(
      "eagain-and-enodata", .lttngUST, answer: "-EAGAIN both times", .s3,
      "A comment of get names -ENODATA at the end; it is never returned",
      cause: CitedText(
        "Three comments promise -ENODATA “if buffer is finalized”; nothing sets buf->finalized to 1", source: frontend
      ),
      consequence: "A consumer that waits for -ENODATA never ends.",
      workaround: "Close its own write end, flush with 0 at POLLHUP, and read until -EAGAIN.",
      status: CitedText("No report found", source: unreported), reproducer: "end-and-off.c",
      patch: ProposedText.endOfStream),
    Note(
      "double-acquire", .lttngUST, answer: "overwrite: invalid memory; discard: same again", .s1,
      "A second get without a put is not refused",
      cause: CitedText(
        "lib_ring_buffer_get_subbuf() has no check; CHAN_WARN_ON disables recording in the reader's own memory only",
        source: frontend),
      consequence: "A consumer with calls out of order reads memory that is no packet.",
      workaround: "Keep the state of each stream in the consumer.",
      status: CitedText("Internal interface of lttng-tools; no report found", source: "lttng/ust-ctl.h"),
      reproducer: "dead-reader.c"),
    Note(
      "double-acquire", .lttngUST2_15, answer: "invalid memory", .s1,
      "A second get without a put returns invalid memory in both modes",
      cause: CitedText(
        "lib_ring_buffer_get_subbuf() has no check, and hands out the reader's sub-buffer that the first get left in the "
          + "writer's table; since f8767b70 in discard mode, too",
        source: "lttng-ust 2.15.0, src/common/ringbuffer/ring_buffer_frontend.c"),
      consequence: "A consumer with calls out of order reads memory that is no packet.",
      workaround: "Keep the state of each stream in the consumer.",
      status: CitedText("Internal interface of lttng-tools; no report found", source: "lttng/ust-ctl.h"),
      reproducer: "dead-reader.c"),
    Note(
      "number-of-populated-packet", .lttngUST2_15, answer: "in later laps another one", .s2,
      "A populated packet has a number that is one lap too low",
      cause: CitedText(
        "_lttng_ust_ctl_flush_events_or_populate_packet() reads commit_cold of sub-buffer 0, because it does so before it "
          + "computes subbuf_idx. Its parity then chooses the older of the two values of seq_cnt",
        source: "lttng-ust 2.15.0, src/lib/lttng-ust-ctl/ustctl.c, src/common/ringbuffer/backend_internal.h"),
      consequence:
        "The last packet of a snapshot without new events has a lower number than the one before it, which a reader that subtracts takes for "
        + "nearly 2^64 lost packets.",
      workaround: "Take the number of the previous packet plus 1.",
      status: CitedText(
        "No report found; the same in master. Fix: compute subbuf_idx first", source: "master of 2026-07-23"),
      reproducer: "populated-packet.c"),
    Note(
      "flush-of-new-ring-buffer", .lttngUST, answer: "a packet without events", .s4,
      "A flush of a new ring buffer makes a packet without events",
      cause: CitedText("The header of the first packet is written when the ring buffer is made", source: frontend),
      consequence: "A consumer gets a packet without events from each CPU that recorded nothing.",
      workaround: "Skip packets without events.",
      status: CitedText("Removed in 2.15.0 (81b931f1)", source: "lttng-ust 2.15.0")),
    Note(
      "reader-cannot-store", .lttngUST, answer: "yes", .s4, "A reader can modify the sub-buffer that it holds",
      consequence: "A consumer with a stray store corrupts packets and positions.",
      workaround: "None in the ABI; keep decoders off the mapped memory.",
      status: CitedText("By design", source: "lttng/ust-ctl.h")),
    Note(
      "count-beside-the-gap-of-full", .lttngUST, answer: "after the gap", .s4,
      "The count is after the gap if a packet is full to its last byte",
      cause: CitedText(
        "The counts are taken “when the space reservation may cause a sub-buffer switch”, before the drops",
        source: frontend),
      consequence: "A consumer that expects the count before the gap attributes it to the wrong interval.",
      workaround: "Use the running maximum of events_discarded.",
      status: CitedText("Allowed by the note of CTF 1.8.3 on full buffers", source: "CTF 1.8.3"),
      reproducer: "last-byte.c"),
  ]
}
