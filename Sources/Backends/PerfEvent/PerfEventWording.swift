import Results
import Study

/// The words of the report about perf's ring buffer.
package enum PerfEventWording {
  /// All of them.
  package static let all = Wording(notes: notes, rules: rules, recipes: recipes)

  private static let output = "kernel/events/ring_buffer.c, __perf_output_begin, Linux 6.18"

  /// The explanations of answers.
  private static let notes: [Note] = [
    Note(
      "pause-waits-for-writes", .perfEvent, answer: "no", .s1,
      "A record can be overwritten while the output is paused",
      cause: CitedText(
        "PERF_EVENT_IOC_PAUSE_OUTPUT stores rb->paused and returns; a write on another CPU that has passed the test of it goes "
          + "on, into the place of the oldest records, and publishes data_head at its end",
        source: "kernel/events/internal.h, rb_toggle_paused; kernel/events/core.c, Linux 6.18"),
      consequence:
        "A reader of a full ring buffer reads a record that is half overwritten, or takes its bytes for a header.",
      workaround:
        "Between the pause and the load of data_head call membarrier(MEMBARRIER_CMD_GLOBAL), which waits for an RCU "
        + "grace period; or leave out the oldest records, as many bytes as the largest record has.",
      status: .unreported(source: "list archives and issue trackers, searched 2026-11-29")),
    Note(
      "reader-causes-loss", .perfEvent, answer: "yes, while it holds", .s2,
      "In overwrite mode reading loses the events that are written meanwhile",
      cause: CitedText(
        "a reader has to pause the output, since it has no other way to keep what it reads; a paused ring buffer takes no event "
          + "(`if (unlikely(rb->paused))`)", source: output),
      consequence: "A consumer that reads continuously loses events although there is room for them.",
      workaround: "Copy the records, resume at once, and decode afterwards; add the counts of PERF_RECORD_LOST."),
    Note(
      "lost-records-when-overwriting", .perfEvent, answer: "yes, of events during a pause", .s3,
      "The document denies records of lost events that there are",
      cause: CitedText(
        "a paused ring buffer counts each event in rb->lost, and the next event that is written is preceded by a record with "
          + "that number, in both directions", source: output),
      consequence:
        "A reader of overwritable ring buffers that follows the document takes an unknown record for an error, or "
        + "misses the one report of these losses.",
      workaround: "Handle PERF_RECORD_LOST in both modes."),
    Note(
      "lost-record-after-its-event", .perfEvent, answer: "no, after it", .s4,
      "In reverse, a record of lost events lies after the event that follows",
      cause: CitedText(
        "the record of lost events and its event are one reservation, written in the order of the addresses; the reservations "
          + "are in the reverse order", source: output),
      consequence: "A gap in the events is taken for one an event later.",
      workaround: "Take a record of lost events together with the record at the next higher address."),
    Note(
      "overwrite-number-not-told", .perfEvent, answer: "flag only", .s2,
      "Overwritten events are in no count",
      cause: CitedText(
        "with rb->overwrite there is no test for room, so that neither rb->lost nor lost_samples grows", source: output),
      consequence: "`read` with PERF_FORMAT_LOST returns 0 however much was overwritten; the number is unknown.",
      workaround: "Compare data_head with that of the last reading: a fall by more than data_size shows a loss."),
    Note(
      "tail-beyond-head", .perfEvent, answer: "less is free, no error", .s4,
      "The kernel believes any data_tail",
      cause: CitedText(
        "ring_buffer_has_space computes CIRC_SPACE(head, tail, size), which is right modulo the size for every tail",
        source: output),
      consequence:
        "A wrong store of the reader shrinks its own ring buffer until the next right one; the writer stays within it.",
      workaround: "Store only positions up to which records were read."),
    Note(
      "debugger-reads-mapping", .perfEvent, answer: "no: -EFAULT", .s4,
      "A debugger cannot read the mapping",
      cause: CitedText(
        "map_range maps the pages with remap_pfn_range, which sets VM_IO and VM_PFNMAP; access_process_vm refuses those",
        source:
          "kernel/events/core.c, mm/memory.c, Linux 6.18; V. Donnefort and S. Rostedt discussed the same of the tracing "
          + "ring buffer, 2024-05-07"),
      consequence: "gdb and process_vm_readv get nothing of a reader's ring buffer; the reader itself can read it.",
      workaround: "Copy the records before they are looked at."),
  ]

  /// The ways in which the source counts losses.
  private static let recipes: [Recipe] = [
    Recipe(
      .perfEvent, mode: .discard,
      [
        "head = smp_load_acquire(&page->data_head); size = page->data_size;",
        "for (; tail != head; tail += record->size) {  /* a record may be in two pieces */",
        "    record = data + tail % size;  /* the header is in one piece */",
        "    if (record->type == PERF_RECORD_LOST) lost += *(u64 *)(data + (tail + 16) % size);",
        "}",
        "smp_store_release(&page->data_tail, tail);",
        "/* total: read(fd) with PERF_FORMAT_LOST; the last loss is in no record before another event */",
      ]),
    Recipe(
      .perfEvent, mode: .overwrite,
      [
        "ioctl(fd, PERF_EVENT_IOC_PAUSE_OUTPUT, 1);  /* what is written from here on is lost */",
        "room = page->data_size - 8256;  /* the longest sample: PERF_MAX_TRACE_SIZE, and 64 */",
        "if (last - page->data_head > room) membarrier(MEMBARRIER_CMD_GLOBAL, 0, 0);",
        "head = smp_load_acquire(&page->data_head);  /* it falls */",
        "if (last - head > page->data_size) some = true;  /* overwritten: no number anywhere */",
        "/* walk from head up; PERF_RECORD_LOST has the events of a pause */",
        "last = head; ioctl(fd, PERF_EVENT_IOC_PAUSE_OUTPUT, 0);",
      ]),
  ]

  /// At most eight rules, the most important first.
  private static let rules: [Rule] = [
    .do(
      .perfEvent, "after the pause of a full ring buffer wait for writes that have begun: membarrier",
      because: "pause-waits-for-writes", is: "no"),
    .do(
      .perfEvent, "in overwrite mode pause the output only to copy, and decode after the resumption",
      because: "reader-causes-loss", is: "yes, while it holds"),
    .do(
      .perfEvent, "handle PERF_RECORD_LOST in both modes", because: "lost-records-when-overwriting",
      is: "yes, of events during a pause"),
    .do(
      .perfEvent, "read(2) the event with PERF_FORMAT_LOST at the end: the stream has no record of the last loss",
      because: "lost-record-without-later-event", is: "with the next event, exact"),
    .do(
      .perfEvent, "join a record that lies at the end and the start of the data", because: "record-at-end-and-start",
      is: "yes, the header in one piece"),
    .dont(
      .perfEvent, "let two readers share a mapping: there is one data_tail", because: "several-readers",
      is: "both get them, one tail"),
  ]
}
