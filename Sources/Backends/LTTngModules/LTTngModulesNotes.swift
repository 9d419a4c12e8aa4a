import LTTngBackend
import Results
import Study

/// The explanations of answers.
enum LTTngModulesNotes {
  private static let frontend = "lttng-modules 2.13.18, src/lib/ringbuffer/ring_buffer_frontend.c"
  private static let unreported = "master of 2026-07-15; list archives"

  /// LTTng's ring buffer in the kernel.
  static let all: [Note] = [
    Note(
      "recording-after-misuse", .lttngModules, answer: "no, the channel is disabled", .s2,
      "A call out of order disables the channel for good",
      cause: CitedText(
        "CHAN_WARN_ON increments record_disabled of the channel and is used for errors of a reader: “Reader puts a "
          + "subbuffer it did not get.” Nothing decrements it, and lib_ring_buffer_ioctl() then returns -EIO",
        source: "\(frontend); include/ringbuffer/frontend_types.h"),
      consequence: "Events of all CPUs are lost from then on, and no count has them.",
      workaround: "Keep get and put in strict order, and take -EIO for the end of the channel.",
      status: .unreported(source: unreported), reproducer: "kernel-tracer.c"),
    Note(
      "dead-reader-events-again", .lttngModules, answer: "no: -EBUSY", .s2,
      "A dead reader that held a sub-buffer leaves its stream unusable",
      cause: CitedText(
        "lib_ring_buffer_release_read() decrements active_readers and leaves get_subbuf at 1, so the next get is "
          + "refused as a second one and disables the channel", source: frontend),
      consequence: "A consumer that replaces a dead one gets -EBUSY, then -EIO, and none of the buffered events.",
      workaround: "Destroy the session and begin a new one.",
      status: .unreported(source: unreported), reproducer: "kernel-tracer.c"),
    Note(
      "sample-while-held", .lttngModules, answer: "yes, unread events too", .s2,
      "Sampling positions between get and put consumes an unread sub-buffer",
      cause: CitedText(
        "SNAPSHOT and SNAPSHOT_SAMPLE_POSITIONS overwrite cons_snapshot, from which PUT_NEXT_SUBBUF computes the new "
          + "consumed position", source: "lttng-modules 2.13.18, include/ringbuffer/frontend.h"),
      consequence: "A consumer loses a sub-buffer in overwrite mode; only the gap of packet_seq_num shows it.",
      workaround: "Sample only while nothing is held.",
      status: .unreported(source: unreported)),
    Note(
      "count-of-populated-packet", .lttngModules2_14, answer: "reports 0 (wrong)", .s2,
      "A populated packet has no count of discarded events",
      cause: CitedText(
        "client_user_packet_initialize() fills in the header of a packet that is otherwise 0, and leaves events_discarded out; "
          + "that of lttng-ust takes it as an argument",
        source: "lttng-modules 2.14.0 (6b955571), src/lttng-ring-buffer-client.h"),
      consequence:
        "The count falls to 0 at the end of a snapshot without new events, which a reader that subtracts takes for nearly 2^64 "
        + "discarded events.",
      workaround: "Use the running maximum of events_discarded.",
      status: CitedText("No report found; the same in master", source: "master of 2026-07-23")),
    Note(
      "number-of-populated-packet", .lttngModules2_14, answer: "another one", .s2,
      "A populated packet has the number of a lap instead of a packet",
      cause: CitedText(
        "_lib_ring_buffer_switch_remote_or_populate_packet() passes seq_cnt of the sub-buffer plus 1; the number of a packet is "
          + "num_subbuf * seq_cnt + index (client_buffer_begin)",
        source: "lttng-modules 2.14.0 (6b955571), src/lib/ringbuffer/ring_buffer_frontend.c"),
      consequence:
        "The last packet of a snapshot without new events has a lower number than the one before it, which a reader that "
        + "subtracts takes for nearly 2^64 lost packets.",
      workaround: "Take the number of the previous packet plus 1.",
      status: CitedText("No report found; the same in master", source: "master of 2026-07-23")),
    Note(
      "read-timer", .lttngModules, answer: "yes", .s3, "Only the read timer wakes a reader",
      cause: CitedText(
        "The client has RING_BUFFER_WAKEUP_BY_TIMER: “Mainly useful for tracers which don't want to call into the wakeup "
          + "code on the tracing path”",
        source: "lttng-modules 2.13.18, src/lttng-ring-buffer-client.h, include/ringbuffer/config.h"),
      consequence: "A consumer without read_timer_interval is never woken from poll.",
      workaround: "Set read_timer_interval.",
      status: CitedText(
        "lttng-concepts(7) has an “asynchronous message mechanism” for all tracers; no report found",
        source: "lttng-tools 2.13.9"),
      patch: ProposedText.readTimer),
    Note(
      "pollin-when-full", .lttngModules, answer: "no, POLLPRI once flushed", .s4,
      "poll does not report POLLIN for a full, flushed ring buffer",
      cause: CitedText(
        "lib_ring_buffer_poll() returns POLLPRI | POLLRDBAND instead of POLLIN | POLLRDNORM if the whole buffer is "
          + "unread; lttng-consumerd asks for both", source: "lttng-modules 2.13.18, ring_buffer_vfs.c"),
      consequence: "A consumer that asks for POLLIN alone sleeps for ever once the ring buffer is full.",
      workaround: "Ask for POLLIN | POLLPRI.",
      status: CitedText("Intended, undocumented; the same in master", source: unreported),
      reproducer: "kernel-tracer.c"),
    Note(
      "mapping-restrictions", .lttngModules, answer: "writable, executable, private accepted", .s4,
      "The mapping may be writable, executable and private",
      cause: CitedText(
        "lib_ring_buffer_mmap_buf() checks the length only", source: "lttng-modules 2.13.18, ring_buffer_mmap.c"),
      consequence: "A consumer with a stray store corrupts the packet that it holds.",
      workaround: "Map with PROT_READ and MAP_SHARED.",
      status: CitedText(
        "No report found; the kernel refuses executable mappings of anonymous inodes by 1ed95281c0c7",
        source: "Linux 7.2.13, not 6.12.117")),
    Note(
      "mapping-restrictions", .lttngModules, answer: "writable, private accepted", .s4,
      "The mapping may be writable and private",
      cause: CitedText(
        "lib_ring_buffer_mmap_buf() checks the length only", source: "lttng-modules 2.16.0, ring_buffer_mmap.c"),
      consequence: "A consumer with a stray store corrupts the packet that it holds.",
      workaround: "Map with PROT_READ and MAP_SHARED.",
      status: .unreported(source: unreported)),
    Note(
      "mapping-not-made-executable", .lttngModules, answer: "yes", .s4, "The mapping can be made executable",
      cause: CitedText(
        "lib_ring_buffer_mmap_buf() checks the length only", source: "lttng-modules 2.13.18, ring_buffer_mmap.c"),
      consequence: "None for a consumer; a process can execute the contents of a trace.",
      workaround: "None is needed.",
      status: CitedText(
        "The kernel refuses executable mappings of anonymous inodes by 1ed95281c0c7",
        source: "Linux 7.2.13, not 6.12.117")),
    Note(
      "released-page-stays-mapped", .lttngModules, answer: "yes, with newer events", .s4,
      "A released sub-buffer stays readable and changes under the reader",
      cause: CitedText(
        "lib_ring_buffer_fault_compat() checks the owner at the first access, and nothing unmaps the page at the put",
        source: "lttng-modules 2.13.18, ring_buffer_mmap.c"),
      consequence: "A consumer that reads after the put can see a later packet.",
      workaround: "Read nothing after the put.",
      status: .unreported(source: unreported)),
    Note(
      "writer-told-of-drop", .lttngModules, answer: "no", .s4, "A writer of /proc/lttng-logger is not told of a drop",
      cause: CitedText(
        "lttng_logger_write() returns the count whatever happened", source: "lttng-modules 2.13.18, src/probes/lttng.c"),
      consequence: "Events are dropped although write(2) succeeds; the count is in events_discarded.",
      workaround: "Read events_discarded.", status: CitedText("By design", source: "lttng-concepts(7)")),
    Note(
      "packet-gap-times-events", .lttngModules, answer: "approximate", .s4,
      "Missing packets times events per packet is not the number lost",
      cause: CitedText(
        "The first packet of a ring buffer has one event less, for its extended header: 17 × 91 = 1547 for 1546 lost",
        source: "observation of the virtual-machine study"),
      consequence: "A consumer in overwrite mode can only estimate the number of lost events.",
      workaround: "Report packets."),
    Note(
      "flush-of-new-ring-buffer", .lttngModules, answer: "a packet without events", .s4,
      "A flush of a new ring buffer makes a packet without events",
      cause: CitedText(
        "Two comments disagree: “switch the buffer when it contains events” and “Write the subbuffer header for first "
          + "subbuffer so we know the total duration of data gathering”", source: frontend),
      consequence: "A consumer gets a packet without events from each CPU that recorded nothing.",
      workaround: "Skip packets without events.",
      status: CitedText("lttng-ust 2.15.0 removed it, 81b931f1; not found for lttng-modules", source: unreported)),
    Note(
      "count-beside-the-gap-of-full", .lttngModules, answer: "after the gap", .s4,
      "The count is after the gap if a packet is full to its last byte",
      cause: CitedText(
        "The counts are taken “when the space reservation may cause a sub-buffer switch”, before the drops",
        source: frontend),
      consequence: "A consumer that expects the count before the gap attributes it to the wrong interval.",
      workaround: "Use the running maximum of events_discarded.",
      status: CitedText("Allowed by the note of CTF 1.8.3 on full buffers", source: "CTF 1.8.3"),
      reproducer: "last-byte.c"),
    Note(
      "cleared-is-not-lost", .lttng, answer: "yes, missing packets", .s4, "A clear looks like lost packets",
      cause: CitedText(
        "packet_seq_num is num_subbuf * seq_cnt + index, and lib_ring_buffer_clear() skips indices",
        source: "lttng-modules 2.13.18 and lttng-ust 2.13.5, ring_buffer_frontend.c and their clients"),
      consequence: "A consumer counts packets as lost that were cleared.",
      workaround: "Subtract the packets that it cleared itself.",
      status: CitedText("No report found", source: unreported), reproducer: "clear-and-fork.c"),
    Note(
      "recording-off-told", .lttng, answer: "no", .s4, "Neither get nor poll reports that recording is off",
      consequence: "A consumer waits for ever after recording was switched off.",
      workaround: "Ask whoever controls the session.", reproducer: "recording-off.c"),
  ]
}
