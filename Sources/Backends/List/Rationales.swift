import LTTngBackend
import Results
import Study
import TracefsBackend

extension BackendList {
  /// The ring buffers that are one design.
  static let sharedDesigns: [SharedDesign] = [
    SharedDesign(
      .lttngUST, "LTTng-UST's ring buffer is a port of the one of lttng-modules, whose reasons are quoted for both.",
      source: "lttng-ust 14641deb, 2011-06-27, “Port ring buffer to userspace, part 1”")
  ]

  /// The reasons that the designers stated, most fundamental first.
  static let rationales: [Rationale] = [
    Rationale(
      "consumed-at-release",
      [.kernel: "at the acquire", .lttngModules: "at the release", .lttngUST: "at the release"],
      "tracefs: “It should be no different than doing a normal read of the trace_pipe_raw file, which does the same.” "
        + "LTTng: not stated; its put is “Release exclusive sub-buffer access, move consumer forward.”",
      source: "S. Rostedt, 2023-03-29, 20230329093602.2b3243f0@rorschach.local.home; lttng-modules 2.13.18, vfs.h"),
    Rationale(
      "where-the-subbuffer-is",
      [
        .kernel: "reader.id in the meta page", .lttngModules: "a second call returns the offset",
        .lttngUST: "a second call returns the offset",
      ],
      "tracefs: its author doubted that “this is worth splitting the ABI between the meta-page and the ioctl parameters”. "
        + "LTTng: not stated", source: "V. Donnefort, 2023-03-30, ZCVk26InuXhy+Lmg@google.com"),
    Rationale(
      "partial-not-visible",
      [.kernel: "yes", .lttngModules: "only after a flush", .lttngUST: "only after a flush"],
      "tracefs: “If the writer is still on that page, it acts the same as we do in the kernel.” LTTng: not stated; the "
        + "header needs the end: “all the events in a packet are included (inclusive) within the begin/end timestamps of "
        + "the packet”",
      source: "S. Rostedt, 2023-12-29, 20231229184050.465784896@goodmis.org; lttng-modules 2.13.18, "
        + "lttng-ring-buffer-client.h"),
    Rationale(
      "extra-reader-subbuffer",
      [
        .kernel: "yes", .lttngModules: "overwrite: yes; discard: no", .lttngUST: "overwrite: yes; discard: no",
      ],
      "tracefs: not stated. LTTng: not stated; lttng-ust 2.15.0 has one in discard mode as well, “to allow punching holes "
        + "(reclaiming pages) from subbuffers”", source: "lttng-ust f8767b70, 2025-06-26"),
    Rationale(
      "overwrite-number-not-told",
      [.kernel: "exact", .lttngModules: "packet count only", .lttngUST: "packet count only"],
      "tracefs: “the read side can find out if events were lost or not, and how many events.” LTTng: “The ring buffer can "
        + "count events recorded and overwritten per buffer, but it is disabled by default due to its performance "
        + "overhead.”",
      source: "Linux 66a8cb95ed04, 2010-03-31; lttng-modules 2.13.18 and lttng-ust 2.13.5, ring_buffer_frontend.c"),
    Rationale(
      "discard-told-exactly",
      [.kernel: "no indication", .lttngModules: "exact", .lttngUST: "exact"],
      "tracefs: not stated; in 2010 “it is trivial to add the placeholder for dropped events.” LTTng: “A trace reader can "
        + "use the saved discarded event record count of the trace to decide whether or not to perform some analysis”",
      source: "Linux 66a8cb95ed04; lttng-concepts(7), lttng-tools 2.13.9"),
    Rationale(
      "count-is-free-running",
      [.kernel: "no, each loss separately", .lttngModules: "yes", .lttngUST: "yes"],
      "tracefs: “In the sub-buffer header, to be consistent with the read/splice version”. LTTng: “Trace readers expect that "
        + "the value of `events_discarded` increases from sub-buffer to sub-buffer.”",
      source: "S. Rostedt, 2024-01-12, 20240112100641.3675edad@gandalf.local.home; lttng-modules 4ad4ea4c6c64"),
    Rationale(
      "count-beside-the-gap",
      [.kernel: "after the gap", .lttngModules: "before the gap", .lttngUST: "before the gap"],
      "tracefs: not stated; the loss is known when the sub-buffer after it is taken. LTTng: not stated; “Populate the "
        + "records lost counters when the space reservation may cause a sub-buffer switch.”",
      source: "lttng-modules 2.13.18, ring_buffer_frontend.c"),
    Rationale(
      "several-readers",
      [.kernel: "accepted, both compete", .lttngModules: "refused: -ENOENT", .lttngUST: "refused: NULL"],
      "tracefs: “If there's more than one reader, that's up to the readers to keep track of each other, not the kernel.” "
        + "LTTng: not stated; “Makes sure only one open instance of a buffer is done at a given moment.”",
      source: "S. Rostedt, 2023-03-29, 20230329113234.3285209c@gandalf.local.home; lttng-modules 2.13.18, "
        + "ring_buffer_vfs.c"),
    Rationale(
      "double-acquire",
      [
        .kernel: "next sub-buffer", .lttngModules: "-EBUSY, disables the channel",
        .lttngUST: "overwrite: invalid memory; discard: same again",
      ],
      "tracefs: an acquire is also the release, “I'm done, get me a new reader-sub-buffer”. LTTng: “Issue warnings and "
        + "disable channels upon internal error.”",
      source:
        "S. Rostedt, 2024-01-11, 20240111181814.362c42cf@gandalf.local.home; lttng-modules 2.13.18, frontend_types.h"),
    Rationale(
      "writer-told-of-drop",
      [.kernel: "yes: EBADF", .lttngModules: "no"],
      "tracefs: not stated. LTTng: “LTTng privileges performance over integrity; it aims at perturbing the instrumented "
        + "application as little as possible in order to make the detection of subtle race conditions and rare interrupt "
        + "cascades possible.”",
      source: "lttng-concepts(7), lttng-tools 2.13.9"),
    Rationale(
      "pollin-when-full",
      [.kernel: "yes", .lttngModules: "no, POLLPRI once flushed", .lttngUST: "yes"],
      "tracefs: not stated. lttng-modules: POLLPRI for a full ring buffer; lttng-consumerd serves “high priority channels "
        + "first”",
      source: "lttng-tools 2.13.9, src/common/consumer/consumer.c"),
    Rationale(
      "eagain-and-enodata",
      [.lttngModules: "-EAGAIN, then -ENODATA", .lttngUST: "-EAGAIN both times"],
      "lttng-modules: “when readers have completed data consumption of finalized channels, get_subbuf() will return "
        + "-ENODATA. They should release their handle at that point.” lttng-ust: has the comment, and never sets finalized",
      source: "lttng-modules 2.13.18 and lttng-ust 2.13.5, ring_buffer_frontend.c"),
    Rationale(
      "reader-cannot-store",
      [.kernel: "no", .lttngModules: "yes, through a writable mapping", .lttngUST: "yes"],
      "tracefs: “All the mapped pages are read-only.”; “not let people play games with the mapping”. LTTng: not stated",
      source: "S. Rostedt, 2023-12-29, 20231229184050.465784896@goodmis.org; L. Torvalds, 2024-03-16"),
    Rationale(
      "outside-the-held-subbuffer",
      [.kernel: "yes", .lttngModules: "no: SIGBUS", .lttngUST: "yes"],
      "tracefs: “faulting pages in one at a time and refcounting them one at a time is just pointless and wrong. Just do it "
        + "all at mmap time.” lttng-modules: “Verify that faults are only done on the range of pages owned by the reader.”",
      source: "L. Torvalds, 2024-03-16; lttng-modules 2.13.18, ring_buffer_mmap.c"),
  ]
}
