import Results
import Study

extension KernelNotes {
  /// Warnings of the kernel's ring buffer.
  static let log: [LogNote] = [
    LogNote(
      "the kernel warned: WARNING at kernel/trace/ring_buffer.c ring_buffer_map_get_reader",
      cause: CitedText(
        "The reader caught up with the writer: rb_get_reader_page() returns NULL, which ring_buffer_map_get_reader() takes "
          + "for a fault", source: "aa997d2d2a0b"),
      status: CitedText("Fixed by aa997d2d2a0b, Linux 6.18, in 6.17.8 too", source: "aa997d2d2a0b; 6.17.8-rc1")),
    LogNote(
      "the kernel warned: WARNING at kernel/trace/trace.c tracing_buffers_mmap_close",
      cause: CitedText(
        "More mappings end than were counted: a part of one (b042fdf18e89), one that a child inherited (e39bb9e02b68), or "
          + "one that was refused without an error (de4cbd704731)", source: "those commits"),
      status: CitedText(
        "Fixed by de4cbd704731 and b042fdf18e89, Linux 6.18, and e39bb9e02b68, Linux 7.0", source: "those commits")),
  ]

  /// The kernel's mapped ring buffer: what changed from version to version, and what only a machine of its own can show.
  static let versions: [Note] = [
    Note(
      "caught-up-with-uncommitted", .kernel, answer: "nothing new, and a warning", .s1,
      "The ioctl warns if the reader has caught up with the writer",
      cause: CitedText(
        "rb_per_cpu_empty() compares entries, overrun and read since Linux 6.14, and entries has events inside an uncommitted "
          + "one; the reader sub-buffer is read and is the commit page, so rb_get_reader_page() returns NULL, on which "
          + "WARN_ON() triggers",
        source: "0568c6ebf072, ring-buffer: Check for empty ring-buffer with rb_num_of_entries()"),
      consequence:
        "A warning in the kernel's log for each such acquire; with panic_on_warn the machine ends.",
      workaround: "None in user space: a reader cannot see that an event is uncommitted.",
      status: CitedText("Fixed by aa997d2d2a0b, Linux 6.18, in 6.17.8 too", source: "aa997d2d2a0b; 6.17.8-rc1")),
    Note(
      "option-of-removed-instance", .kernel, answer: "writer killed, tracefs hangs", .s1,
      "A write to an option of a removed instance makes tracing hang",
      cause: CitedText(
        "The files of core options are opened by tracing_open_generic(), without a reference on the instance; "
          + "trace_options_core_write() takes event_mutex and trace_types_lock and ring_buffer_change_overwrite() "
          + "dereferences NULL", source: "kernel/trace/trace.c, Linux 6.18.26"),
      consequence:
        "Every later open, mkdir and read in tracefs sleeps, uninterruptibly, until the machine is booted again.",
      workaround: "Keep another file of the instance open, tracing_on for example; rmdir is refused then.",
      status: CitedText(
        "Fixed by f2951ebd15c3, Linux 7.3, in 7.2.12 and 6.12.112 too", source: "Linux 7.3.4, 7.2.12 and 6.12.117"),
      reproducer: "removed-instance-option.sh"),
    Note(
      "first-mapping-restrictions", .kernel, answer: "all accepted, unreadable", .s2,
      "A first mapping that must be refused succeeds without memory",
      cause: CitedText(
        "ring_buffer_map() returns 0 instead of the error of __rb_map_vma(), since it takes its mutexes by guard()",
        source: "ring-buffer: Make ring_buffer_{un}map() simpler with guard(mutex), 2025-05-28, Linux 6.16"),
      consequence: "A consumer with a wrong length gets SIGBUS instead of an error, and munmap makes the kernel warn.",
      workaround: "Map nothing but the meta page and the sub-buffers that it counts, shared and for reading.",
      status: CitedText("Fixed by de4cbd704731, Linux 6.18, 6.17.2 and 6.16.12", source: "de4cbd704731")),
    Note(
      "unmap-in-part", .kernel, answer: "accepted, acquire returns -ENODEV", .s2,
      "munmap of a part of a mapping ends the whole mapping",
      cause: CitedText(
        "tracing_buffers_mmap_close() runs for each part of a split mapping, and the first one sets user_mapped to 0; the "
          + "second one warns", source: "b042fdf18e89"),
      consequence: "A consumer that unmaps a part keeps readable memory and cannot acquire any more.",
      workaround: "Unmap everything at once.",
      status: CitedText("Fixed by b042fdf18e89, Linux 6.18, in 6.12.95 and 6.17.13 too", source: "b042fdf18e89"),
      reproducer: "unmap-and-fork.c"),
    Note(
      "mapping-after-dofork", .kernel, answer: "no: -ENODEV", .s2,
      "The end of a child that inherited a mapping ends the parent's",
      cause: CitedText(
        "fork copies the mapping without counting it, and tracing_buffers_mmap_close() of the child sets user_mapped to 0",
        source: "e39bb9e02b68"),
      consequence: "A consumer that called MADV_DOFORK cannot acquire after a child has exited.",
      workaround: "Leave the mapping out of children: do not call MADV_DOFORK.",
      status: CitedText(
        "Fixed by e39bb9e02b68, Linux 7.0, in 6.19.14 and 6.12.95 too; no commit was found for the refusal of MADV_DOFORK in "
          + "7.0.13", source: "e39bb9e02b68; Linux 6.12.95, 6.19.14 and 7.0.13"),
      reproducer: "unmap-and-fork.c"),
    Note(
      "mapping-after-dofork", .kernel, answer: "yes, but allows snapshots", .s2,
      "The end of a child that inherited a mapping allows snapshots",
      cause: CitedText(
        "tracing_buffers_mmap_open() counts the child's mapping in user_mapped and not in tr->mapped, which "
          + "tracing_buffers_mmap_close() decrements for both; the last one warns (put_snapshot_map)",
        source: "kernel/trace/trace.c, Linux 6.18.26"),
      consequence: "A snapshot may be armed while the ring buffer is mapped, which the kernel is to exclude.",
      workaround: "Leave the mapping out of children: do not call MADV_DOFORK.",
      status: CitedText(
        "No report found; not reachable on 7.0.13 and 7.3.4, which refuse MADV_DOFORK",
        source: "Linux 6.12.95, 7.0.13 and 7.3.4"), reproducer: "unmap-and-fork.c"),
    Note(
      "loss-before-an-uncommitted-event", .kernel, answer: "in meta.overrun alone", .s2,
      "A loss before the writer's sub-buffer has no mark",
      cause: CitedText(
        "ring_buffer_map_get_reader() marks the loss only if the sub-buffer is not the commit page, and forgets it; from "
          + "Linux 6.16 on it is printed: “Ring buffer [%d] commit overrun lost %ld events”",
        source: "kernel/trace/ring_buffer.c, Linux 6.18.26"),
      consequence: "A consumer of the header's flags takes the trace for complete there.",
      workaround: "Use the increase of meta.overrun.",
      status: CitedText(
        "Known: “TODO: Add missed events to the page for user space to know.”", source: "4fc78a7c9ca9, Linux 6.16"),
      reproducer: "commit-overrun.c"),
    Note(
      "overwrite-beside-uncommitted", .kernel, answer: "dropped, counted by stats alone", .s2,
      "Events dropped next to an uncommitted one are not in the mapping",
      cause: CitedText(
        "rb_move_tail() counts commit_overrun; rb_update_meta_page() publishes entries, overrun and read only",
        source: "kernel/trace/ring_buffer.c, Linux 6.18.26"),
      consequence: "A consumer of the mapping alone takes a trace with losses for complete.",
      workaround: "Read “commit overrun” of per_cpu/cpuN/stats.",
      status: .unreported(source: unreported), reproducer: "commit-overrun.c"),
    Note(
      "read-across-size-change", .kernel, answer: "7192, more than the rest", .s3,
      "A read in parts goes on with the size of the new sub-buffers",
      cause: CitedText(
        "tracing_buffers_read() replaces info->spare by a page of the new size and goes on at the old offset",
        source: "kernel/trace/trace.c, Linux 6.18.26"),
      consequence: "A consumer that reads sub-buffers in parts gets bytes of a page that contains no events.",
      workaround: "Read whole sub-buffers, or open trace_pipe_raw again after a change of the size.",
      status: CitedText("Fixed by dae8dda341d2, Linux 7.3, in 7.2.12 and 6.12.117 too", source: "dae8dda341d2"),
      reproducer: "size-change.c"),
    Note(
      "marker-of-absent-page", .kernel, answer: "no: -EFAULT", .s2,
      "A raw marker is refused if its page must be faulted in",
      cause: CitedText(
        "tracing_mark_raw_write() copies with page faults disabled, after it has reserved the event",
        source: "kernel/trace/trace.c, Linux 6.12"),
      consequence: "The marker is lost, and an event with the id -1 and “<faulted>” stands in its place.",
      workaround: "Touch the memory before the write, and repeat it on EFAULT.",
      status: CitedText("Fixed by 64cf7d058a00, Linux 6.18, in 6.17.13 too", source: "64cf7d058a00")),
    Note(
      "event-length", .kernel, answer: "no, rounded up", .s3, "The length of an event is rounded up to four bytes",
      cause: CitedText(
        "rb_calculate_event_length() aligns the length, and rb_update_event() stores that one in array[0], which is "
          + "documented as “the actual length”", source: "kernel/trace/ring_buffer.c, Linux 6.18.26"),
      consequence: "A consumer of raw markers gets up to three bytes that nobody wrote.",
      workaround: "Write the length into the marker.",
      status: .unreported(source: unreported), reproducer: "event-length.c"),
    Note(
      "header-page-overwrite", .kernel, answer: "int, 1 byte", .s3, "header_page describes an int of one byte",
      cause: CitedText(
        "ring_buffer_print_page_header() prints “int overwrite” and the size 1",
        source: "kernel/trace/ring_buffer.c, Linux 6.18.26"),
      consequence: "A strict parser of types and sizes refuses the text.", workaround: "Ignore the field.",
      status: CitedText("Fixed by 1111e9bd83f8, Linux 7.1", source: "1111e9bd83f8")),
    Note(
      "raw-marker-size", .kernel, answer: "4", .s4, "A raw marker takes four bytes more than were written",
      cause: CitedText("The id is counted twice", source: "54b91e54b113"),
      consequence: "The length of an event does not tell how many bytes were written.",
      workaround: "Write the length into the marker.",
      status: CitedText("Fixed by 54b91e54b113, Linux 6.18, in 6.17.13 too", source: "54b91e54b113")),
    Note(
      "marker-of-unreadable-memory", .kernel, answer: "-EFAULT, and an event", .s4,
      "A raw marker that is refused leaves an event",
      cause: CitedText(
        "tracing_mark_raw_write() reserves the event before it copies", source: "kernel/trace/trace.c, Linux 6.12"),
      consequence: "A consumer finds an event with the id -1 and “<faulted>” that no writer wrote.",
      workaround: "Ignore events with the id -1.",
      status: CitedText("Fixed by 64cf7d058a00, Linux 6.18, in 6.17.13 too", source: "64cf7d058a00")),
    Note(
      "persistent-buffer-mapped", .kernel, answer: "no: -ENODEV", .s4, "A persistent ring buffer cannot be mapped",
      cause: CitedText(
        "tracing_buffers_mmap() refused every instance in reserved memory", source: "kernel/trace/trace.c, Linux 6.12"),
      consequence: "A consumer of such an instance needs read(2) or splice.", workaround: "Use read(2) or splice.",
      status: CitedText("Allowed by c2a08311427c, Linux 6.16", source: "c2a08311427c")),
  ]
}
